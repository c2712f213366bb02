import type { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import type { TickbusError } from '../errors.js'
import { BlockSource } from './block-source.js'
import type { FeedConnection } from './feed-connection.js'
import { LineSource } from './line-source.js'
import type { RecordBatch } from './merge-records.js'
import { isRecording, type TimeRange } from './recordings/index.js'

/** One recording that is being read and decoded. */
export interface Source {
  readonly file: string
  readonly connections: readonly FeedConnection[]
  /** Places that could not be read, behind which reading went on. */
  readonly faults: readonly TickbusError[]
  /**
   * The whole UNIX second of the first receive time; undefined if there is none.
   *
   * @throws {TickbusError} `TICKBUS_RECORDING` if the file cannot be read so far.
   */
  firstSecond(): Promise<number | undefined>
  /** What it holds as records, of which no message is made. Can be gone through once. */
  records(epoch: Epoch): AsyncGenerator<RecordBatch>
  /** Stops reading and closes the file. */
  close(): Promise<void>
}

export interface SourceOptions extends TimeRange {
  readonly backend: Backend | undefined
  readonly windowSeconds: number | undefined
  /** Learns of the bytes of the file that were read or passed over. */
  readonly onRead: (bytes: number) => void
}

/**
 * Opens a recording: one of ours, or of lines. One that does not say beforehand whom it is about is read twice.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if nothing says the market.
 */
export async function openSource(file: string, options: SourceOptions): Promise<Source> {
  return (await isRecording(file)) ? BlockSource.open(file, options) : LineSource.open(file, options)
}
