import type { FeedInstrument } from './feed-instrument.js'
import type { RecordRun } from './merge-records.js'

/** Numbers in common for the instruments of several decoders, each of which counts its own from 0. */
export class InstrumentNumbers {
  readonly #instruments: FeedInstrument[]
  readonly #numberOf: Map<string, number>
  /** Our numbers by a decoder's, which only ever has more of them. */
  readonly #numbersOf = new Map<readonly FeedInstrument[], number[]>()

  /** The numbers of these are their places; further ones that come get those behind. */
  constructor(instruments: readonly FeedInstrument[]) {
    this.#instruments = [...instruments]
    this.#numberOf = new Map(instruments.map(({ id }, number) => [id, number]))
  }

  /** Writes our numbers into the records of a run, in place of its decoder's. */
  renumber({ records, from, to, instruments: own }: RecordRun): RecordRun {
    const numbers = this.#numbersOf.get(own) ?? []
    for (const instrument of own.slice(numbers.length)) numbers.push(this.#of(instrument))
    this.#numbersOf.set(own, numbers)
    records.renumber(from, to, numbers)
    return { records, from, to, instruments: this.#instruments }
  }

  #of(instrument: FeedInstrument): number {
    const known = this.#numberOf.get(instrument.id)
    if (known !== undefined) return known
    this.#numberOf.set(instrument.id, this.#instruments.length)
    return this.#instruments.push(instrument) - 1
  }
}
