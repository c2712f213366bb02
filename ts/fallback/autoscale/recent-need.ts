/** How long a need is remembered at least, in milliseconds. */
const HOLD_MS = 10_000

const SPAN_MS = 250
/** One more than fill the hold, since the youngest is incomplete. */
const SPANS = HOLD_MS / SPAN_MS + 1

/** The most that was needed within the hold. It counts in spans of 250 ms, so that its memory is small and fixed. */
export class RecentNeed {
  readonly #most = new Float64Array(SPANS)
  #span = 0

  /** Takes a need in. The time never goes back, and goes on by a span at most. */
  add(observedMs: number, need: number): void {
    const span = Math.floor(observedMs / SPAN_MS)
    const place = span % SPANS
    if (span > this.#span) this.#most[place] = 0
    this.#span = span
    if (need > this.#most[place]!) this.#most[place] = need
  }

  most(): number {
    let most = 0
    for (const need of this.#most) if (need > most) most = need
    return most
  }
}
