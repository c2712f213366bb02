import type { JournalCore } from '../../journal-core.js'
import type { System } from '../../system.js'
import { JsJournalReader } from './reader.js'
import { recoverJournal } from './recovery.js'
import { JsJournalWriter } from './writer.js'

export {
  beginMark,
  encodeMark,
  inDirectory,
  MARK,
  named as namedFault,
  readMark,
  segmentName,
  segmentsOf,
  syncDirectory,
} from './directory.js'
export { checkFrame, findFrame, frameSequence, readLong, writeLong } from './frame.js'
export { decodeHeader, encodeHeader, HEADER_BYTES, readHeader, type SegmentHeader } from './header.js'

/** Journals in JavaScript, on files and time of a system. */
export function jsJournalCore(system: System): JournalCore {
  const { files } = system
  return {
    recoverJournal: (directory) => recoverJournal(directory, files),
    openJournalWriter: (options) => new JsJournalWriter(options, system),
    openJournalReader: (directory, from) => new JsJournalReader(directory, from, files),
  }
}
