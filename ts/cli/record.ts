import { Command, InvalidArgumentError, Option } from 'commander'
import { RecordedFrames, record, type RecordingCounts, venueProtocols } from '../market/index.js'
import { count, many } from './format.js'
import { EXIT_INTERRUPTED, openLines } from './progress.js'
import { tellRecorded } from './record-text.js'
import { recordVenue, type VenueFlags } from './record-venue.js'
import { RECORDING_NAMES } from './recording-names.js'

type RecordFlags = Partial<VenueFlags> & { readonly from?: string[]; readonly json?: true }

export function recordCommand(): Command {
  return new Command('record')
    .description('Records market data in the format of Tickbus: compressed, with an index by time.')
    .argument('<out>', 'the file to write; one that exists is continued')
    .usage('OUT (--from FILES... | --venue NAME --channels LIST --symbols LIST [--for SECONDS]) [--json]')
    .option('--from <FILES...>', `recordings to convert, merged by receive time: ${RECORDING_NAMES}`)
    .addOption(new Option('--venue <NAME>', 'a venue to record live').choices([...venueProtocols]).conflicts('from'))
    .addOption(new Option('--channels <LIST>', 'quotes, trades, book, with commas between them').argParser(parseList))
    .addOption(new Option('--symbols <LIST>', "the venue's names, with commas between them").argParser(parseList))
    .option('--url <URL>', "the venue's WebSocket (default: its public one)")
    .option('--snapshot-url <URL>', 'where snapshots of books are fetched, with {symbol} in it; Binance alone')
    .addOption(new Option('--for <SECONDS>', 'how long (default: until Ctrl-C)').argParser(parseSeconds))
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  tickbus record btc.tbr --from spot_btcusdt_20240808.gz usdm_btcusdt_20240808.gz\n  tickbus record btc.tbr --venue binance-usdm --channels quotes,trades,book --symbols BTCUSDT --for 60',
    )
    .action(run)
}

async function run(out: string, flags: RecordFlags, command: Command): Promise<void> {
  const { from, venue, channels, symbols, json } = flags
  if (from !== undefined) return convert(out, from, json === true)
  if (venue === undefined) command.error('error: name what to record, with --from or --venue')
  if (channels === undefined || symbols === undefined) command.error('error: --venue needs --channels and --symbols')
  await recordVenue(out, { ...flags, venue, channels, symbols }, json === true)
}

async function convert(out: string, from: string[], isJson: boolean): Promise<void> {
  const title = `Recording ${many(from.length, 'file')} to ${out}`
  const progress = openLines(title)
  const stopping = new AbortController()
  const interrupt = (): void => {
    process.exitCode = EXIT_INTERRUPTED
    stopping.abort()
  }
  process.once('SIGINT', interrupt)
  try {
    const source = await RecordedFrames.open(from)
    const onProgress = ({ frames }: RecordingCounts) => progress.update(source.portionRead, `${count(frames)} frames`)
    const counts = await record(source, out, { signal: stopping.signal, onProgress })
    const isInterrupted = stopping.signal.aborted
    progress.done(`${title}: ${count(counts.frames)} frames${isInterrupted ? ', interrupted' : ''}`)
    show(out, source, counts, { isJson, isInterrupted })
  } catch (error) {
    progress.fail(`${title}: failed`)
    throw error
  } finally {
    process.off('SIGINT', interrupt)
  }
}

interface Ending {
  readonly isJson: boolean
  readonly isInterrupted: boolean
}

function show(out: string, { files, faults }: RecordedFrames, counts: RecordingCounts, ending: Ending): void {
  if (faults.length > 0) process.exitCode ??= 1
  if (ending.isJson) {
    const told = faults.map(({ code, message }) => ({ code, message }))
    return tellRecorded(counts, { file: out, interrupted: ending.isInterrupted, ...counts, files, faults: told })
  }
  tellRecorded(counts)
  for (const { code, message } of faults) process.stderr.write(`error: ${message} (${code})\n`)
  for (const { file, linesPassedOver, passedOver } of files) {
    if (passedOver === 0) continue
    process.stderr.write(
      `${file}: ${many(passedOver, 'line')} without a receive time, from line ${linesPassedOver[0]}\n`,
    )
  }
}

function parseList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.every((name) => name !== '')) return names
  throw new InvalidArgumentError('Give names with commas between them.')
}

function parseSeconds(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN
  if (seconds > 0 && seconds <= 2_000_000) return seconds
  throw new InvalidArgumentError('Give a number of seconds, up to 2,000,000.')
}
