import { idOf, isObject, type Message, type Protocol, type Reply, type Stream, textOf } from './protocol.js'

/**
 * Kraken, second protocol. Every symbol is answered apart. Its checksums are made of texts whose decimal places only the
 * channel `instrument` tells, so that this is asked for before books are.
 */
export const krakenV2: Protocol = {
  market: 'kraken',
  url: 'wss://ws.kraken.com/v2',
  channels: { quotes: 'ticker', trades: 'trade', book: 'book-100' },
  limits: { subscriptions: 1_000, messagesPerSecond: 10, topicsPerRequest: 50 },
  pingMs: 15_000,
  ping: '{"method":"ping"}',
  hasConsecutiveTrades: true,
  topicOf: (name, symbol) => `${name}:${symbol}`,
  request: (method, streams, id) => JSON.stringify({ method, params: paramsOf(streams), req_id: id }),
  replyTo,
  opening: (channel) =>
    channel === 'book' ? '{"method":"subscribe","params":{"channel":"instrument","snapshot":true}}' : undefined,
}

function paramsOf(streams: readonly Stream[]): object {
  const [channel, depth] = streams[0]!.name.split('-')
  const symbol = streams.map((stream) => stream.symbol)
  if (depth !== undefined) return { channel, symbol, depth: Number(depth) }
  return channel === 'ticker' ? { channel, symbol, event_trigger: 'bbo' } : { channel, symbol }
}

function replyTo(message: Message): Reply | undefined {
  const { method, success, req_id: id, error, symbol, result } = message
  if (method !== 'subscribe') return undefined
  if (success !== true) {
    return { isAccepted: false, id: idOf(id), ...about(symbol), reason: textOf(error) }
  }
  const { channel, symbol: accepted, depth } = isObject(result) ? result : {}
  const name = depth === undefined ? textOf(channel) : `${textOf(channel)}-${textOf(depth)}`
  return { isAccepted: true, id: idOf(id), topics: typeof accepted === 'string' ? [`${name}:${accepted}`] : [] }
}

/** A refusal names the symbol and not the channel; the request's id says which of the symbol's it is. */
function about(symbol: unknown): { symbol?: string } {
  return typeof symbol === 'string' ? { symbol } : {}
}
