import { Command } from 'commander'
import { inspectJournal, type JournalReport, repairJournal } from '../delivery/index.js'
import { count, many, table } from './format.js'

interface JournalFlags {
  readonly json?: true
}

export function journalCommand(): Command {
  return new Command('journal')
    .description('Looks through the files of a journal, and mends them.')
    .usage('verify | repair | list DIRECTORY')
    .addHelpText('after', '\nExample:\n  tickbus journal verify ./wal')
    .addCommand(
      subcommand(
        'verify',
        'Reads every record and lists all that is wrong; changes nothing. Exits with 1 if there is damage.',
      ).action(verify),
    )
    .addCommand(
      subcommand(
        'repair',
        'Keeps every record that is whole and puts damaged files aside. The journal must be closed.',
      ).action(repair),
    )
    .addCommand(subcommand('list', 'Lists the segments with their records and times.').action(list))
}

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<directory>', 'the directory of the journal')
    .usage('DIRECTORY [--json]')
    .option('--json', 'print one JSON document')
    .addHelpText('after', `\nExample:\n  tickbus journal ${name} ./wal --json`)
}

function verify(directory: string, { json }: JournalFlags): void {
  const report = inspectJournal(directory)
  process.stdout.write(json ? document(plain(report)) : describe(report))
  if (report.isDamaged) process.exitCode = 1
}

function repair(directory: string, { json }: JournalFlags): void {
  const repaired = repairJournal(directory)
  const { aside, records, lostBytes } = repaired
  if (json) {
    process.stdout.write(document(repaired))
    return
  }
  const what = aside.length === 0 ? 'nothing to mend' : `put aside ${aside.join(', ')}`
  process.stdout.write(
    `${directory}: ${what}; ${many(records, 'record')} kept, ${many(lostBytes, 'byte')} in no record\n`,
  )
}

function list(directory: string, { json }: JournalFlags): void {
  const report = inspectJournal(directory)
  process.stdout.write(json ? document(plain(report)) : segmentTable(report))
}

function describe(report: JournalReport): string {
  const { directory, segments, records, synced, isDamaged } = report
  const state = isDamaged ? 'damaged' : 'sound'
  const head = `${directory}: ${state}, ${many(segments.length, 'segment')}, ${many(records, 'record')}, synced up to ${synced}\n`
  const faults = segments.flatMap(({ segment, faults: found }) =>
    found.map(({ offset, reason, isTorn }) => {
      const note = isTorn ? ' (a torn tail: opening the journal cuts it off)' : ''
      return `  ${segment} at byte ${offset}: ${reason}${note}\n`
    }),
  )
  const advice = isDamaged ? `"tickbus journal repair ${directory}" keeps every record that is whole.\n` : ''
  return head + faults.join('') + advice
}

function segmentTable({ segments }: JournalReport): string {
  const rows = segments.map(({ segment, bytes, records, first, last, timeNs, faults }) => {
    const begun = timeNs === 0n ? '' : new Date(Number(timeNs / 1_000_000n)).toISOString()
    return [segment, count(bytes), count(records), String(first), String(last), begun, String(faults.length)]
  })
  return table([['segment', 'bytes', 'records', 'first', 'last', 'begun', 'faults'], ...rows])
}

/** Times are strings of nanoseconds, as a double does not hold them. */
function plain(report: JournalReport): object {
  return { ...report, segments: report.segments.map((segment) => ({ ...segment, timeNs: String(segment.timeNs) })) }
}

function document(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
