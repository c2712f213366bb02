import { type Epoch, quoteCodec, type QuoteLike, viewsOf } from '../bus/index.js'
import { KIND_QUOTE, RECORD_BYTES, RECORD_WORD_KIND, RECORD_WORD_TOPIC } from '../layout.js'

const WORDS = RECORD_BYTES / 4
const DOUBLES = RECORD_BYTES / 8

/** Quotes as the 64-byte records that decoders write, with the instrument's number in the topic word. */
export class QuoteRecords {
  readonly capacity: number
  length = 0
  readonly #views
  readonly #epoch: Epoch

  /** `memory` is all of a buffer. */
  constructor(memory: Uint8Array, epoch: Epoch) {
    this.capacity = memory.length / RECORD_BYTES
    this.#views = viewsOf(memory.buffer)
    this.#epoch = epoch
  }

  /** What was written. */
  get bytes(): Uint8Array {
    const { bytes } = this.#views
    return this.length === this.capacity ? bytes : bytes.subarray(0, this.length * RECORD_BYTES)
  }

  /**
   * Appends a quote.
   *
   * @throws {TickbusError} `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME`
   */
  push(number: number, quote: QuoteLike): void {
    const { words } = this.#views
    const at = this.length * WORDS
    quoteCodec.write(this.#views, this.length * DOUBLES, quote, this.#epoch)
    words[at + RECORD_WORD_KIND] = KIND_QUOTE
    words[at + RECORD_WORD_TOPIC] = number
    this.length += 1
  }
}
