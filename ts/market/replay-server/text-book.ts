import type { BookChange, TextLevel } from './dialects/dialect.js'

/** Updates that are kept until the first snapshot tells which of them it holds. */
const KEPT_MOST = 10_000

/** A book with every digit as the venue wrote it: what it has at the moment that the server has come to. */
export class TextBook {
  readonly #bids = new Map<string, TextLevel>()
  readonly #asks = new Map<string, TextLevel>()
  #kept: BookChange[] | undefined = []
  #window = Infinity
  /** The venue's number of the last change. */
  last = 0
  /** What else the last change said. */
  rest: BookChange['rest'] = {}

  get isEmpty(): boolean {
    return this.#bids.size === 0 && this.#asks.size === 0
  }

  apply(change: BookChange): void {
    if (change.isSnapshot) return this.#replace(change)
    // What the venue had before the recording began is not known: the book begins with what the updates tell.
    if (this.#kept !== undefined && this.#kept.length < KEPT_MOST) this.#kept.push(change)
    this.#write(change)
  }

  /** The levels of a side as the venue writes them, the best first. */
  side(isAsk: boolean, most = Infinity): unknown[] {
    const levels = [...(isAsk ? this.#asks : this.#bids).values()]
    levels.sort((a, b) => (isAsk ? Number(a.price) - Number(b.price) : Number(b.price) - Number(a.price)))
    return levels.slice(0, most).map(({ raw }) => raw)
  }

  /** A snapshot that was fetched may be older than the last update, or than all that is known. */
  #replace(snapshot: BookChange): void {
    const kept = this.#kept
    if (kept === undefined && snapshot.last < this.last) return
    this.#bids.clear()
    this.#asks.clear()
    this.#kept = undefined
    this.#write(snapshot)
    for (const change of kept ?? []) if (change.last > snapshot.last) this.#write(change)
  }

  #write({ levels, window = this.#window, last, rest }: BookChange): void {
    for (const level of levels) {
      const side = level.isAsk ? this.#asks : this.#bids
      if (level.isGone) side.delete(level.price)
      else side.set(level.price, level)
    }
    this.#window = window
    this.#truncate()
    this.last = last
    this.rest = rest
  }

  /** Gives up what lies beyond the levels that the venue tells of: it says nothing more of them. */
  #truncate(): void {
    for (const side of [this.#bids, this.#asks]) {
      if (side.size <= this.#window) continue
      const prices = [...side.keys()].toSorted((a, b) => Number(a) - Number(b))
      const beyond = side === this.#asks ? prices.slice(this.#window) : prices.slice(0, -this.#window)
      for (const price of beyond) side.delete(price)
    }
  }
}
