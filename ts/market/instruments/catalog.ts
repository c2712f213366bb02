import { badArgument, TickbusError } from '../../errors.js'
import type { Instrument } from './instrument.js'

export interface InstrumentCatalogOptions {
  /** Most instruments that it holds, 1 to 16,777,216. @default 1_000_000 */
  capacity?: number
}

const MOST = 1 << 24
const NONE: readonly Instrument[] = []

/**
 * Instruments of many venues, found by id, by the venue's symbol and by pair, in the order in which they were added.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT` if the capacity is out of range.
 */
export class InstrumentCatalog implements Iterable<Instrument> {
  readonly capacity: number
  readonly #byId = new Map<string, Instrument>()
  readonly #bySymbol = new Map<string, Instrument[]>()
  readonly #byPair = new Map<string, Instrument[]>()

  constructor({ capacity = 1_000_000 }: InstrumentCatalogOptions = {}) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MOST) {
      const expected = `a whole number from 1 to ${MOST}`
      throw badArgument('capacity', expected, capacity)
    }
    this.capacity = capacity
  }

  /**
   * Adds one instrument.
   *
   * @throws {TickbusError} `TICKBUS_INSTRUMENT_KNOWN` if its id is there; `TICKBUS_CATALOG_FULL` if there is no room.
   * The catalog stays as it was.
   */
  add(instrument: Instrument): void {
    const { id, venue, symbol, pair } = instrument
    if (this.#byId.has(id)) throw new TickbusError('TICKBUS_INSTRUMENT_KNOWN', { id })
    if (this.size === this.capacity) throw new TickbusError('TICKBUS_CATALOG_FULL', { id, capacity: this.capacity })
    this.#byId.set(id, instrument)
    append(this.#bySymbol, keyOf(venue, symbol), instrument)
    append(this.#byPair, pair, instrument)
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): Instrument | undefined {
    return this.#byId.get(id)
  }

  /** What a venue calls by this symbol: one, or several where spot and perpetual share it. */
  ofSymbol(venue: string, symbol: string): readonly Instrument[] {
    return this.#bySymbol.get(keyOf(venue, symbol)) ?? NONE
  }

  /**
   * All that trades a canonical pair such as `BTC/USDT`, at all venues. Look at `doubt` before you compare their
   * prices.
   */
  ofPair(pair: string): readonly Instrument[] {
    return this.#byPair.get(pair) ?? NONE
  }

  [Symbol.iterator](): IterableIterator<Instrument> {
    return this.#byId.values()
  }
}

/** Neither part contains a blank. */
function keyOf(venue: string, symbol: string): string {
  return `${venue} ${symbol}`
}

function append(index: Map<string, Instrument[]>, key: string, instrument: Instrument): void {
  const found = index.get(key)
  if (found === undefined) index.set(key, [instrument])
  else found.push(instrument)
}
