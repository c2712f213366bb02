import { WaitTimes } from '../bus/index.js'

/** Every so many messages one is stamped when sent, where messages do not carry the time at which they are due. */
export const STAMP_EVERY = 16

/** Stamps kept: those of more messages than can be on their way at a time. */
const STAMPS = 4_096

const DOUBLE_START = 0
const DOUBLE_FIRST = 1
const DOUBLE_END = 2
const DOUBLE_STAMPS = 4
const WAITS_AT = 8 * (DOUBLE_STAMPS + STAMPS)
const RECEIVED_AT = WAITS_AT + WaitTimes.BYTES

/** Memory that a replay shares with one of its workers: when messages were sent, and how long they took. */
export class ReplayPage {
  readonly memory: SharedArrayBuffer
  /** How long messages waited; written by the worker. */
  readonly waits: WaitTimes
  readonly #doubles: Float64Array
  readonly #received: Int32Array

  constructor(memory = new SharedArrayBuffer(RECEIVED_AT + 4)) {
    this.memory = memory
    this.#doubles = new Float64Array(memory, 0, DOUBLE_STAMPS + STAMPS)
    this.waits = new WaitTimes(memory, WAITS_AT)
    this.#received = new Int32Array(memory, RECEIVED_AT, 1)
  }

  /** Begins anew: the first message, received at `firstNs` in the recording, is due at `startNs` of the bus clock. */
  start(startNs: number, firstNs: number): void {
    this.waits.clear()
    this.#doubles[DOUBLE_START] = startNs
    this.#doubles[DOUBLE_FIRST] = firstNs
  }

  /** When a message that was received at `receivedNs` is due, on the bus clock, at so many times the recorded speed. */
  dueNs(receivedNs: number, speed: number): number {
    return this.#doubles[DOUBLE_START] + (receivedNs - this.#doubles[DOUBLE_FIRST]) / speed
  }

  /** Keeps when a message was sent; `number` is a multiple of `STAMP_EVERY`. */
  stamp(number: number, nowNs: number): void {
    this.#doubles[DOUBLE_STAMPS + ((number / STAMP_EVERY) % STAMPS)] = nowNs
  }

  sentNs(number: number): number {
    return this.#doubles[DOUBLE_STAMPS + ((number / STAMP_EVERY) % STAMPS)]
  }

  /** How many messages the worker has received, to the last `STAMP_EVERY`. */
  get received(): number {
    return Atomics.load(this.#received, 0)
  }

  set received(count: number) {
    Atomics.store(this.#received, 0, count)
  }

  /** When the worker had received the last message, on the bus clock. */
  get endNs(): number {
    return this.#doubles[DOUBLE_END]
  }

  set endNs(nowNs: number) {
    this.#doubles[DOUBLE_END] = nowNs
  }
}
