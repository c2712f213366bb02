/** Doubles of a quote: both prices, both sizes, the sequence. */
const FIELDS = 5

/** The last best bid and offer of each instrument, for venues that send of it only what has changed. */
export class Tops {
  /** NaN where nothing is known. */
  #quotes = new Float64Array(0)

  has(instrument: number): boolean {
    // Beyond the end there is nothing, and nothing is not a number either.
    return !Number.isNaN(this.#quotes[instrument * FIELDS] ?? NaN)
  }

  bid(instrument: number): number {
    return this.#quotes[instrument * FIELDS]
  }

  ask(instrument: number): number {
    return this.#quotes[instrument * FIELDS + 1]
  }

  bidSize(instrument: number): number {
    return this.#quotes[instrument * FIELDS + 2]
  }

  askSize(instrument: number): number {
    return this.#quotes[instrument * FIELDS + 3]
  }

  sequence(instrument: number): number {
    return this.#quotes[instrument * FIELDS + 4]
  }

  /** Notes the last quote of an instrument. */
  set(instrument: number, bid: number, ask: number, bidSize: number, askSize: number, sequence: number): void {
    const first = instrument * FIELDS
    if (first >= this.#quotes.length) this.#grow(instrument)
    const quotes = this.#quotes
    quotes[first] = bid
    quotes[first + 1] = ask
    quotes[first + 2] = bidSize
    quotes[first + 3] = askSize
    quotes[first + 4] = sequence
  }

  /** Forgets what an instrument had: changes to it cannot be followed any more. */
  forget(instrument: number): void {
    if (this.has(instrument)) this.#quotes[instrument * FIELDS] = NaN
  }

  #grow(instrument: number): void {
    const grown = new Float64Array(FIELDS * Math.max(16, 2 * (instrument + 1))).fill(NaN)
    grown.set(this.#quotes)
    this.#quotes = grown
  }
}
