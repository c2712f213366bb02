import { basename } from 'node:path'
import { show, TickbusError } from '../errors.js'

/** The three markets of Binance: spot, USD-margined and coin-margined futures. */
export type BinanceMarket = 'spot' | 'usdm' | 'cm'

/** What a recording is about. `BTCUSDT` alone names two markets, so the market is part of it. */
export interface FeedInstrument {
  readonly venue: 'BINANCE'
  readonly market: BinanceMarket
  /** The venue's name for it, as in the frames: `BTCUSDT`, `BTCUSD_PERP`. */
  readonly symbol: string
  /** Our name for it: `BTCUSDT.BINANCE` (spot), `BTCUSDT-PERP.BINANCE` (USD-margined), `BTCUSD_PERP.BINANCE` (coin-margined). */
  readonly id: string
  /** Where its messages are published. */
  readonly topics: { readonly quotes: string; readonly trades: string; readonly book: string }
}

/**
 * The instrument that a recording's name says: `MARKET_SYMBOL_DATE.gz`, the date left out at will.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if the name says no market.
 */
export function feedInstrumentOf(file: string): FeedInstrument {
  const named = /^(spot|usdm|cm)_([a-z0-9_]+?)(?:_\d{8})?\.gz$/i.exec(basename(file))
  if (named === null) {
    const reason = `its name ${show(basename(file))} does not say the market; call it spot_SYMBOL.gz, usdm_SYMBOL.gz or cm_SYMBOL.gz`
    throw new TickbusError('TICKBUS_RECORDING', { file, reason })
  }
  return feedInstrument(named[1]!.toLowerCase() as BinanceMarket, named[2]!.toUpperCase())
}

/** The instrument of a market by the venue's symbol. */
export function feedInstrument(market: BinanceMarket, symbol: string): FeedInstrument {
  // A symbol with an underscore says itself what it is: BTCUSD_PERP, or BTCUSDT_240927 which is delivered on that day.
  const name = market === 'usdm' && !symbol.includes('_') ? `${symbol}-PERP` : symbol
  const topics = {
    quotes: `data.quotes.BINANCE.${name}`,
    trades: `data.trades.BINANCE.${name}`,
    book: `data.book.deltas.BINANCE.${name}`,
  }
  return { venue: 'BINANCE', market, symbol, id: `${name}.BINANCE`, topics }
}
