import { hashOn, powers } from './hash.js'

const DOT = 0x2e

/** The topic at hand, read once for all classes. All places are in UTF-16 units. */
export class Scan {
  text = ''
  length = 0
  units = new Uint16Array(256)
  /** How many segments there are. */
  segments = 0
  /** Where each segment starts, and where one behind the last would. */
  starts = new Int32Array(258)
  /** For each place the hash of all that comes before it. */
  #hashes = new Int32Array(257)
  #powers = powers(256)

  read(text: string): void {
    const { length } = text
    if (length > this.units.length) this.#grow(2 * length)
    const { units, starts } = this
    const hashes = this.#hashes
    let hash = 0
    let segments = 1
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(at)
      units[at] = unit
      hash = hashOn(hash, unit)
      hashes[at + 1] = hash
      // Written each time, and left standing behind a dot: cheaper than a branch that is hard to foresee.
      starts[segments] = at + 1
      segments += ((unit ^ DOT) - 1) >>> 31
    }
    starts[segments] = length + 1
    this.segments = segments
    this.length = length
    this.text = text
  }

  /** The hash of the units from `start` up to `end`. */
  hash(start: number, end: number): number {
    return (this.#hashes[end] - Math.imul(this.#hashes[start], this.#powers[end - start])) | 0
  }

  #grow(length: number): void {
    this.units = new Uint16Array(length)
    this.starts = new Int32Array(length + 2)
    this.#hashes = new Int32Array(length + 1)
    this.#powers = powers(length)
  }
}
