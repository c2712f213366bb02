import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Transport } from '../market/index.js'
import { runArbitrage } from './arbitrage.js'
import { addArbitrageOptions, type ArbitrageFlags, checkArbitrageOptions } from './arbitrage-options.js'
import { compare } from './compare.js'
import { many } from './format.js'
import { RECORDING_NAMES } from './recording-names.js'
import { isSound, replayWithProgress } from './replay-run.js'
import { describeReplay, speedText } from './replay-text.js'
import { parseTime, TIMES } from './time.js'
import { parseSpeed } from './speed.js'

interface ReplayFlags extends ArbitrageFlags {
  readonly speed: number | 'max'
  readonly threads: number
  readonly transport: Transport
  readonly warmUp?: true
  readonly dump?: string
  readonly from?: bigint
  readonly to?: bigint
  readonly clockWindow?: number
  readonly compare?: true
  readonly json?: true
}

export function replayCommand(): Command {
  const command = new Command('replay')
    .description('Replays recorded market data to worker threads, and measures how it arrives.')
    .argument('[files...]', `recordings, ${RECORDING_NAMES} (default: those that come with Tickbus)`)
    .usage(
      '[FILES...] [--speed N|max] [--threads N] [--transport ring|postMessage] [--warm-up] [--from TIME] [--to TIME] [--clock-window SECONDS] [--dump FILE] [--compare] [--arbitrage --pairs FILE] [--json]',
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
    .addOption(new Option('--from <TIME>', `first receive time, ${TIMES}`).argParser(parseTime))
    .addOption(new Option('--to <TIME>', 'last receive time').argParser(parseTime))
    .addOption(
      new Option(
        '--clock-window <SECONDS>',
        "window in which the venues' clock offsets are estimated, 0.001 to 86,400 (default: 10)",
      ).argParser(parseWindow),
    )
    .option('--compare', 'three runs side by side: paced at 10x, as fast as possible, and the same with postMessage')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  tickbus replay --speed 10\n  tickbus replay spot_btcusdt_20240808.gz --threads 2 --json\n  tickbus replay --from 2024-08-08T23:54:20Z --to 2024-08-08T23:54:25Z\n  tickbus replay --dump messages.ndjson\n  tickbus replay --arbitrage --pairs pairs.json --episodes episodes.ndjson',
    )
    .action(run)
  return addArbitrageOptions(command)
}

async function run(named: string[], flags: ReplayFlags, command: Command): Promise<void> {
  const files = named.length > 0 ? named : bundledRecordings()
  checkArbitrageOptions(command, flags, ['speed', 'threads', 'transport', 'warmUp', 'dump', 'compare'])
  if (flags.arbitrage) return runArbitrage(files, flags)
  if (flags.compare) {
    const fixed = ['speed', 'transport', 'warmUp', 'dump', 'from', 'to', 'clockWindow'].filter(
      (name) => command.getOptionValueSource(name) === 'cli',
    )
    if (fixed.length > 0)
      command.error(
        `error: --compare chooses speed, transport and warm-up itself, replays everything, and writes no dump`,
      )
    await compare(files, flags.threads, flags.json === true)
    return
  }
  const { speed, threads, transport, warmUp = false, dump, from, to, clockWindow } = flags
  const result = await replayWithProgress(`Replaying ${many(files.length, 'recording')} ${speedText(speed)}`, files, {
    speed,
    threads,
    transport,
    warmUp,
    ...(dump !== undefined && { dump }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(clockWindow !== undefined && { clockWindowSeconds: clockWindow }),
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

function parseWindow(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN
  if (seconds >= 0.001 && seconds <= 86_400) return seconds
  throw new InvalidArgumentError('Give a number of seconds from 0.001 to 86,400.')
}

function parseThreads(text: string): number {
  const threads = /^\d+$/.test(text) ? Number(text) : NaN
  if (threads >= 1 && threads <= 63) return threads
  throw new InvalidArgumentError('Give a whole number from 1 to 63.')
}
