import type { MarketDecoder } from '../market-decoder.js'
import type { Records } from '../market-message.js'
import { lendForFrames } from '../record-room.js'
import { FrameQueue } from './frame-queue.js'

/** Frames that are decoded at once: about as many as one read of the socket brings, 64 KiB of quotes. */
const BATCH = 512
/** Messages that are published between two looks at whether the consumer has room. */
const LOOK_EVERY = 256

export interface IntakeOptions {
  readonly decoder: MarketDecoder
  readonly queueFrames: number
  readonly queueBytes: number
  nowNs(): number
  /** Resolves when the consumer has room. */
  ready(): Promise<void>
  /** Called with each frame as it comes, whether there is room for it or not. */
  onTaken(frame: Buffer, receivedNs: number): void
  /** Frames among which something is that is no market data, before the messages that are decoded with them. */
  onOther(frames: readonly Buffer[]): void
  /** Called with each frame before its messages are passed on, if anybody wants to know. */
  onFrame?: ((frame: Buffer) => void) | undefined
  /** Called with each message as the records from one on up to another, which last until it returns. */
  onMessage(records: Records, record: number, end: number): void
  onPause(): void
  onResume(): void
  onFault(error: unknown): void
}

/**
 * Frames in, messages out. What one read of the socket brought is decoded at once, and while the consumer has no room
 * frames wait; when many do, the socket is paused.
 */
export class Intake {
  frames = 0
  bytes = 0
  overflow = 0
  /** Frames that waited when the client was closed. */
  unread = 0
  readonly #options: IntakeOptions
  readonly #queue: FrameQueue
  #isScheduled = false
  /** When the frames of this read of the socket came; undefined between two of them. */
  #readNs: number | undefined
  readonly #endRead = (): void => void (this.#readNs = undefined)
  #isPaused = false
  #isClosed = false
  #sinceLook = 0
  #others = 0
  /** What is run once so many more frames are decoded. */
  readonly #marks: { frames: number; readonly run: () => void }[] = []

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#queue = new FrameQueue(options.queueFrames, options.queueBytes)
  }

  get waiting(): number {
    return this.#queue.size
  }

  /** Says whether there was room. */
  push(frame: Buffer): boolean {
    this.frames += 1
    this.bytes += frame.length
    const receivedNs = this.#nowNs()
    this.#options.onTaken(frame, receivedNs)
    if (this.#isClosed || !this.#queue.push(frame, receivedNs)) {
      this.overflow += 1
      return false
    }
    if (!this.#isScheduled) {
      this.#isScheduled = true
      // All frames of one read of the socket come before this runs.
      queueMicrotask(() => void this.#run())
    } else if (!this.#isPaused && this.#queue.isHigh) {
      this.#isPaused = true
      this.#options.onPause()
    }
    return true
  }

  /** Runs something behind all frames that wait now, and before those that come after. */
  mark(run: () => void): void {
    if (this.#queue.size === 0) run()
    else this.#marks.push({ frames: this.#queue.size, run })
  }

  /** What waits is not decoded any more. */
  close(): void {
    this.#isClosed = true
    this.unread = this.#queue.size
    this.#queue.clear()
  }

  /** All frames of one read of the socket were received when it was, to the whole nanosecond that a recording can say. */
  #nowNs(): number {
    if (this.#readNs === undefined) {
      this.#readNs = Math.trunc(this.#options.nowNs())
      queueMicrotask(this.#endRead)
    }
    return this.#readNs
  }

  async #run(): Promise<void> {
    while (this.#queue.size > 0) {
      try {
        this.#decode()
        if (this.#sinceLook < LOOK_EVERY) continue
        this.#sinceLook = 0
        await this.#options.ready()
      } catch (error) {
        this.#options.onFault(error)
      }
    }
    this.#isScheduled = false
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#options.onResume()
  }

  #decode(): void {
    const { decoder } = this.#options
    const { frames, receivedNs } = this.#queue.take(Math.min(BATCH, this.#marks[0]?.frames ?? BATCH))
    lendForFrames(frames, (records) => {
      for (let first = 0; first < frames.length;) {
        const taken = decoder.framesInto(frames, first, receivedNs, records)
        if (taken === 0) break
        this.#passOn(frames.slice(first, first + taken), records)
        first += taken
      }
    })
    for (const mark of this.#marks) mark.frames -= frames.length
    while (this.#marks[0]?.frames === 0) this.#marks.shift()!.run()
  }
  #passOn(frames: readonly Buffer[], records: Records): void {
    const { decoder, onFrame, onOther, onMessage } = this.#options
    if (onFrame !== undefined) for (const frame of frames) onFrame(frame)
    const { ignored, rejected } = decoder.counts
    if (ignored + rejected > this.#others) onOther(frames)
    this.#others = ignored + rejected
    const count = decoder.written
    for (let record = 0; record < count;) {
      const end = records.endOf(record, count)
      onMessage(records, record, end)
      this.#sinceLook += 1
      record = end
    }
  }
}
