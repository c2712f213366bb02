/** Which segments a directory holds, and the mark beside them: see crates/journal/src/directory.rs and mark.rs. */
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import { type Files, nodeSystem } from '../../system.js'
import { crc32c } from './crc32c.js'
import { readLong, readWord, writeLong, writeWord } from './frame.js'

/** The file that says up to which sequence all is on disk. */
export const MARK = 'synced'

/** The file name of the segment that begins with a sequence. */
export function segmentName(first: number): string {
  return `${String(first).padStart(20, '0')}.segment`
}

/** The first sequences of all segments, in rising order. */
export function segmentsOf(directory: string, files: Files = nodeSystem.files): number[] {
  const names = inDirectory(directory, () => files.readdirSync(directory))
  const firsts = names.map((name) => /^(\d{20})\.segment$/.exec(name)?.[1]).filter((digits) => digits !== undefined)
  return firsts.map(Number).sort((a, b) => a - b)
}

export function encodeMark(sequence: number): Uint8Array {
  const bytes = new Uint8Array(12)
  writeLong(bytes, 0, sequence)
  writeWord(bytes, 8, crc32c(bytes, 0, 8))
  return bytes
}

/** The sequence in the mark; 0 where there is none, or none that can be read. */
export function readMark(directory: string, files: Files = nodeSystem.files): number {
  let bytes: Uint8Array
  try {
    bytes = files.readFileSync(join(directory, MARK))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw named(directory, error)
  }
  return bytes.length === 12 && readWord(bytes, 8) === crc32c(bytes, 0, 8) ? readLong(bytes, 0) : 0
}

/**
 * Gives the mark its bytes as long as there is room for them: from then on it is written over, which a full disk takes. All up
 * to `synced` is on disk.
 */
export function beginMark(directory: string, synced: number, files: Files): void {
  const path = join(directory, MARK)
  const bytes = encodeMark(synced)
  inDirectory(directory, () => {
    if (files.existsSync(path) && files.statSync(path).size === bytes.length) return
    const file = files.openSync(path, 'w')
    try {
      files.writeSync(file, bytes)
    } finally {
      files.closeSync(file)
    }
  })
}

/** Returns when the names in a directory are on disk. Windows has no such call, and writes them by itself. */
export function syncDirectory(directory: string, files: Files = nodeSystem.files): void {
  if (process.platform === 'win32') return
  const file = files.openSync(directory, 'r')
  try {
    files.fsyncSync(file)
  } finally {
    files.closeSync(file)
  }
}

/** Does something with files of a directory; what the system refuses is named. */
export function inDirectory<T>(directory: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw named(directory, error)
  }
}

/** The refusal of a system, by our codes. */
export function named(directory: string, error: unknown): unknown {
  if (error instanceof TickbusError || !(error instanceof Error) || !('code' in error)) return error
  const reason = error.message
  if (isFull(error)) return new TickbusError('TICKBUS_JOURNAL_FULL', { directory, reason }, error)
  if (error.code === 'ENOENT') return new TickbusError('TICKBUS_JOURNAL_MISSING', { directory, reason }, error)
  if (['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))) {
    return new TickbusError('TICKBUS_JOURNAL_READ_ONLY', { directory, reason }, error)
  }
  return new TickbusError('TICKBUS_JOURNAL_IO', { directory, reason }, error)
}

/** Whether there is no room: on the device, in the quota, or under the limit of a file's size. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String((error as NodeJS.ErrnoException).code))
}
