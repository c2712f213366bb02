import { checkWhole } from '../../errors.js'
import type { FrameSource, RecordedConnection, RecordedFrame } from '../recordings/index.js'
import { FrameQueue } from './frame-queue.js'

export interface VenueTapOptions {
  /** Most frames that wait for whoever reads the tap, 1 to 1,048,576; those beyond are counted as lost. @default 16_384 */
  framesMost?: number
  /** Most bytes of them, 1 to 2,147,483,647. @default 67_108_864 */
  bytesMost?: number
}

export interface VenueTapSettings extends VenueTapOptions {
  /** What the frames come from. */
  readonly connection: RecordedConnection
  /** The UNIX nanoseconds of a time since the epoch. */
  unixNsAt(receivedNs: number): bigint
  onClose(tap: VenueTap): void
}

/** Where frames come from that a tap gives: a venue client is one connection, however often it has to be made anew. */
const CONNECTION = 0
const DONE = { done: true, value: undefined } as const

/**
 * All frames of a client as they came, byte for byte, fetched snapshots included: what `record` writes to a file. Frames
 * wait from the moment that it is opened; whoever reads too slowly loses some, and neither the client nor the venue waits.
 *
 * ```ts
 * const tap = client.tap()
 * setTimeout(() => tap.close(), 60_000)
 * await record(tap, 'btc.tbr')
 * ```
 */
export class VenueTap implements FrameSource {
  readonly connections: ReadonlyMap<number, RecordedConnection>
  /** Frames that came, and those of them that nobody will read: there was no room, or it was left before its end. */
  frames = 0
  lost = 0
  readonly #settings: VenueTapSettings
  readonly #queue: FrameQueue
  /** What was taken out of the queue, and how far it was read. */
  #batch: { frames: Buffer[]; receivedNs: Float64Array } = { frames: [], receivedNs: new Float64Array(0) }
  #read = 0
  #isClosed = false
  #wake: () => void = () => {}

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if a bound is out of range. */
  constructor(settings: VenueTapSettings) {
    const { connection, framesMost = 16_384, bytesMost = 67_108_864 } = settings
    checkWhole('framesMost', framesMost, 1, 1_048_576)
    checkWhole('bytesMost', bytesMost, 1, 2 ** 31 - 1)
    this.connections = new Map([[CONNECTION, connection]])
    this.#settings = settings
    this.#queue = new FrameQueue(framesMost, bytesMost)
  }

  /** Takes a frame; `receivedNs` counts from the epoch. */
  push(frame: Buffer, receivedNs: number): void {
    this.frames += 1
    if (this.#queue.push(frame, receivedNs)) this.#wake()
    else this.lost += 1
  }

  /** Takes no more. What waits can still be read, then the tap ends. May be called again. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#settings.onClose(this)
    this.#wake()
  }

  /** The frames in the order in which they came. Can be gone through once. */
  [Symbol.asyncIterator](): AsyncIterator<RecordedFrame, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.close()
        this.lost += this.#queue.size + this.#batch.frames.length - this.#read
        this.#queue.clear()
        this.#read = this.#batch.frames.length
        return DONE
      },
    }
  }

  async #next(): Promise<IteratorResult<RecordedFrame, undefined>> {
    while (this.#read === this.#batch.frames.length) {
      if (this.#queue.size > 0) {
        this.#batch = this.#queue.take(BATCH)
        this.#read = 0
      } else if (this.#isClosed) return DONE
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const { frames, receivedNs } = this.#batch
    const at = this.#read
    this.#read += 1
    const value = { receivedNs: this.#settings.unixNsAt(receivedNs[at]!), connection: CONNECTION, bytes: frames[at]! }
    return { done: false, value }
  }
}

/** Frames that are taken out of the queue at once: those of one read of the socket. */
const BATCH = 512
