/** Frames that were appended and not handed over yet, one behind the other. */
import { FRAME_HEAD_BYTES } from '../../journal-core.js'
import { type JournalMessage, TopicNames, writeMessage } from './message.js'
import type { WallClock } from './wall-clock.js'

const LEAST_BYTES = 2 ** 16
const TYPE = 24

export class Staging {
  #bytes = new Uint8Array(LEAST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #filled = 0
  readonly #clock: WallClock
  readonly #names = new TopicNames()

  constructor(clock: WallClock) {
    this.#clock = clock
  }

  get filled(): number {
    return this.#filled
  }

  /** What is there; it stays until `clear`. */
  get frames(): Uint8Array {
    return this.#bytes.subarray(0, this.#filled)
  }

  clear(): void {
    this.#filled = 0
  }

  /** Returns the bytes of the whole frame, which are `most` at most. */
  addMessage(sequence: number, type: number, message: JournalMessage, most: number): number {
    const start = this.#reserve(most)
    const end = writeMessage(this.#bytes, this.#view, start + FRAME_HEAD_BYTES, message, this.#names)
    return this.#finish(start, end, sequence, type)
  }

  /** Returns the bytes of the whole frame. */
  addBody(sequence: number, type: number, body: Uint8Array): number {
    const start = this.#reserve(FRAME_HEAD_BYTES + body.length)
    this.#bytes.set(body, start + FRAME_HEAD_BYTES)
    return this.#finish(start, start + FRAME_HEAD_BYTES + body.length, sequence, type)
  }

  #finish(start: number, end: number, sequence: number, type: number): number {
    const view = this.#view
    view.setUint32(start, end - start - FRAME_HEAD_BYTES, true)
    view.setUint32(start + 4, 0, true)
    view.setUint32(start + 8, sequence >>> 0, true)
    view.setUint32(start + 12, Math.floor(sequence / 2 ** 32), true)
    this.#clock.write(view, start + 16)
    this.#bytes[start + TYPE] = type
    this.#filled = end
    return end - start
  }

  #reserve(bytes: number): number {
    if (this.#filled === 0) this.#clock.read()
    const needed = this.#filled + bytes
    if (needed > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
      longer.set(this.frames)
      this.#bytes = longer
      this.#view = new DataView(longer.buffer)
    }
    return this.#filled
  }
}
