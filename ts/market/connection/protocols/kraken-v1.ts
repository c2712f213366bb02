import { idOf, isObject, type Message, type Protocol, type Reply, textOf } from './protocol.js'

/** Kraken, first protocol. Every pair is answered apart. A heartbeat comes each second in which nothing else does. */
export const krakenV1: Protocol = {
  market: 'kraken',
  url: 'wss://ws.kraken.com',
  channels: { quotes: 'spread', trades: 'trade', book: 'book-100' },
  limits: { subscriptions: 1_000, messagesPerSecond: 10, topicsPerRequest: 50 },
  pingMs: 15_000,
  ping: '{"event":"ping"}',
  hasConsecutiveTrades: false,
  topicOf: (name, symbol) => `${name}:${symbol}`,
  request: (event, streams, reqid) => {
    const [name, depth] = streams[0]!.name.split('-')
    const subscription = depth === undefined ? { name } : { name, depth: Number(depth) }
    return JSON.stringify({ event, reqid, pair: streams.map(({ symbol }) => symbol), subscription })
  },
  replyTo,
}

function replyTo(message: Message): Reply | undefined {
  if (message.event !== 'subscriptionStatus' || message.status === 'unsubscribed') return undefined
  const { pair, status, subscription, reqid, errorMessage: reason } = message
  const { name, depth } = isObject(subscription) ? subscription : {}
  const channel = depth === undefined ? textOf(name) : `${textOf(name)}-${textOf(depth)}`
  return {
    isAccepted: status !== 'error',
    id: idOf(reqid),
    ...(typeof pair === 'string' && { topics: [`${channel}:${pair}`] }),
    reason: textOf(reason),
  }
}
