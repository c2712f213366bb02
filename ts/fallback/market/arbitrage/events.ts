import {
  EPISODE_DOUBLE_AT,
  EPISODE_DOUBLE_EDGE,
  EPISODE_DOUBLE_NUMBER,
  EPISODE_DOUBLE_OPENED_AT,
  EPISODE_DOUBLE_PEAK,
  EPISODE_DOUBLE_SIZE,
  EPISODE_DOUBLE_UPDATES,
  EPISODE_WORD_EVENT,
  EPISODE_WORD_PAIR,
  RECORD_BYTES,
} from '../../../layout.js'
import type { Episode } from './episode.js'

const WORDS = RECORD_BYTES / 4
const DOUBLES = RECORD_BYTES / 8

/** What becomes of episodes, as records. Who writes has made sure that there is room. */
export class Events {
  readonly bytes: Uint8Array
  length = 0
  readonly #capacity: number
  readonly #words: Uint32Array
  readonly #doubles: Float64Array

  constructor(capacity: number) {
    const memory = new ArrayBuffer(capacity * RECORD_BYTES)
    this.bytes = new Uint8Array(memory)
    this.#capacity = capacity
    this.#words = new Uint32Array(memory)
    this.#doubles = new Float64Array(memory)
  }

  get room(): number {
    return this.#capacity - this.length
  }

  push(event: number, pair: number, buy: number, sell: number, atNs: number, episode: Episode): void {
    const [word, at] = [this.length * WORDS, this.length * DOUBLES]
    this.length += 1
    const doubles = this.#doubles
    this.#words[word + EPISODE_WORD_EVENT] = event | (buy << 8) | (sell << 16)
    this.#words[word + EPISODE_WORD_PAIR] = pair
    doubles[at + EPISODE_DOUBLE_AT] = atNs
    doubles[at + EPISODE_DOUBLE_OPENED_AT] = episode.openedNs
    doubles[at + EPISODE_DOUBLE_EDGE] = episode.edgeBps
    doubles[at + EPISODE_DOUBLE_PEAK] = episode.peakBps
    doubles[at + EPISODE_DOUBLE_SIZE] = episode.size
    doubles[at + EPISODE_DOUBLE_UPDATES] = episode.updates
    doubles[at + EPISODE_DOUBLE_NUMBER] = episode.number
  }
}
