import { Matcher } from '../pattern.js'
import { classify } from './classify.js'
import { Names } from './names.js'
import { backwards, forwards, type Range, Sorted } from './sorted.js'

/** As many topics are rather tried than counted from their other end, too. */
const FEW = 256
/** As many removed topics are always put up with. */
const LEFT_OVER = 1_024

/**
 * The topics in use, and which of them a pattern matches: of those that start, or end, with the literal that it starts or
 * ends with, each is tried. To add or remove a topic costs no more than to name it; it is sorted in when a pattern asks.
 */
export class Topics {
  readonly #names = new Names()
  /** Made when they are first of use. */
  #byStart: Sorted | undefined
  #byEnd: Sorted | undefined
  /** How many were removed since both were swept. */
  #removed = 0

  add(topic: string): number {
    const known = this.#names.find(topic)
    if (known !== undefined) return known.id
    const name = this.#names.add(topic)
    this.#byStart?.add(name)
    this.#byEnd?.add(name)
    return name.id
  }

  remove(id: number): void {
    const name = this.#names.get(id)
    if (name === undefined) return
    this.#names.remove(name)
    this.#removed += 1
    if (this.#removed <= this.#names.size + LEFT_OVER) return
    this.#byStart?.sweep()
    this.#byEnd?.sweep()
    this.#removed = 0
  }

  /** Writes the topics that a pattern matches to `out` from `count` on; returns how many are there then. */
  affected(pattern: string, out: Uint32Array, count: number): number {
    if (classify(pattern) === 'exact') {
      const name = this.#names.find(pattern)
      if (name !== undefined) out[count++] = name.id
      return count
    }
    const matcher = new Matcher(pattern)
    const ranges = this.#candidates(pattern)
    if (ranges === undefined) {
      for (const name of this.#names.values()) if (matcher.matches(name.text)) out[count++] = name.id
      return count
    }
    for (const { run, start, end } of ranges) {
      for (let at = start; at < end; at += 1) {
        const name = run[at]
        if (name.id >= 0 && matcher.matches(name.text)) out[count++] = name.id
      }
    }
    return count
  }

  /** Where all topics that a pattern can match lie; nothing if that is anywhere. */
  #candidates(pattern: string): Range[] | undefined {
    const start = pattern.slice(0, pattern.search(/[*?]/))
    const end = pattern.slice(Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?')) + 1)
    if (start === '' && end === '') return undefined
    if (start.length < end.length) return this.#fewer(this.#ending(end), start, () => this.#starting(start))
    return this.#fewer(this.#starting(start), end, () => this.#ending(end))
  }

  /** The topics of the longer end, or of the other one, if it is there and that is worth a look. */
  #fewer(ranges: Range[], otherEnd: string, others: () => Range[]): Range[] {
    if (otherEnd === '' || sizeOf(ranges) <= FEW) return ranges
    const candidates = others()
    return sizeOf(candidates) < sizeOf(ranges) ? candidates : ranges
  }

  #starting(start: string): Range[] {
    this.#byStart ??= new Sorted(forwards, this.#names.values())
    return this.#byStart.ranges(start)
  }

  #ending(end: string): Range[] {
    this.#byEnd ??= new Sorted(backwards, this.#names.values())
    return this.#byEnd.ranges(end)
  }
}

function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((size, { start, end }) => size + end - start, 0)
}
