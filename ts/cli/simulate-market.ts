import { Command, InvalidArgumentError, Option } from 'commander'
import { MarketSimulator, type MarketSimulatorOptions, recordFrames, recordMessages } from '../market/index.js'
import { many } from './format.js'
import { openProgress } from './progress.js'

interface SimulateMarketFlags {
  readonly seed: number
  readonly seconds: number
  readonly venues?: MarketSimulatorOptions['venues']
  readonly symbols?: readonly string[]
  readonly dislocations: number
  readonly frames?: true
  readonly out: string
}

export function simulateMarketCommand(): Command {
  return new Command('market')
    .description('Writes a simulated market from a seed: five venues, ten symbols, planted dislocations.')
    .usage('--seed N --seconds S [--frames] [--venues LIST] [--symbols LIST] [--dislocations N] --out PATH')
    .addOption(new Option('--seed <N>', 'whole number, 0 to 2^53 - 1').makeOptionMandatory().argParser(numberText))
    .addOption(
      new Option('--seconds <S>', 'how long the market runs, 0.2 to 86,400')
        .makeOptionMandatory()
        .argParser(parseSeconds),
    )
    .option('--frames', "write the venues' frames, as recordings for tickbus replay")
    .addOption(new Option('--venues <LIST>', 'BINANCE,COINBASE,KRAKEN,BYBIT,OKX or some of them').argParser(list))
    .addOption(new Option('--symbols <LIST>', 'BTC,ETH and so on; all ten if not given').argParser(list))
    .addOption(
      new Option('--dislocations <N>', 'how many a minute in the mean, 0 to 6,000').default(6).argParser(numberText),
    )
    .requiredOption('--out <PATH>', 'with --frames the folder of the recordings, otherwise a file of JSON lines')
    .addHelpText(
      'after',
      `
Examples:
  tickbus simulate market --seed 7 --seconds 60 --frames --out simulated
  tickbus replay simulated/*.gz
  tickbus simulate market --seed 7 --seconds 60 --symbols BTC,ETH --out market.ndjson

The same seed writes the same messages. Everything that is written says that it is simulated; what was planted stands
in simulated/simulated.json or market.ndjson.labels.json. docs/simulator.md says what the market is like.`,
    )
    .action(run)
}

async function run(flags: SimulateMarketFlags): Promise<void> {
  const { seed, seconds, venues, symbols, dislocations, frames, out } = flags
  const simulator = new MarketSimulator({
    seed,
    dislocationsPerMinute: dislocations,
    ...(venues && { venues }),
    ...(symbols && { symbols }),
  })
  const progress = await openProgress(`Simulating ${seconds} s of a market`)
  const record = frames ? recordFrames : recordMessages
  try {
    const messages = await record(simulator, out, seconds * NS_PER_SECOND)
    const planted = many(simulator.dislocations.length, 'dislocation')
    progress.done(`Wrote ${many(messages, 'simulated message')} with ${planted} to ${out}.`)
  } catch (error) {
    progress.fail('Wrote no whole market.')
    throw error
  }
}

const NS_PER_SECOND = 1e9

function numberText(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a number.')
}

function parseSeconds(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN
  if (seconds >= 0.2 && seconds <= 86_400) return seconds
  throw new InvalidArgumentError('Give a number from 0.2 to 86,400.')
}

function list(text: string): string[] {
  return text.split(',')
}
