import type { BinanceMarket } from '../../feed-instrument.js'
import { idOf, isObject, type Message, type Protocol, type Reply, type Stream, textOf } from './protocol.js'

/**
 * Binance. It pings with the WebSocket's own ping, which is answered by itself, every 20 s (spot) or 3 minutes (futures). Its
 * streams bring updates of a book alone; the snapshot is fetched apart. It accepts names that it does not know and then
 * sends nothing.
 */
function binance(market: BinanceMarket, url: string, snapshotUrl: string, messagesPerSecond: number): Protocol {
  return {
    market,
    url,
    channels: { quotes: 'bookTicker', trades: 'trade', book: 'depth@100ms' },
    limits: { subscriptions: 1_024, messagesPerSecond, topicsPerRequest: 200 },
    pingMs: 15_000,
    snapshotUrl,
    hasConsecutiveTrades: true,
    topicOf: (name, symbol) => `${symbol.toLowerCase()}@${name}`,
    request: (action, streams, id) =>
      JSON.stringify({ method: action.toUpperCase(), params: streams.map(({ topic }: Stream) => topic), id }),
    replyTo,
  }
}

function replyTo(message: Message): Reply | undefined {
  const id = idOf(message.id)
  const error = isObject(message.error) ? message.error : message
  if ('code' in error) return { isAccepted: false, id, code: textOf(error.code), reason: textOf(error.msg) }
  return 'result' in message ? { isAccepted: true, id } : undefined
}

export const binanceSpot = binance(
  'spot',
  'wss://stream.binance.com:9443/stream',
  'https://api.binance.com/api/v3/depth?symbol={symbol}&limit=1000',
  5,
)
export const binanceUsdm = binance(
  'usdm',
  'wss://fstream.binance.com/stream',
  'https://fapi.binance.com/fapi/v1/depth?symbol={symbol}&limit=1000',
  10,
)
export const binanceCm = binance(
  'cm',
  'wss://dstream.binance.com/stream',
  'https://dapi.binance.com/dapi/v1/depth?symbol={symbol}&limit=1000',
  10,
)
