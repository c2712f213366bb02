/**
 * Mends a damaged journal: every whole record stays, what lies between is put aside. A segment with a hole becomes two,
 * the second of which says in its header that it goes on behind the hole; so the format needs no word for damage.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import {
  encodeHeader,
  encodeMark,
  inDirectory,
  MARK,
  segmentName,
  segmentsOf,
  syncDirectory,
} from '../../fallback/index.js'
import { inspectJournal, type JournalReport, readSegment, type SegmentContents, timeAt } from './inspection.js'
import { lockDirectory } from './lock.js'

export interface JournalRepair {
  readonly directory: string
  /** Files that were put aside, as they were, under their new names. */
  readonly aside: readonly string[]
  readonly segments: readonly string[]
  /** Records before and after. What is missing was not whole. */
  readonly records: number
  readonly lostBytes: number
}

/**
 * @throws {TickbusError} `TICKBUS_JOURNAL_MISSING`, `TICKBUS_JOURNAL_LOCKED`, `TICKBUS_JOURNAL_READ_ONLY`,
 * `TICKBUS_JOURNAL_FULL`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_IO`
 */
export function repairJournal(directory: string): JournalRepair {
  const before = inspectJournal(directory)
  if (!before.isDamaged) return unchanged(before)
  const lock = lockDirectory(directory)
  try {
    return inDirectory(directory, () => repair(directory))
  } finally {
    lock.release()
  }
}

function unchanged({ directory, segments, records }: JournalReport): JournalRepair {
  return { directory, aside: [], segments: segments.map(({ segment }) => segment), records, lostBytes: 0 }
}

function repair(directory: string): JournalRepair {
  const aside: string[] = []
  let lostBytes = 0
  let last = 0
  for (const first of segmentsOf(directory)) {
    const contents = readSegment(directory, first)
    const before = contents.header?.writtenBefore
    // A header that expects more than there is has to say so, though its own segment is whole.
    const isLinked = before === undefined || last === 0 || contents.header!.syncedBefore <= last
    if (contents.faults.length > 0 || !isLinked) {
      const { name, bytes } = rewrite(directory, first, contents, last)
      aside.push(name)
      lostBytes += bytes
    }
    last = contents.stretches.at(-1)?.last ?? last
  }
  // The mark may promise what is not there any more.
  write(join(directory, MARK), encodeMark(last))
  syncDirectory(directory)
  const { segments, records } = inspectJournal(directory)
  return { directory, aside, segments: segments.map(({ segment }) => segment), records, lostBytes }
}

/** Puts a segment aside and writes each whole stretch of it as one of its own. */
function rewrite(directory: string, first: number, contents: SegmentContents, before: number) {
  const { bytes, stretches } = contents
  const path = join(directory, segmentName(first))
  const drafts: [string, string][] = []
  let last = before
  for (const stretch of stretches) {
    const header = { first: stretch.first, writtenBefore: last, syncedBefore: last, time: timeAt(bytes, stretch.start) }
    const name = join(directory, segmentName(stretch.first))
    write(`${name}.draft`, encodeHeader(header), bytes.subarray(stretch.start, stretch.end))
    drafts.push([`${name}.draft`, name])
    last = stretch.last
  }
  const name = `${segmentName(first)}.damaged`
  rmSync(join(directory, name), { force: true })
  renameSync(path, join(directory, name))
  for (const [draft, final] of drafts) renameSync(draft, final)
  const kept = stretches.reduce((sum, { start, end }) => sum + end - start, 0)
  return { name, bytes: Math.max(0, bytes.length - 64 - kept) }
}

function write(path: string, ...parts: Uint8Array[]): void {
  const file = openSync(path, 'w')
  try {
    for (const part of parts) {
      for (let done = 0; done < part.length;) done += writeSync(file, part, done)
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
