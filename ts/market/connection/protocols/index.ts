import { binanceCm, binanceSpot, binanceUsdm } from './binance.js'
import { bybitInverse, bybitLinear, bybitOption, bybitSpot } from './bybit.js'
import { bybitV2 } from './bybit-v2.js'
import { coinbaseAdvanced } from './coinbase-advanced.js'
import { coinbaseExchange } from './coinbase-exchange.js'
import { krakenV1 } from './kraken-v1.js'
import { krakenV2 } from './kraken-v2.js'
import { okx } from './okx.js'
import type { Protocol } from './protocol.js'

/** Every protocol that is spoken. */
export const protocols = {
  'binance-spot': binanceSpot,
  'binance-usdm': binanceUsdm,
  'binance-cm': binanceCm,
  'bybit-spot': bybitSpot,
  'bybit-linear': bybitLinear,
  'bybit-inverse': bybitInverse,
  'bybit-option': bybitOption,
  'bybit-v2': bybitV2,
  'coinbase-exchange': coinbaseExchange,
  'coinbase-advanced': coinbaseAdvanced,
  'kraken-v1': krakenV1,
  'kraken-v2': krakenV2,
  okx,
} satisfies Record<string, Protocol>

export type VenueProtocolName = keyof typeof protocols

/** The names of all protocols that are spoken. */
export const venueProtocols = Object.keys(protocols) as readonly VenueProtocolName[]

export type { Action, Channel, Limits, Message, Protocol, Reply, Stream } from './protocol.js'
export { channels, isObject, textOf } from './protocol.js'
