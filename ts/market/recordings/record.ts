import type { FrameSource } from './frame-source.js'
import { type RecordingCounts, RecordingWriter, type RecordingWriterOptions } from './writer.js'

export interface RecordOptions extends RecordingWriterOptions {
  /** Ends the recording: what was received is written, and the file closed. */
  signal?: AbortSignal
  /** Most time that frames wait for their block to be full, in milliseconds: what a crash takes with it. @default no limit */
  flushMs?: number
  /** Called after each 1,024 frames. */
  onProgress?: (counts: RecordingCounts) => void
}

/**
 * Records what a source gives, until it ends or the signal aborts. A source that is faster than the disk is not asked
 * for more meanwhile.
 *
 * @throws {TickbusError} `TICKBUS_RECORD` if the file cannot be written, and whatever the source throws.
 */
export async function record(source: FrameSource, file: string, options: RecordOptions = {}): Promise<RecordingCounts> {
  const { signal, flushMs, onProgress } = options
  const writer = await RecordingWriter.open(file, options)
  const numbers = new Map<number, number>()
  const frames = source[Symbol.asyncIterator]()
  let given = 0
  const stop = (): void => void frames.return?.()
  // A block that cannot be written is told by the next call that waits.
  const timer = flushMs === undefined ? undefined : setInterval(() => void writer.flush().catch(() => {}), flushMs)
  signal?.addEventListener('abort', stop)
  try {
    while (signal?.aborted !== true) {
      const { done, value: frame } = await frames.next()
      if (done === true) break
      let number = numbers.get(frame.connection)
      const connection = source.connections.get(frame.connection)
      if (number === undefined && connection !== undefined) {
        number = writer.connect(connection)
        numbers.set(frame.connection, number)
      }
      writer.write({ ...frame, connection: number ?? -1 })
      given += 1
      if (given % PROGRESS_EVERY === 0) onProgress?.(writer.counts)
      if (writer.isBusy) await writer.ready()
    }
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', stop)
    await frames.return?.()
    await writer.close()
  }
  return writer.counts
}

const PROGRESS_EVERY = 1_024
