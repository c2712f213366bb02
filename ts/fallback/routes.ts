import type { Routes } from '../core.js'
import { isGlob, isMatching } from './pattern.js'

/** A pattern table, as crates/bus/src/routes.rs: exact patterns by hash, globs one after the other, the same ids. */
export class JsRoutes implements Routes {
  /** By id; undefined where an id is free. */
  readonly #patterns: (string | undefined)[] = []
  readonly #ids = new Map<string, number>()
  /** Ids of patterns with wildcards, rising. */
  readonly #globs: number[] = []
  /** Free ids, falling, so that the smallest is taken first. */
  readonly #free: number[] = []

  add(pattern: string): number {
    const text = wellFormed(pattern)
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#free.pop() ?? this.#patterns.length
    this.#patterns[id] = text
    this.#ids.set(text, id)
    if (isGlob(text))
      this.#globs.splice(
        lowerBound(this.#globs, (glob) => glob > id),
        0,
        id,
      )
    return id
  }

  remove(id: number): void {
    const pattern = this.#patterns[id]
    if (pattern === undefined) return
    this.#patterns[id] = undefined
    this.#ids.delete(pattern)
    if (isGlob(pattern))
      this.#globs.splice(
        lowerBound(this.#globs, (glob) => glob >= id),
        1,
      )
    this.#free.splice(
      lowerBound(this.#free, (free) => free < id),
      0,
      id,
    )
  }

  resolve(topic: string, out: Uint32Array): number {
    const text = wellFormed(topic)
    let exact = isGlob(text) ? undefined : this.#ids.get(text)
    let count = 0
    for (const id of this.#globs) {
      if (exact !== undefined && exact < id) {
        out[count++] = exact
        exact = undefined
      }
      if (isMatching(text, this.#patterns[id]!)) out[count++] = id
    }
    if (exact !== undefined) out[count++] = exact
    return count
  }
}

/** The first index whose element is `beyond`; all after it must be so too. */
function lowerBound(sorted: readonly number[], beyond: (element: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (beyond(sorted[middle])) high = middle
    else low = middle + 1
  }
  return low
}

/** The text as UTF-8 would have it, where a lone surrogate is U+FFFD. */
function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')
}
