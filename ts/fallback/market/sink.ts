import type { Batch } from './batch.js'
import { type Clock, OUT_OF_REACH } from './clock.js'
import type { Names } from './names.js'
import { Misfit } from './reject.js'
import type { Slots } from './slots.js'

/** What a venue's decoder writes to. */
export class Sink {
  readonly batch: Batch
  readonly instruments: Names
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
    this.imprecise = 0
  }

  /** Sets when it happened: UNIX milliseconds, or the receive time if they are negative. */
  happened(unixMs: number): void {
    const { batch } = this
    batch.eventNs = unixMs < 0 ? batch.initNs : this.#clock.event(unixMs)
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
    const value = slots.number(slot)
    const trouble = this.troubleWith(value, slots.isPrecise(slot), slots.isNonzero(slot), field)
    if (trouble !== undefined) throw trouble
    return value
  }

  /** The price or size in a slot, which is more than 0. */
  positive(slots: Slots, slot: number, field: string): number {
    const value = this.amount(slots, slot, field)
    if (value === 0) throw new Misfit('zero', field)
    return value
  }

  /** What is wrong with a price or size; counts those that have too many digits. */
  troubleWith(value: number, isPrecise: boolean, isNonzero: boolean, field: string): Misfit | undefined {
    if (value < 0 || Object.is(value, -0)) return new Misfit('negative', field)
    if (value === Infinity || (value === 0 && isNonzero)) return new Misfit('range', field)
    if (!isPrecise) this.imprecise += 1
    return undefined
  }
}
