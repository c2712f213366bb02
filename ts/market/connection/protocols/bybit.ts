import type { BybitMarket } from '../../feed-instrument.js'
import { idOf, type Message, type Protocol, type Reply, textOf } from './protocol.js'

/** Bybit v5, one connection for each product. The client pings in band, every 20 s. A request is accepted or refused as a whole. */
function bybit(market: BybitMarket, topicsPerRequest: number, bookDepth: number): Protocol {
  return {
    market,
    url: `wss://stream.bybit.com/v5/public/${market.replace('bybit-', '')}`,
    channels: { quotes: 'orderbook.1', trades: 'publicTrade', book: `orderbook.${bookDepth}` },
    limits: { subscriptions: 2_000, messagesPerSecond: 10, topicsPerRequest },
    pingMs: 20_000,
    ping: '{"op":"ping"}',
    hasConsecutiveTrades: false,
    topicOf: (name, symbol) => `${name}.${symbol}`,
    request: (op, streams, id) => JSON.stringify({ req_id: String(id), op, args: streams.map(({ topic }) => topic) }),
    replyTo,
  }
}

function replyTo({ op, success, req_id: id, ret_msg: reason }: Message): Reply | undefined {
  if (op !== 'subscribe') return undefined
  return { isAccepted: success === true, id: idOf(id), reason: textOf(reason) }
}

export const bybitSpot = bybit('bybit-spot', 10, 50)
export const bybitLinear = bybit('bybit-linear', 100, 50)
export const bybitInverse = bybit('bybit-inverse', 100, 50)
/** Options have no `orderbook.1`; their quotes are in the tickers. */
export const bybitOption: Protocol = {
  ...bybit('bybit-option', 100, 100),
  channels: { quotes: 'tickers', trades: 'publicTrade', book: 'orderbook.100' },
}
