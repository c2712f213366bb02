import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Transport } from '../market/index.js'
import { compare } from './compare.js'
import { many } from './format.js'
import { isSound, replayWithProgress } from './replay-run.js'
import { describeReplay, speedText } from './replay-text.js'

interface ReplayFlags {
  readonly speed: number | 'max'
  readonly threads: number
  readonly transport: Transport
  readonly warmUp?: true
  readonly dump?: string
  readonly compare?: true
  readonly json?: true
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('Replays recorded market data to worker threads, and measures how it arrives.')
    .argument(
      '[files...]',
      'recordings, named MARKET_SYMBOL_DATE.gz with MARKET one of spot, usdm, cm (default: those that come with Tickbus)',
    )
    .usage(
      '[FILES...] [--speed N|max] [--threads N] [--transport ring|postMessage] [--warm-up] [--dump FILE] [--compare] [--json]',
    )
    .addOption(
      new Option('--speed <N|max>', 'times the recorded pace, or as fast as possible')
        .default('max')
        .argParser(parseSpeed),
    )
    .addOption(
      new Option('--threads <N>', 'worker threads, 1 to 63, among which the instruments are divided')
        .default(1)
        .argParser(parseThreads),
    )
    .addOption(
      new Option('--transport <NAME>', 'what carries the messages').choices(['ring', 'postMessage']).default('ring'),
    )
    .option('--warm-up', 'send everything once before it counts')
    .option('--dump <FILE>', 'write one JSON line for each message, in the order in which they are published')
    .option('--compare', 'three runs side by side: paced at 10x, as fast as possible, and the same with postMessage')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  tickbus replay --speed 10\n  tickbus replay spot_btcusdt_20240808.gz --threads 2 --json\n  tickbus replay --dump messages.ndjson',
    )
    .action(run)
}

async function run(named: string[], flags: ReplayFlags, command: Command): Promise<void> {
  const files = named.length > 0 ? named : bundledRecordings()
  if (flags.compare) {
    const fixed = ['speed', 'transport', 'warmUp', 'dump'].filter(
      (name) => command.getOptionValueSource(name) === 'cli',
    )
    if (fixed.length > 0)
      command.error(`error: --compare chooses speed, transport and warm-up itself, and writes no dump`)
    await compare(files, flags.threads, flags.json === true)
    return
  }
  const { speed, threads, transport, warmUp = false, dump } = flags
  const result = await replayWithProgress(`Replaying ${many(files.length, 'recording')} ${speedText(speed)}`, files, {
    speed,
    threads,
    transport,
    warmUp,
    ...(dump !== undefined && { dump }),
  })
  process.stdout.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : describeReplay(result))
  if (!isSound(result)) process.exitCode = 1
}

/** The sample that comes with the package. */
function bundledRecordings(): string[] {
  const folder = new URL('../../examples/recordings/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.gz'))
  return names.sort().map((name) => fileURLToPath(new URL(name, folder)))
}

function parseSpeed(text: string): number | 'max' {
  if (text === 'max') return 'max'
  const speed = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN
  if (speed >= 0.001 && speed <= 1_000_000) return speed
  throw new InvalidArgumentError('Give a number from 0.001 to 1,000,000, or max.')
}

function parseThreads(text: string): number {
  const threads = /^\d+$/.test(text) ? Number(text) : NaN
  if (threads >= 1 && threads <= 63) return threads
  throw new InvalidArgumentError('Give a whole number from 1 to 63.')
}
