import type { ArbitrageKernel } from '../arbitrage-core.js'
import type { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import {
  ARBITRAGE_COUNT_BACKWARDS,
  ARBITRAGE_COUNT_CLOSED,
  ARBITRAGE_COUNT_CROSSED,
  ARBITRAGE_COUNT_EVENTS,
  ARBITRAGE_COUNT_EXACT,
  ARBITRAGE_COUNT_EXPIRED,
  ARBITRAGE_COUNT_NEGATIVE,
  ARBITRAGE_COUNT_NUMBER,
  ARBITRAGE_COUNT_ONE_SIDED,
  ARBITRAGE_COUNT_OPENED,
  ARBITRAGE_COUNT_OTHER,
  ARBITRAGE_COUNT_QUOTES,
  ARBITRAGE_COUNT_UNKNOWN,
  ARBITRAGE_COUNT_ZERO,
  ARBITRAGE_COUNTS,
  RECORD_BYTES,
  TOP_DOUBLES,
} from '../layout.js'
import { loadArbitrageCore } from '../native/index.js'
import type { ArbitragePlan } from './arbitrage-plan.js'
import { EpisodeEvents, type EpisodeEvent } from './episode.js'
import { QuoteRecords } from './quote-records.js'

/** What was met so far. Quotes that are refused take their instrument out until its next good one. */
export interface ArbitrageCounts {
  /** Quotes that were taken in. */
  readonly quotes: number
  /** Quotes that were not relied on, by reason. */
  readonly refused: {
    /** With a price, a size or a time that is not finite, or beyond all prices. */
    readonly number: number
    readonly negative: number
    /** Without a price on either side. */
    readonly zero: number
    readonly oneSided: number
    /** With a bid above the offer. */
    readonly crossed: number
    /** Of an instrument that is in no pair. */
    readonly unknown: number
    /** Records that are no quotes. */
    readonly other: number
  }
  /** Quotes taken in that were received before the one before them. */
  readonly backwards: number
  /** Quotes that were given up for their age. */
  readonly expired: number
  readonly opened: number
  readonly closed: number
  /** Comparisons that were so close that they were made in integers. */
  readonly exact: number
}

/** A kernel, and what its events say. */
export class ArbitrageEngine {
  readonly plan: ArbitragePlan
  /** Room for the one quote that `updateOne` takes. */
  readonly inbox: QuoteRecords
  readonly #kernel: ArbitrageKernel
  readonly #events: EpisodeEvents

  /** @throws {TickbusError} `TICKBUS_BACKEND` */
  constructor(plan: ArbitragePlan, epoch: Epoch, backend?: Backend) {
    this.plan = plan
    this.#kernel = loadArbitrageCore(backend).openArbitrage(plan.kernel)
    this.#events = new EpisodeEvents(this.#kernel.events, plan, epoch)
    this.inbox = new QuoteRecords(this.#kernel.inbox, epoch)
  }

  /**
   * Takes 64-byte quote records in; appends what becomes of episodes to `events`, where nobody wants them without those
   * that have improved.
   */
  update(quotes: Uint8Array, events: EpisodeEvent[], wantsImproved = true): void {
    for (let rest = quotes; rest.length >= RECORD_BYTES;) {
      const taken = this.#kernel.update(rest)
      this.#read(events, wantsImproved)
      if (taken * RECORD_BYTES === rest.length) return
      rest = rest.subarray(taken * RECORD_BYTES)
    }
  }

  /** The same with the quote in `inbox`, which is empty then. */
  updateOne(events: EpisodeEvent[], wantsImproved = true): void {
    this.inbox.length = 0
    this.#kernel.updateOne()
    this.#read(events, wantsImproved)
  }

  /** How the open episodes stand, in the order in which they were opened. */
  open(): EpisodeEvent[] {
    const events: EpisodeEvent[] = []
    this.#kernel.writeOpen()
    this.#read(events, true)
    return events.sort((a, b) => a.number - b.number)
  }

  /** The doubles of a pair's best bid and offer, by the `TOP_DOUBLE_` places; they change with each update. */
  top(pair: number): Float64Array {
    const at = ARBITRAGE_COUNTS + pair * TOP_DOUBLES
    return this.#kernel.view.subarray(at, at + TOP_DOUBLES)
  }

  get counts(): ArbitrageCounts {
    const { view } = this.#kernel
    return {
      quotes: view[ARBITRAGE_COUNT_QUOTES],
      refused: {
        number: view[ARBITRAGE_COUNT_NUMBER],
        negative: view[ARBITRAGE_COUNT_NEGATIVE],
        zero: view[ARBITRAGE_COUNT_ZERO],
        oneSided: view[ARBITRAGE_COUNT_ONE_SIDED],
        crossed: view[ARBITRAGE_COUNT_CROSSED],
        unknown: view[ARBITRAGE_COUNT_UNKNOWN],
        other: view[ARBITRAGE_COUNT_OTHER],
      },
      backwards: view[ARBITRAGE_COUNT_BACKWARDS],
      expired: view[ARBITRAGE_COUNT_EXPIRED],
      opened: view[ARBITRAGE_COUNT_OPENED],
      closed: view[ARBITRAGE_COUNT_CLOSED],
      exact: view[ARBITRAGE_COUNT_EXACT],
    }
  }

  #read(events: EpisodeEvent[], wantsImproved: boolean): void {
    const count = this.#kernel.view[ARBITRAGE_COUNT_EVENTS]
    for (let place = 0; place < count; place += 1) {
      if (wantsImproved || !this.#events.isImproved(place)) events.push(this.#events.read(place))
    }
  }
}
