import { Command, InvalidArgumentError, Option } from 'commander'
import { recordedBooks, type RecordedBook } from '../market/index.js'
import { count, table } from './format.js'
import { RECORDING_NAMES } from './recording-names.js'
import { parseTime, timeText } from './time.js'

interface BooksFlags {
  readonly at?: bigint
  readonly levels: number
  readonly json?: true
}

export function booksCommand(): Command {
  return new Command('books')
    .description('Prints the order books of recorded market data at a time, with what their updates said of gaps.')
    .argument('<files...>', `recordings, ${RECORDING_NAMES}`)
    .usage('FILES... [--at TIME] [--levels N] [--json]')
    .addOption(
      new Option(
        '--at <TIME>',
        'last receive time that counts: UNIX nanoseconds, or like 2024-08-08T23:54:20.5Z (default: the end)',
      ).argParser(parseTime),
    )
    .addOption(
      new Option('--levels <N>', 'levels to print of each side, 1 to 65,536').default(10).argParser(parseLevels),
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  tickbus books spot_btcusdt_20240808.gz --at 2024-08-08T23:55:00Z --levels 5\n\nThe states are empty (no snapshot yet), live, thinned (live, but levels that were never told may belong near the top)\nand stale (not what the venue had, with the reason).',
    )
    .action(run)
}

async function run(files: string[], { at, levels, json }: BooksFlags): Promise<void> {
  const { books, faults } = await recordedBooks(files, at === undefined ? {} : { at })
  if (json) {
    const document = {
      at: at === undefined ? null : String(at),
      books: books.map((recorded) => plain(recorded, levels)),
      faults: faults.map(({ code, message }) => ({ code, message })),
    }
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  } else {
    process.stdout.write(books.map((recorded) => describe(recorded, levels)).join('\n'))
    for (const { code, message } of faults) process.stderr.write(`error: ${message} (${code})\n`)
  }
  if (faults.length > 0) process.exitCode = 1
}

/** A book as JSON: times are strings of nanoseconds, what is not there is null. */
function plain({ instrument, book, tsInit }: RecordedBook, levels: number): object {
  const depth = book.depth(levels) ?? { bids: [], asks: [] }
  return {
    instrument: instrument.id,
    continuity: book.continuity,
    state: book.state,
    fault: book.fault ?? null,
    lastSeq: book.lastSequence,
    tsEvent: book.tsEvent === undefined ? null : String(book.tsEvent),
    tsInit: tsInit === undefined ? null : String(tsInit),
    ...depth,
    reach: { bid: book.reach('bid') ?? null, ask: book.reach('ask') ?? null },
    counts: book.counts,
  }
}

function describe({ instrument, book, tsInit }: RecordedBook, levels: number): string {
  const { counts, continuity, fault, state } = book
  const stateText = fault === undefined ? state : `${state} (${fault})`
  const when = tsInit === undefined ? 'nothing received' : `received ${timeText(tsInit)}`
  const told = Object.entries(counts)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name} ${count(value)}`)
  const lines = [`${instrument.id}: ${stateText}, ${continuity}, last ${book.lastSequence}, ${when}\n`]
  if (told.length > 0) lines.push(`  ${told.join(', ')}\n`)
  const reaches = (['bid', 'ask'] as const).filter((side) => book.reach(side) !== undefined)
  if (reaches.length > 0)
    lines.push(`  complete to ${reaches.map((side) => `${side} ${book.reach(side)}`).join(', ')}\n`)
  const depth = book.depth(levels)
  if (depth !== undefined) {
    const [bids, asks] = [depth.bids, depth.asks]
    const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, i) =>
      [String(i + 1), bids[i]?.[1], bids[i]?.[0], asks[i]?.[0], asks[i]?.[1]].map((cell) => String(cell ?? '')),
    )
    lines.push(table([['', 'bid size', 'bid', 'ask', 'ask size'], ...rows]))
  }
  return lines.join('')
}

function parseLevels(text: string): number {
  const levels = /^\d+$/.test(text) ? Number(text) : NaN
  if (levels >= 1 && levels <= 65_536) return levels
  throw new InvalidArgumentError('Give a whole number from 1 to 65,536.')
}
