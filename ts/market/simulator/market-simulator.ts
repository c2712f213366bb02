import type { Epoch } from '../../bus/index.js'
import { badArgument } from '../../errors.js'
import { RECORD_BYTES } from '../../layout.js'
import { type Simulation, SIMULATION_ROOM } from '../../market-core.js'
import { loadMarketCore } from '../../native/index.js'
import { type FeedInstrument, feedInstrument } from '../feed-instrument.js'
import { type MarketMessage, Records } from '../market-message.js'
import { type MarketSimulatorOptions, settle } from './options.js'
import { venueModels } from './venues.js'

/** What was planted: from `fromNs` to before `toNs` the ask of `buy` lies below the bid of `sell`. */
export interface Dislocation {
  /** The currency, as in {@link MarketSimulator.pairs}. */
  readonly pair: string
  /** Ids of the instruments. */
  readonly buy: string
  readonly sell: string
  /** Receive time of the quote that opens it, ns since the epoch. */
  readonly fromNs: number
  /** Receive time of the quote that ends it; null while it is open. */
  readonly toNs: number | null
  /** `bid of sell / ask of buy - 1` in basis points, the same all the time. */
  readonly bps: number
}

/** Beyond this a double does not hold every nanosecond: the market ends after 104 days. */
const LAST_NS = Number.MAX_SAFE_INTEGER - 1e9
/** Records that are made at a time for `take`. */
const BATCH = 1_024

/**
 * A simulated market: nothing in it happened. Quotes and trades of some currencies at five venues, as 64-byte records or
 * as messages, from a seed. Each currency has one fair price, which venues learn late and see through noise; messages
 * come in bursts like those of the recordings; docs/simulator.md says how like.
 *
 * Without fees two venues' quotes cross only in `dislocations`, from `fromNs` to `toNs`, and nowhere else.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT` if an option cannot be, `TICKBUS_BACKEND`.
 */
export class MarketSimulator {
  /** Nothing that this makes is real. */
  readonly isSimulated = true
  /** What the times of records count from. */
  readonly epoch: Epoch
  /** The instruments by their numbers, which records have in their topic word. */
  readonly instruments: readonly FeedInstrument[]
  /** Which instruments are the same thing at several venues, by currency. */
  readonly pairs: Readonly<Record<string, readonly string[]>>
  readonly #simulation: Simulation
  readonly #symbols: readonly string[]
  readonly #records = new Records(BATCH)

  constructor(options: MarketSimulatorOptions) {
    const { venues, symbols, epoch, core } = settle(options)
    this.epoch = epoch
    this.instruments = venues.flatMap((venue) => {
      const { market, symbolOf } = venueModels[venue]
      return symbols.map((symbol) => feedInstrument(market, symbolOf(symbol)))
    })
    this.#symbols = symbols
    const idsOf = (at: number) => this.instruments.filter((_, i) => i % symbols.length === at).map(({ id }) => id)
    this.pairs = Object.fromEntries(symbols.map((symbol, at) => [symbol, idsOf(at)]))
    this.#simulation = loadMarketCore(options.backend).openSimulation(core)
  }

  /**
   * Writes the next records, as the decoders write them, up to those that are due at `untilNs` and as long as there is
   * room for 64 more. Returns how many it wrote: 0 once `untilNs` is reached, and after 104 days. Receive times rise
   * strictly.
   *
   * @param out Over memory that is not shared, at a multiple of 8 bytes.
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if `out` has no room for 64 records, or `untilNs` is not above 0.
   */
  write(out: Uint8Array, untilNs = Infinity): number {
    const isUsable = out instanceof Uint8Array && out.byteLength >= SIMULATION_ROOM * RECORD_BYTES
    if (!isUsable || out.byteOffset % 8 !== 0 || !(out.buffer instanceof ArrayBuffer)) {
      const expected = `a Uint8Array of ${SIMULATION_ROOM} records or more, not shared, at a multiple of 8 bytes`
      throw badArgument('out', expected, out)
    }
    if (!(untilNs > 0)) throw badArgument('untilNs', 'a number above 0', untilNs)
    return this.#simulation.write(out, Math.min(untilNs, LAST_NS))
  }

  /**
   * The next messages, some hundreds of them; none once `untilNs` is reached.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if `untilNs` is not above 0.
   */
  take(untilNs = Infinity): MarketMessage[] {
    const messages: MarketMessage[] = []
    const count = this.write(this.#records.bytes, untilNs)
    this.#records.read(count, this.instruments, this.epoch, messages)
    return messages
  }

  /** What was planted in what was made so far; after a million nothing more is. */
  get dislocations(): Dislocation[] {
    return this.#simulation.dislocations().map(({ buy, sell, fromNs, toNs, bps }) => ({
      pair: this.#symbols[buy % this.#symbols.length],
      buy: this.instruments[buy].id,
      sell: this.instruments[sell].id,
      fromNs,
      toNs: toNs === Infinity ? null : toNs,
      bps,
    }))
  }
}
