import {
  ENVELOPE_BYTES,
  ENVELOPE_DOUBLE_DEADLINE,
  ENVELOPE_DOUBLE_QUEUED,
  ENVELOPE_DOUBLES,
  ENVELOPE_FLAG_DURABLE,
  ENVELOPE_WORD_DELAY,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_KEY_HIGH,
  ENVELOPE_WORD_KEY_LOW,
  ENVELOPE_WORD_TOPIC,
  ENVELOPE_WORDS,
} from '../../layout.js'
import { numberOf } from './nodes.js'

/** One attempt in the head of an envelope. */
const ATTEMPT = 1 << 16

/** The memory of a group's envelopes, read and written by node. */
export class Envelopes {
  readonly count: number
  readonly #words: Int32Array
  readonly #doubles: Float64Array

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.count = byteLength / ENVELOPE_BYTES
    this.#words = new Int32Array(buffer, byteOffset, this.count * ENVELOPE_WORDS)
    this.#doubles = new Float64Array(buffer, byteOffset, this.count * ENVELOPE_DOUBLES)
  }

  /** The low byte of the head, whatever is written there. */
  lane(node: number): number {
    return this.#words[wordOf(node) + ENVELOPE_WORD_HEAD] & 0xff
  }

  topic(node: number): number {
    return this.#words[wordOf(node) + ENVELOPE_WORD_TOPIC]
  }

  keyLow(node: number): number {
    return this.#words[wordOf(node) + ENVELOPE_WORD_KEY_LOW]
  }

  keyHigh(node: number): number {
    return this.#words[wordOf(node) + ENVELOPE_WORD_KEY_HIGH]
  }

  queued(node: number): number {
    return this.#doubles[doubleOf(node) + ENVELOPE_DOUBLE_QUEUED]
  }

  /** 0 for never. */
  deadline(node: number): number {
    return this.#doubles[doubleOf(node) + ENVELOPE_DOUBLE_DEADLINE]
  }

  generation(node: number): number {
    return this.#words[wordOf(node) + ENVELOPE_WORD_GENERATION]
  }

  raiseGeneration(node: number): void {
    this.#words[wordOf(node) + ENVELOPE_WORD_GENERATION] += 1
  }

  /** Whether it may not be lost. */
  isDurable(node: number): boolean {
    return (this.#words[wordOf(node) + ENVELOPE_WORD_HEAD] & (ENVELOPE_FLAG_DURABLE << 8)) !== 0
  }

  /** How long it waits before it can run again, in nanoseconds. Good for once. */
  takeDelay(node: number): number {
    const at = wordOf(node) + ENVELOPE_WORD_DELAY
    const us = this.#words[at] >>> 0
    if (us !== 0) this.#words[at] = 0
    return us * 1e3
  }

  raiseAttempt(node: number): void {
    this.#words[wordOf(node) + ENVELOPE_WORD_HEAD] += ATTEMPT
  }
}

function wordOf(node: number): number {
  return numberOf(node) * ENVELOPE_WORDS
}

function doubleOf(node: number): number {
  return numberOf(node) * ENVELOPE_DOUBLES
}
