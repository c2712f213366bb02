import { Matcher } from '../pattern.js'
import type { Name } from './names.js'

/** Patterns that are tried one after the other. */
export class Candidates {
  readonly #patterns: Name[] = []
  readonly #matchers: Matcher[] = []

  get size(): number {
    return this.#patterns.length
  }

  add(pattern: Name): void {
    this.#patterns.push(pattern)
    this.#matchers.push(new Matcher(pattern.text))
  }

  remove(pattern: Name): void {
    const at = this.#patterns.indexOf(pattern)
    const lastPattern = this.#patterns.pop()!
    const lastMatcher = this.#matchers.pop()!
    if (at === this.#patterns.length) return
    this.#patterns[at] = lastPattern
    this.#matchers[at] = lastMatcher
  }

  resolve(topic: string, out: Uint32Array, count: number): number {
    for (let at = 0; at < this.#patterns.length; at += 1) {
      if (this.#matchers[at].matches(topic)) out[count++] = this.#patterns[at].id
    }
    return count
  }
}
