import {
  type PlantedDislocation,
  SIMULATION_ROOM,
  type Simulation,
  type SimulationOptions,
} from '../../../market-core.js'
import { RECORD_BYTES } from '../../../layout.js'
import { Batch, BUYER, SELLER } from '../batch.js'
import { Arrivals } from './arrivals.js'
import { Calendar } from './calendar.js'
import { Dislocations } from './dislocation.js'
import { Prices } from './prices.js'
import { Quotes } from './quotes.js'
import { Random } from './random.js'

/** Nothing arrives before this, so that no event lies before the epoch. */
const START_NS = 100_000_000

/** A simulated market; crates/market's step for step, to the same bytes. */
export class JsSimulation implements Simulation {
  readonly #options: SimulationOptions
  readonly #random: Random
  readonly #prices: Prices
  readonly #quotes: Quotes
  readonly #dislocations: Dislocations
  readonly #streams: number
  /** Quotes of each stream, its trades, and at the end the dislocations. */
  readonly #calendar: Calendar
  /** By the calendar's entries. */
  readonly #arrivals: readonly Arrivals[]
  readonly #sides: Uint8Array
  readonly #tradeIds: Float64Array
  readonly #batch = new Batch()
  #now = START_NS

  constructor(options: SimulationOptions) {
    const { venues, symbols } = options
    this.#options = options
    this.#random = new Random(options.seedLow, options.seedHigh)
    this.#prices = new Prices(options.prices, symbols)
    this.#quotes = new Quotes(options, this.#prices)
    this.#dislocations = new Dislocations(options, this.#quotes)
    this.#streams = venues.length * symbols.length
    this.#sides = new Uint8Array(this.#streams).fill(BUYER)
    this.#tradeIds = new Float64Array(this.#streams)
    this.#calendar = new Calendar(2 * this.#streams + 1)
    this.#arrivals = [options.quotes, options.trades].flatMap((law) =>
      venues.flatMap((venue) => symbols.map((symbol) => new Arrivals(law, venue.activity * symbol.activity, START_NS))),
    )
    this.#arrivals.forEach((arrivals, entry) => this.#calendar.set(entry, arrivals.first(this.#random)))
    if (venues.length > 1) this.#calendar.set(2 * this.#streams, START_NS + this.#dislocations.pause(this.#random))
  }

  write(out: Uint8Array, untilNs: number): number {
    const most = Math.floor(out.byteLength / RECORD_BYTES) - SIMULATION_ROOM
    this.#batch.begin(out)
    while (this.#batch.length <= most) {
      const entry = this.#calendar.first
      const dueNs = this.#calendar.timeOf(entry)
      if (dueNs > untilNs) break
      this.#now = Math.max(Math.ceil(dueNs), this.#now + 1)
      this.#prices.advanceTo(this.#now, this.#random)
      if (entry < this.#streams) this.#quote(entry)
      else if (entry < 2 * this.#streams) this.#trade(entry)
      else this.#dislocate(entry)
    }
    return this.#batch.length
  }

  dislocations(): readonly PlantedDislocation[] {
    return [...this.#dislocations.planted]
  }

  #quote(stream: number): void {
    if (this.#dislocations.holds(stream)) this.#quotes.renewSize(stream, this.#random)
    else this.#quotes.renew(stream, this.#now, this.#random)
    this.#writeQuote(stream)
    this.#calendar.set(stream, this.#arrivals[stream].after(this.#now, this.#random))
  }

  /** A trade at the stream's best price; a burst is what one order takes. */
  #trade(entry: number): void {
    const stream = entry - this.#streams
    const arrivals = this.#arrivals[entry]
    if (!arrivals.isInBurst) this.#sides[stream] = this.#random.uniform() < 0.5 ? BUYER : SELLER
    if (this.#quotes.isQuoted(stream)) this.#writeTrade(stream)
    this.#calendar.set(entry, arrivals.after(this.#now, this.#random))
  }

  #dislocate(entry: number): void {
    const publish = (stream: number): number => this.#publishForced(stream)
    let waitNs: number
    if (this.#dislocations.isOpen) {
      this.#dislocations.close((stream) => this.#requote(stream))
      waitNs = this.#dislocations.pause(this.#random)
    } else {
      waitNs = this.#dislocations.open(this.#random, publish)
      if (waitNs < 0) waitNs = this.#dislocations.pause(this.#random)
    }
    this.#calendar.set(entry, this.#now + waitNs)
  }

  #requote(stream: number): number {
    this.#quotes.renew(stream, this.#now, this.#random)
    return this.#publishForced(stream)
  }

  /** Writes a quote out of turn; each has a time of its own. */
  #publishForced(stream: number): number {
    const now = this.#now
    this.#writeQuote(stream)
    this.#now += 1
    return now
  }

  #writeQuote(stream: number): void {
    const { venues, symbols } = this.#options
    const at = stream % symbols.length
    const { tickUnits, priceScale, sizeScale } = symbols[at]
    const venue = venues[(stream - at) / symbols.length]
    const quotes = this.#quotes
    quotes.sequences[stream] += 1
    this.#writeHead(stream, venue.lagNs, venue.quoteUnitNs)
    this.#batch.quote(
      (quotes.bids[stream] * tickUnits) / priceScale,
      (quotes.asks[stream] * tickUnits) / priceScale,
      quotes.bidSizes[stream] / sizeScale,
      quotes.askSizes[stream] / sizeScale,
      venue.hasSequence ? quotes.sequences[stream] : 0,
    )
  }

  #writeTrade(stream: number): void {
    const { venues, symbols } = this.#options
    const at = stream % symbols.length
    const { tickUnits, priceScale, sizeScale } = symbols[at]
    const venue = venues[(stream - at) / symbols.length]
    const side = this.#sides[stream]
    const ticks = side === BUYER ? this.#quotes.asks[stream] : this.#quotes.bids[stream]
    const lots = this.#quotes.size(at, this.#random)
    this.#tradeIds[stream] += 1
    this.#writeHead(stream, venue.lagNs, venue.tradeUnitNs)
    this.#batch.trade((ticks * tickUnits) / priceScale, lots / sizeScale, side, this.#tradeIds[stream])
  }

  #writeHead(stream: number, lagNs: number, unitNs: number): void {
    const batch = this.#batch
    batch.instrument = stream
    batch.initNs = this.#now
    batch.eventNs = unitNs === 0 ? this.#now : Math.floor((this.#now - lagNs) / unitNs) * unitNs
  }
}
