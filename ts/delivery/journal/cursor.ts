/** Reads the messages of a journal in order, also while it is written, by this process or another. */
import type { Backend } from '../../core.js'
import { TickbusError } from '../../errors.js'
import { inDirectory, segmentsOf } from '../../fallback/index.js'
import { FRAME_HEAD_BYTES, type JournalCore, type JournalFrames, RECORD_MESSAGE } from '../../journal-core.js'
import { loadJournalCore } from '../../native/index.js'
import { nodeSystem, type System } from '../../system.js'
import { type JournalMessage, readMessage } from './message.js'
import { segmentTime } from './retention.js'

/** A message as it was read back. */
export interface JournalRecord {
  readonly sequence: number
  /** When it was appended, UNIX nanoseconds. */
  readonly timeNs: bigint
  readonly message: JournalMessage
}

/** Any record. `body` is only there until the next one is read. */
export interface RawRecord {
  readonly sequence: number
  readonly timeNs: bigint
  readonly type: number
  readonly body: Uint8Array
}

export interface CursorOptions {
  /** First sequence to read. @default 1, the oldest that is there */
  readonly from?: number
  /** Leaves out what was appended before, UNIX nanoseconds. @default nothing */
  readonly fromTimeNs?: bigint
}

const CHUNK_BYTES = 2 ** 20
const TIME = 16
const TYPE = 24

export class JournalCursor {
  readonly #frames: JournalFrames
  readonly #through: () => number
  readonly #fromTimeNs: bigint
  #chunk = new Uint8Array(CHUNK_BYTES)
  #view = new DataView(this.#chunk.buffer)
  #filled = 0
  #at = 0

  /** @internal */
  constructor(
    core: JournalCore,
    directory: string,
    { from = 1, fromTimeNs = 0n }: CursorOptions = {},
    through: () => number = () => Infinity,
    system: System = nodeSystem,
  ) {
    const start = fromTimeNs > 0n ? Math.max(from, startAt(directory, fromTimeNs, system.files)) : from
    this.#frames = core.openJournalReader(directory, start)
    this.#through = through
    this.#fromTimeNs = fromTimeNs
  }

  /**
   * Reads a directory that another process may write to. What its writer has not finished is not there yet.
   *
   * @throws {TickbusError} `TICKBUS_BACKEND`, and with `fromTimeNs` what `next` throws
   */
  static open(directory: string, options: CursorOptions & { readonly backend?: Backend } = {}): JournalCursor {
    return new JournalCursor(loadJournalCore(options.backend), directory, options)
  }

  /**
   * The next message, or undefined if there is none for now: ask again later.
   *
   * @throws {TickbusError} `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_MISSING`,
   * `TICKBUS_JOURNAL_IO`
   */
  next(): JournalRecord | undefined {
    for (let raw = this.nextRaw(); raw !== undefined; raw = this.nextRaw()) {
      const { sequence, timeNs, type, body } = raw
      if (type === RECORD_MESSAGE) return { sequence, timeNs, message: readMessage(body) }
    }
    return undefined
  }

  /** All messages that are there, one by one; ends where `next` has none. */
  *[Symbol.iterator](): Generator<JournalRecord> {
    for (let record = this.next(); record !== undefined; record = this.next()) yield record
  }

  /** @internal */
  nextRaw(): RawRecord | undefined {
    for (;;) {
      if (this.#at === this.#filled && !this.#fill()) return undefined
      const start = this.#at
      const end = start + FRAME_HEAD_BYTES + this.#view.getUint32(start, true)
      this.#at = end
      const timeNs = this.#view.getBigUint64(start + TIME, true)
      if (timeNs < this.#fromTimeNs) continue
      const sequence = this.#view.getUint32(start + 8, true) + this.#view.getUint32(start + 12, true) * 2 ** 32
      const body = this.#chunk.subarray(start + FRAME_HEAD_BYTES, end)
      return { sequence, timeNs, type: this.#chunk[start + TYPE], body }
    }
  }

  #fill(): boolean {
    this.#at = 0
    this.#filled = 0
    const bytes = this.#frames.read(this.#chunk, this.#through())
    if (bytes < 0) {
      this.#chunk = new Uint8Array(-bytes)
      this.#view = new DataView(this.#chunk.buffer)
      return this.#fill()
    }
    this.#filled = bytes
    return bytes > 0
  }
}

/** First sequence of the segment in which a time lies: the last one that begins no later. */
export function startAt(directory: string, timeNs: bigint, files: System['files']): number {
  const firsts = inDirectory(directory, () => segmentsOf(directory, files))
  const isLast = (place: number) => place === firsts.length - 1
  return firsts.findLast((first, place) => hasBegun(directory, first, isLast(place), timeNs, files)) ?? 1
}

function hasBegun(directory: string, first: number, isLast: boolean, timeNs: bigint, files: System['files']): boolean {
  try {
    return inDirectory(directory, () => segmentTime(directory, first, files)) <= timeNs
  } catch (error) {
    if (!(error instanceof TickbusError)) throw error
    // Its writer may have just begun: what stands in it is later than all that is there.
    if (isLast && error.code === 'TICKBUS_JOURNAL_DAMAGED') return false
    // It may have been removed since it was listed, and all before it.
    if (!isLast && error.code === 'TICKBUS_JOURNAL_MISSING') return false
    throw error
  }
}
