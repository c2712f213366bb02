import { basename } from 'node:path'
import { show, TickbusError } from '../errors.js'
import type { DecodedVenue } from '../market-core.js'

/** The three markets of Binance: spot, USD-margined and coin-margined futures. */
export type BinanceMarket = 'spot' | 'usdm' | 'cm'

/** The markets of Bybit, each with a connection of its own; `bybit-v2` is the interface for contracts before v5. */
export type BybitMarket = 'bybit-spot' | 'bybit-linear' | 'bybit-inverse' | 'bybit-option' | 'bybit-v2'

/** The markets whose frames are decoded; venues with one alone go by their own name. */
export type FeedMarket = BinanceMarket | BybitMarket | 'coinbase' | 'kraken' | 'okx'

/** The venue of each market. */
export const venueOfMarket: Readonly<Record<FeedMarket, DecodedVenue>> = {
  spot: 'BINANCE',
  usdm: 'BINANCE',
  cm: 'BINANCE',
  'bybit-spot': 'BYBIT',
  'bybit-linear': 'BYBIT',
  'bybit-inverse': 'BYBIT',
  'bybit-option': 'BYBIT',
  'bybit-v2': 'BYBIT',
  coinbase: 'COINBASE',
  kraken: 'KRAKEN',
  okx: 'OKX',
}

/** What a recording is about. `BTCUSDT` alone names two markets, so the market is part of it. */
export interface FeedInstrument {
  readonly venue: DecodedVenue
  readonly market: FeedMarket
  /** The venue's name for it, as in the frames: `BTCUSDT`, `BTCUSD_PERP`, `BTC-USD`, `XBT/USD`, `BTC-USDT-SWAP`. */
  readonly symbol: string
  /**
   * Our name for it: `BTCUSDT.BINANCE` (spot), `BTCUSDT-PERP.BINANCE` (USD-margined), `BTCUSD_PERP.BINANCE` (coin-margined),
   * `BTCUSDT-LINEAR.BYBIT`, `BTC-USD.COINBASE`, `XBT/USD.KRAKEN`, `BTC-USDT-SWAP.OKX`: the same as in the venue's list of
   * instruments.
   */
  readonly id: string
  /** Where its messages are published. */
  readonly topics: { readonly quotes: string; readonly trades: string; readonly book: string; readonly depth: string }
}

/**
 * The instrument that a recording's name says: `MARKET_SYMBOL_DATE.gz`, the date left out at will.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if the name says no market.
 */
export function feedInstrumentOf(file: string): FeedInstrument {
  const named = /^(spot|usdm|cm)_([a-z0-9_]+?)(?:_\d{8})?\.gz$/i.exec(basename(file))
  if (named === null) {
    const reason = `its name ${show(basename(file))} does not say the market; call it spot_SYMBOL.gz, usdm_SYMBOL.gz, cm_SYMBOL.gz, bybit-linear_NAME.gz, coinbase_NAME.gz, kraken_NAME.gz or okx_NAME.gz`
    throw new TickbusError('TICKBUS_RECORDING', { file, reason })
  }
  return feedInstrument(named[1]!.toLowerCase() as BinanceMarket, named[2]!.toUpperCase())
}

/** The instrument of a market by the venue's symbol. */
export function feedInstrument(market: FeedMarket, symbol: string): FeedInstrument {
  const venue = venueOfMarket[market]
  const name = nameOf(market, symbol)
  const topics = {
    quotes: `data.quotes.${venue}.${name}`,
    trades: `data.trades.${venue}.${name}`,
    book: `data.book.deltas.${venue}.${name}`,
    depth: `data.depth.${venue}.${name}`,
  }
  return { venue, market, symbol, id: `${name}.${venue}`, topics }
}

function nameOf(market: FeedMarket, symbol: string): string {
  // A symbol with an underscore says itself what it is: BTCUSD_PERP, or BTCUSDT_240927 which is delivered on that day.
  if (market === 'usdm' && !symbol.includes('_')) return `${symbol}-PERP`
  // v2 had contracts alone: those in USDT are linear, all others inverse.
  if (market === 'bybit-v2') return `${symbol}-${symbol.includes('USDT') ? 'LINEAR' : 'INVERSE'}`
  // The second protocol has other names for two currencies; one instrument has one id, that of the venue's own list.
  if (market === 'kraken') return symbol.replace(/\bBTC\b/g, 'XBT').replace(/\bDOGE\b/g, 'XDG')
  const product = /^bybit-(\w+)$/.exec(market)?.[1]
  if (product !== undefined) return `${symbol}-${product.toUpperCase()}`
  return symbol
}
