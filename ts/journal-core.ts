/**
 * What a backend does with a journal: frames into segments, and back. The native backend has a thread of its own for it
 * (crates/journal), the JavaScript one writes through Node's thread pool (ts/fallback/journal/), byte for byte the same
 * files. docs/journal-format.md has the format; what the bodies of frames mean is of no concern here.
 */

/** Bytes of a frame before its body: `length u32, CRC-32C u32, sequence u64, time u64, type u8`, little-endian. */
export const FRAME_HEAD_BYTES = 25
/** Most bytes of a frame's body. */
export const FRAME_BODY_BYTES_MOST = 2 ** 24
/** Sequences left out after an end that was not clean: more than anybody can have been given beyond what is found. */
export const SEQUENCES_SKIPPED = 2 ** 26

/** Types of records. */
export const RECORD_MESSAGE = 1
export const RECORD_ACKNOWLEDGED = 2
export const RECORD_ATTEMPTED = 3
export const RECORD_CHECKPOINT = 4
export const RECORD_CLOSED = 5

export interface JournalCore {
  /**
   * Finds the end of the log in a directory that is locked, and cuts off what was torn. All that is left is on disk.
   *
   * @throws {TickbusError} `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_VERSION` with nothing changed;
   * `TICKBUS_JOURNAL_MISSING`, `TICKBUS_JOURNAL_READ_ONLY`, `TICKBUS_JOURNAL_IO`
   */
  recoverJournal(directory: string): JournalRecovery

  /**
   * Starts the writer of a directory that was recovered. It begins a new segment with the first frame that it gets.
   *
   * @throws {TickbusError} as above, and `TICKBUS_JOURNAL_FULL`
   */
  openJournalWriter(options: JournalWriterOptions): JournalWriter

  /** Opens a reader, which may run beside the writer, also of another process. */
  openJournalReader(directory: string, from: number): JournalFrames
}

export interface JournalRecovery {
  /** The last sequence that is there; 0 if there is none. */
  readonly last: number
  /** The sequence to go on with. */
  readonly next: number
  /** Bytes that were cut off as torn. */
  readonly tornBytes: number
}

export interface JournalWriterOptions {
  readonly directory: string
  /** What {@link JournalRecovery} said. */
  readonly last: number
  /** A segment ends before the frame that would make it longer than this. */
  readonly segmentBytes: number
  /** Most bytes that wait in memory. */
  readonly queueBytes: number
  /** Microseconds from the first record that is not synced to the sync; below 0: none but those that must be. */
  readonly syncAfterUs: number
  /** So many records are synced without waiting for more. */
  readonly syncRecords: number
  /** Where the writer says how far it is, by the `JOURNAL_` places of layout.ts, over a SharedArrayBuffer, zeroed. */
  readonly page: Uint8Array
  /** Called on this thread's event loop after the writer got further, if the page said that somebody waits. */
  readonly wake: () => void
}

export interface JournalWriter {
  /** Takes a copy of whole frames without checksums, in order of their sequences: all, or none (false) for want of room. */
  submit(frames: Uint8Array): boolean
  /** Asks for a sync. */
  sync(): void
  /** Asks for the removal of segments that hold no sequence from this one on. The last one stays. */
  removeBelow(sequence: number): void
  /** Ranges of sequences that failed syncs have left in doubt. */
  lost(): readonly SequenceRange[]
  /** Why the writer has failed, if it has. */
  failure(): string | null
  /** Asks the writer to write and sync what it has, and to end; the page says when it has. */
  close(): void
  /** Frees what is left, after the page has said so. */
  end(): void
}

/** Both ends included. */
export interface SequenceRange {
  readonly first: number
  readonly last: number
}

export interface JournalFrames {
  /**
   * Copies whole checked frames into `out`, up to the sequence `through`; Infinity if nobody knows how far the writer is.
   * Returns how many bytes; 0 if there are no more for now; below 0, how many the next frame alone needs. `out` is over
   * memory that is not shared.
   *
   * @throws {TickbusError} `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_MISSING`
   */
  read(out: Uint8Array, through: number): number
}
