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

/** What becomes of episodes, written to memory that the caller gives. Who writes has made sure that there is room. */
export class Events {
  length = 0
  #capacity = 0
  #words: Uint32Array = new Uint32Array(0)
  #doubles: Float64Array = new Float64Array(0)

  /** Writes here from now on. */
  begin(out: Uint8Array): void {
    this.length = 0
    this.#capacity = Math.floor(out.length / RECORD_BYTES)
    if (out.buffer === this.#words.buffer && out.byteOffset === this.#words.byteOffset) {
      if (this.#words.length === this.#capacity * WORDS) return
    }
    this.#words = new Uint32Array(out.buffer, out.byteOffset, this.#capacity * WORDS)
    this.#doubles = new Float64Array(out.buffer, out.byteOffset, this.#capacity * DOUBLES)
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

const WORDS = RECORD_BYTES / 4
const DOUBLES = RECORD_BYTES / 8
