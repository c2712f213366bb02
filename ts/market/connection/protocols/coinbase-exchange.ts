import { isObject, type Message, type Protocol, type Reply, textOf } from './protocol.js'

/**
 * Coinbase Exchange. Each answer lists all that is subscribed by then, and an error names no request. `level2` asks for a
 * key since 2023; `level2_batch`, the same every 50 ms, does not.
 */
export const coinbaseExchange: Protocol = {
  market: 'coinbase',
  url: 'wss://ws-feed.exchange.coinbase.com',
  channels: { quotes: 'ticker', trades: 'matches', book: 'level2_batch' },
  limits: { subscriptions: 1_000, messagesPerSecond: 10, topicsPerRequest: 100 },
  pingMs: 15_000,
  hasConsecutiveTrades: true,
  topicOf: (name, symbol) => `${name}:${symbol}`,
  request: (type, streams) =>
    JSON.stringify({ type, product_ids: streams.map(({ symbol }) => symbol), channels: [streams[0]!.name] }),
  replyTo,
}

function replyTo({ type, channels, message, reason }: Message): Reply | undefined {
  if (type === 'error')
    return { isAccepted: false, reason: [textOf(message), textOf(reason)].filter(Boolean).join(': ') }
  if (type !== 'subscriptions' || !Array.isArray(channels)) return undefined
  return { isAccepted: true, topics: channels.flatMap(topicsOf) }
}

/** `level2_batch` is listed under that name, or as `level2_50`. */
function topicsOf(channel: unknown): string[] {
  if (!isObject(channel) || !Array.isArray(channel.product_ids)) return []
  const name = channel.name === 'level2_50' ? 'level2_batch' : textOf(channel.name)
  return channel.product_ids.map((symbol) => `${name}:${textOf(symbol)}`)
}
