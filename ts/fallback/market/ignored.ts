import { IGNORED_NAMES_MOST } from '../../layout.js'
import type { Tallied } from '../../market-core.js'
import { Names } from './names.js'

/** Frames of kinds that are not decoded, counted by the venue's name for the kind. */
export class Ignored {
  readonly #names = new Names(IGNORED_NAMES_MOST)
  readonly #counts = new Float64Array(IGNORED_NAMES_MOST)
  #others = 0

  /** Counts a frame whose kind's name lies between `start` and `end`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const number = this.#names.number(bytes, start, end)
    if (number >= 0) this.#counts[number] += 1
    else this.#others += 1
  }

  /** The kinds in the order of their first frame, and `(others)` for those beyond the bound. */
  get counts(): Tallied[] {
    const named = this.#names.all.map((name, number) => ({ name, count: this.#counts[number] }))
    return this.#others === 0 ? named : [...named, { name: '(others)', count: this.#others }]
  }
}
