import type { VenueProtocolName } from '../../connection/index.js'
import { binance } from './binance.js'
import { bybit, bybitV2 } from './bybit.js'
import { coinbaseAdvanced } from './coinbase-advanced.js'
import { coinbaseExchange } from './coinbase-exchange.js'
import type { Dialect } from './dialect.js'
import { krakenV1, krakenV2 } from './kraken.js'
import { okx } from './okx.js'

/** The venues' sides of all protocols that clients speak. */
export const dialects: Readonly<Record<VenueProtocolName, Dialect>> = {
  'binance-spot': binance,
  'binance-usdm': binance,
  'binance-cm': binance,
  'bybit-spot': bybit,
  'bybit-linear': bybit,
  'bybit-inverse': bybit,
  'bybit-option': bybit,
  'bybit-v2': bybitV2,
  'coinbase-exchange': coinbaseExchange,
  'coinbase-advanced': coinbaseAdvanced,
  'kraken-v1': krakenV1,
  'kraken-v2': krakenV2,
  okx,
}

export type { Asked, Dialect, Request, Served } from './dialect.js'
