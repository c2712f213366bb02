import { Epoch, type QuoteLike } from '../bus/index.js'
import type { Backend } from '../core.js'
import type { TickbusError } from '../errors.js'
import { type LineCounts, RecordedMarket } from '../market/index.js'
import type { ArbitragePlan } from './arbitrage-plan.js'

/** A quote of an instrument that is in a pair, with the number that the plan gives it. */
export interface RecordedQuote {
  readonly number: number
  readonly quote: QuoteLike
  /** When it was received, nanoseconds since the epoch. */
  readonly receivedNs: number
}

/** What recordings held, apart from quotes that were of use. */
export interface RecordedFacts {
  readonly lines: LineCounts
  /** Recordings that could not be read to their end. */
  readonly faults: readonly TickbusError[]
  /** Instruments of pairs that are in none of the recordings. */
  readonly missing: readonly string[]
}

/** The quotes of the plan's instruments in recordings, by receive time; ties in the order of the files. */
export class RecordedQuotes {
  readonly epoch: Epoch
  readonly #market: RecordedMarket
  readonly #plan: ArbitragePlan

  private constructor(market: RecordedMarket, plan: ArbitragePlan) {
    this.epoch = new Epoch(market.epochNs)
    this.#market = market
    this.#plan = plan
  }

  /** @throws {TickbusError} `TICKBUS_RECORDING`, `TICKBUS_BACKEND` */
  static async open(files: readonly string[], plan: ArbitragePlan, backend?: Backend): Promise<RecordedQuotes> {
    return new RecordedQuotes(await RecordedMarket.open(files, backend), plan)
  }

  /** The quotes. Can be gone through once. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RecordedQuote> {
    for await (const { kind, instrument, receivedNs, message } of this.#market.messages(this.epoch)) {
      const number = kind === 'quote' ? this.#plan.numbers.get(instrument.id) : undefined
      if (number !== undefined) yield { number, quote: message as QuoteLike, receivedNs }
    }
  }

  /** How much of the files has been read, 0 to 1. */
  get portionRead(): number {
    return this.#market.portionRead
  }

  get facts(): RecordedFacts {
    const { counts: lines, faults, instruments } = this.#market
    const present = new Set(instruments.map(({ id }) => id))
    return { lines, faults, missing: this.#plan.instruments.filter((id) => !present.has(id)) }
  }
}
