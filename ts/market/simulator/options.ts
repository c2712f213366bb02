import { Epoch } from '../../bus/index.js'
import type { Backend } from '../../core.js'
import { badArgument, checkRange } from '../../errors.js'
import type { DecodedVenue, SimulationOptions } from '../../market-core.js'
import { currencyModels } from './currencies.js'
import { priceLaw, quoteArrivals, tradeArrivals } from './laws.js'
import { venueModels } from './venues.js'

export interface MarketSimulatorOptions {
  /** Whole number from 0 to 2^53 - 1: the same seed and options give the same bytes on every backend. */
  seed: number
  /** @default all five: BINANCE, COINBASE, KRAKEN, BYBIT, OKX */
  venues?: readonly DecodedVenue[]
  /** Currencies, each quoted in dollars. @default all ten: BTC, ETH, SOL, XRP, DOGE, ADA, AVAX, LINK, LTC, DOT */
  symbols?: readonly string[]
  /** Factor on all rates, 0.001 to 1,000; at 1 all venues and symbols bring some 1,350 messages a second. @default 1 */
  activity?: number
  /** How many dislocations begin in a minute in the mean, 0 to 6,000. @default 6 */
  dislocationsPerMinute?: number
  /** Least and most size of a dislocation in basis points, 0.1 to 1,000. @default [2, 20] */
  dislocationBps?: readonly [least: number, most: number]
  /** Mean length of a dislocation in milliseconds, 0.001 to 60,000. @default 250 */
  dislocationMs?: number
  /** The instant that the market begins at, in whole milliseconds. @default 2026-01-01 00:00:00 UTC */
  epoch?: Epoch
  /** Which backend simulates. @default the one that the package chose */
  backend?: Backend
}

/** Options with everything in its place. */
export interface Settled {
  readonly venues: readonly DecodedVenue[]
  readonly symbols: readonly string[]
  readonly epoch: Epoch
  readonly core: SimulationOptions
}

/** 2026-01-01 00:00:00 UTC. */
const USUAL_EPOCH_NS = 1_767_225_600_000_000_000n
const NS_PER_MS = 1_000_000
const NS_PER_MINUTE = 60e9
const HALF = 2 ** 32

/** @throws {TickbusError} `TICKBUS_ARGUMENT` for the first option that cannot be. */
export function settle(options: MarketSimulatorOptions): Settled {
  const { seed, activity = 1, dislocationsPerMinute = 6, dislocationBps = [2, 20], dislocationMs = 250 } = options
  const { epoch = new Epoch(USUAL_EPOCH_NS) } = options
  if (!Number.isSafeInteger(seed) || seed < 0) throw badArgument('seed', 'a whole number, 0 to 2^53 - 1', seed)
  const venues = chosen('venues', options.venues, Object.keys(venueModels) as DecodedVenue[])
  const symbols = chosen('symbols', options.symbols, Object.keys(currencyModels))
  checkRange('activity', activity, 0.001, 1_000)
  checkRange('dislocationsPerMinute', dislocationsPerMinute, 0, 6_000)
  checkRange('dislocationMs', dislocationMs, 0.001, 60_000)
  if (!Array.isArray(dislocationBps) || dislocationBps.length !== 2)
    throw badArgument('dislocationBps', 'two numbers', dislocationBps)
  const [leastBps, mostBps] = dislocationBps
  checkRange('dislocationBps[0]', leastBps, 0.1, 1_000)
  checkRange('dislocationBps[1]', mostBps, leastBps, 1_000)
  if (!(epoch instanceof Epoch) || epoch.unixNs < 0n || epoch.unixNs % BigInt(NS_PER_MS) !== 0n)
    throw badArgument('epoch', 'an Epoch of whole milliseconds, from 1970 on', epoch)
  const core: SimulationOptions = {
    seedLow: seed % HALF,
    seedHigh: Math.floor(seed / HALF),
    venues: venues.map((venue) => venueModels[venue]),
    symbols: symbols.map((symbol) => currencyModels[symbol]),
    quotes: { ...quoteArrivals, perSecond: quoteArrivals.perSecond * activity },
    trades: { ...tradeArrivals, perSecond: tradeArrivals.perSecond * activity },
    prices: priceLaw,
    dislocations: {
      everyNs: NS_PER_MINUTE / dislocationsPerMinute,
      lengthNs: dislocationMs * NS_PER_MS,
      leastBps,
      mostBps,
    },
  }
  return { venues, symbols, epoch, core }
}

/** The names that were given, all of them known and none twice; all known ones if none were. */
function chosen<T extends string>(name: string, given: readonly T[] | undefined, known: readonly T[]): readonly T[] {
  if (given === undefined) return known
  const isUsable = Array.isArray(given) && given.length > 0 && new Set(given).size === given.length
  if (!isUsable) throw badArgument(name, `some of ${known.join(', ')}, each once`, String(given))
  const stranger = given.find((one) => !known.includes(one))
  if (stranger !== undefined) throw badArgument(name, `some of ${known.join(', ')}`, stranger)
  return [...given]
}
