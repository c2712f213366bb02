import type { BookUpdate } from './market-message.js'

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/**
 * One number for a whole run: made of every number of every message in their order, so that a message that is lost,
 * doubled, changed or out of turn changes it. Both ends of a replay keep one, and the two are compared.
 */
export class Checksum {
  #low = 0x811c9dc5
  #high = 0x9747b28c

  /** Takes a number in, all 64 bits of it. */
  add(value: number): void {
    double[0] = value
    this.#low = mix(this.#low ^ words[0])
    this.#high = mix(this.#high ^ words[1] ^ this.#low)
  }

  /** Takes text in, by its length and its characters. */
  addText(text: string): void {
    this.add(text.length)
    for (let i = 0; i < text.length; i += 1) this.#low = mix(this.#low ^ text.charCodeAt(i))
  }

  /** Takes an order book update in, every level of it. */
  addBook(update: BookUpdate): void {
    this.addText(update.kind)
    this.add(update.firstSequence)
    this.add(update.lastSequence)
    this.add(update.previousSequence ?? -1)
    if (update.checksum !== undefined) this.add(update.checksum)
    this.#addTime(update.tsEvent)
    this.#addTime(update.tsInit)
    for (const levels of [update.bids, update.asks]) {
      this.add(levels.length)
      for (const [price, size] of levels) {
        this.add(price)
        this.add(size)
      }
    }
  }

  /** What has been taken in so far, as 16 hexadecimal digits. */
  toString(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }

  #addTime(unixNs: bigint): void {
    this.add(Number(unixNs >> 32n))
    this.add(Number(unixNs & 0xffff_ffffn))
  }
}

function mix(word: number): number {
  return Math.imul((word << 13) | (word >>> 19), 0x9e3779b1)
}
