import type { Epoch } from '../bus/index.js'
import { type BookPlace, BookView } from './book-view.js'
import type { FeedInstrument } from './feed-instrument.js'

/** One book of `OrderBooks`. */
export class InstrumentBook extends BookView {
  readonly instrument: FeedInstrument
  /** Its place among the books, from 0. */
  readonly number: number
  readonly #epochNs: bigint

  constructor(place: BookPlace, instrument: FeedInstrument, epoch: Epoch) {
    super(place)
    this.instrument = instrument
    this.number = place.number
    this.#epochNs = epoch.unixNs
  }

  protected get epochNs(): bigint {
    return this.#epochNs
  }
}
