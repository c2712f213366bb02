import type { Name } from './names.js'

/** How texts are ordered, and which ones of an end lie together then. */
export interface Order {
  /** Negative, zero or positive as `a` comes before `b`, is the same or comes behind. */
  compare(a: string, b: string): number
  hasEnd(text: string, end: string): boolean
}

/** By the start of texts. */
export const forwards: Order = {
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  hasEnd: (text, end) => text.startsWith(end),
}

/** By the end of texts. */
export const backwards: Order = {
  compare(a, b) {
    const both = Math.min(a.length, b.length)
    for (let back = 1; back <= both; back += 1) {
      const difference = a.charCodeAt(a.length - back) - b.charCodeAt(b.length - back)
      if (difference !== 0) return difference
    }
    return a.length - b.length
  },
  hasEnd: (text, end) => text.endsWith(end),
}

/** A part of a sorted run. */
export interface Range {
  readonly run: readonly Name[]
  readonly start: number
  readonly end: number
}

/**
 * Names in order, as sorted runs each at least twice as long as the next (the logarithmic method of J. Bentley and
 * J. Saxe): to add one costs the logarithm of all in the mean, and nothing until somebody asks. Names that were removed
 * stay until their run is merged.
 */
export class Sorted {
  readonly #order: Order
  #waiting: Name[]
  #runs: Name[][] = []

  constructor(order: Order, names: Iterable<Name>) {
    this.#order = order
    this.#waiting = [...names]
  }

  add(name: Name): void {
    this.#waiting.push(name)
  }

  /** Leaves out what was removed. */
  sweep(): void {
    this.#waiting = this.#waiting.filter(isUsed)
    this.#runs = this.#runs.map((run) => run.filter(isUsed)).filter((run) => run.length > 0)
  }

  /** All names with an end. */
  ranges(end: string): Range[] {
    this.#settle()
    return this.#runs.map((run) => this.#range(run, end))
  }

  #settle(): void {
    if (this.#waiting.length === 0) return
    this.#runs.push(this.#waiting.filter(isUsed).sort((a, b) => this.#order.compare(a.text, b.text)))
    this.#waiting = []
    while (this.#runs.length > 1 && this.#runs.at(-2)!.length < 2 * this.#runs.at(-1)!.length) {
      const [one, other] = this.#runs.splice(-2)
      this.#runs.push(this.#merge(one, other))
    }
  }

  #merge(one: readonly Name[], other: readonly Name[]): Name[] {
    const merged: Name[] = []
    let at = 0
    for (const name of other) {
      if (name.id < 0) continue
      while (at < one.length && this.#order.compare(one[at].text, name.text) < 0) {
        if (one[at].id >= 0) merged.push(one[at])
        at += 1
      }
      merged.push(name)
    }
    for (; at < one.length; at += 1) if (one[at].id >= 0) merged.push(one[at])
    return merged
  }

  #range(run: readonly Name[], end: string): Range {
    const start = firstWhere(run, (text) => this.#order.compare(text, end) >= 0)
    const stop = firstWhere(run, (text) => this.#order.compare(text, end) >= 0 && !this.#order.hasEnd(text, end))
    return { run, start, end: stop }
  }
}

/** The first name of a run that something is true of, as it is of all that follow. */
function firstWhere(run: readonly Name[], isTrue: (text: string) => boolean): number {
  let low = 0
  let high = run.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isTrue(run[middle].text)) high = middle
    else low = middle + 1
  }
  return low
}

function isUsed(name: Name): boolean {
  return name.id >= 0
}
