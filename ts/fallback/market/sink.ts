import type { Batch } from './batch.js'
import { type Clock, OUT_OF_REACH } from './clock.js'
import type { Names } from './names.js'
import { Misfit } from './reject.js'
import type { Slots } from './slots.js'
import { Tops } from './tops.js'
import { TradeId } from './trade-id.js'

/** What a venue's decoder writes to. */
export class Sink {
  readonly batch: Batch
  readonly instruments: Names
  /** How many messages of its kind the frame has become. */
  messages = 1
  /** The instruments' last quotes, of order books of one level and of tickers: the two are not at the same point. */
  readonly lastOfBooks = new Tops()
  readonly lastOfTickers = new Tops()
  /** The id of the trade that is being read. */
  readonly tradeId = new TradeId()
  /** Prices and sizes of the frame with too many digits. */
  imprecise = 0
  readonly #clock: Clock

  constructor(batch: Batch, instruments: Names, clock: Clock) {
    this.batch = batch
    this.instruments = instruments
    this.#clock = clock
  }

  /** Forgets what the frame has written and counted, down to the first `start` records. */
  restart(start: number): void {
    this.batch.length = start
    this.messages = 1
    this.imprecise = 0
    this.messages = 1
  }

  /** Sets when it happened: UNIX milliseconds, or the receive time if they are negative. */
  happened(unixMs: number): void {
    const { batch } = this
    batch.eventNs = unixMs < 0 ? batch.initNs : this.#clock.event(unixMs)
    if (batch.eventNs === OUT_OF_REACH) throw new Misfit('eventTime')
  }

  /** Sets when it happened by UNIX microseconds. */
  happenedAtUs(unixUs: number): void {
    const { batch } = this
    batch.eventNs = this.#clock.eventOfUs(unixUs)
    if (batch.eventNs === OUT_OF_REACH) throw new Misfit('eventTime')
  }

  /** Sets when it happened: the time in a slot, or the receive time if there is none. */
  happenedAt(slots: Slots, slot: number, field: string): void {
    const { batch } = this
    const isGiven = slots.isFilled(slot, field)
    batch.eventNs = isGiven ? this.#clock.at(slots.number(slot), slots.end(slot)) : batch.initNs
    if (batch.eventNs === OUT_OF_REACH) throw new Misfit('eventTime')
  }

  /** Sets whom it is about, by the venue's name between `start` and `end`. */
  isAbout(bytes: Uint8Array, start: number, end: number): void {
    const number = this.instruments.number(bytes, start, end)
    if (number < 0) throw new Misfit('instrument')
    this.batch.instrument = number
  }

  /** The price or size in a slot, which may be 0. Counts those that have too many digits. */
  amount(slots: Slots, slot: number, field: string): number {
    slots.require(slot, field)
    const trouble = this.troubleIn(slots, slot, field)
    if (trouble !== undefined) throw trouble
    return slots.number(slot)
  }

  /** The price or size in a slot, which is more than 0. */
  positive(slots: Slots, slot: number, field: string): number {
    const value = this.amount(slots, slot, field)
    if (value === 0) throw new Misfit('zero', field)
    return value
  }

  /** What is wrong with the price or size in a filled slot; counts those that have too many digits. */
  troubleIn(slots: Slots, slot: number, field: string): Misfit | undefined {
    return this.troubleWith(slots.number(slot), slots.isPrecise(slot), slots.isNonzero(slot), field)
  }

  /** What is wrong with a price or size; counts those that have too many digits. */
  troubleWith(value: number, isPrecise: boolean, isNonzero: boolean, field: string): Misfit | undefined {
    if (value < 0 || Object.is(value, -0)) return new Misfit('negative', field)
    if (value === Infinity || (value === 0 && isNonzero)) return new Misfit('range', field)
    if (!isPrecise) this.imprecise += 1
    return undefined
  }

  /** Reads the id in a slot into `tradeId`. */
  identify(slots: Slots, slot: number, field: string, bytes: Uint8Array): void {
    slots.require(slot, field)
    if (!this.tradeId.read(bytes, slots.number(slot), slots.end(slot))) throw new Misfit('field', field)
  }
}
