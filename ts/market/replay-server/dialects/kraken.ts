import { isObject, type Message } from '../../connection/index.js'
import {
  type Asked,
  asked,
  type Dialect,
  levelsOf,
  list,
  messageIn,
  OTHER,
  type Request,
  type Served,
  type TextLevel,
} from './dialect.js'

/** Kraken, first protocol: data are lists whose last two items name the channel and the pair. */
export const krakenV1: Dialect = {
  greeting: '{"connectionID":1,"event":"systemStatus","status":"online","version":"1.9.0"}',
  heartbeat: '{"event":"heartbeat"}',
  isRefusing: true,
  read: readV1,
  request: requestV1,
  answer(asking, accepted, refused) {
    if (asking.kind !== 'subscribe' && asking.kind !== 'unsubscribe') return []
    const { reqid, subscription } = asking.message
    const status = asking.kind === 'subscribe' ? 'subscribed' : 'unsubscribed'
    const event = 'subscriptionStatus'
    return [
      ...refused.map(({ symbol: pair }) => {
        const errorMessage = `Currency pair not supported ${pair}`
        return JSON.stringify({ errorMessage, event, pair, reqid, status: 'error', subscription })
      }),
      ...accepted.map(({ topic, symbol: pair }) => {
        return JSON.stringify({ channelID: 1, channelName: nameOf(topic), event, pair, reqid, status, subscription })
      }),
    ]
  },
  snapshot({ topic, symbol }, book) {
    const most = depthOf(topic)
    return JSON.stringify([1, { as: book.side(true, most), bs: book.side(false, most) }, nameOf(topic), symbol])
  },
}

/** Kraken, second protocol. */
export const krakenV2: Dialect = {
  greeting:
    '{"channel":"status","type":"update","data":[{"api_version":"v2","connection_id":1,"system":"online","version":"2.0.0"}]}',
  heartbeat: '{"channel":"heartbeat"}',
  isRefusing: true,
  read: readV2,
  request: requestV2,
  answer(asking, accepted, refused) {
    if (asking.kind !== 'subscribe' && asking.kind !== 'unsubscribe') return []
    const { method, req_id, params } = asking.message
    const { channel, depth } = isObject(params) ? params : {}
    return [
      ...refused.map(({ symbol }) => {
        return JSON.stringify({
          error: `Currency pair not supported ${symbol}`,
          method,
          req_id,
          success: false,
          symbol,
        })
      }),
      ...accepted.map(({ symbol }) => {
        return JSON.stringify({ method, req_id, result: { channel, symbol, depth, snapshot: true }, success: true })
      }),
    ]
  },
  snapshot({ topic, symbol }, book) {
    const { checksum, timestamp } = book.rest
    const most = depthOf(topic)
    const data = [{ symbol, bids: book.side(false, most), asks: book.side(true, most), checksum, timestamp }]
    return JSON.stringify({ channel: 'book', type: 'snapshot', data })
  },
}

function nameOf(topic: string): string {
  return topic.slice(0, topic.indexOf(':'))
}

/** What a subscription of a book tells of: `book-100:XBT/USD`. */
function depthOf(topic: string): number {
  return Number(/^book-(\d+):/.exec(topic)?.[1] ?? 10)
}

function requestV1(text: string): Request {
  const message = messageIn(text)
  const { event, reqid, pair, subscription } = message
  if (event === 'ping') return { kind: 'ping', reply: JSON.stringify({ event: 'pong', reqid }) }
  if ((event !== 'subscribe' && event !== 'unsubscribe') || !isObject(subscription)) return OTHER
  const { name, depth } = subscription
  return { kind: event, asked: asked(named(name, depth), pair), message }
}

function requestV2(text: string): Request {
  const message = messageIn(text)
  const { method, req_id, params } = message
  if (method === 'ping') return { kind: 'ping', reply: JSON.stringify({ method: 'pong', req_id }) }
  if ((method !== 'subscribe' && method !== 'unsubscribe') || !isObject(params)) return OTHER
  const { channel, symbol, depth } = params
  // Of all instruments, and so of no symbol.
  const topics: Asked[] =
    channel === 'instrument'
      ? [{ key: INSTRUMENTS, symbol: '', topic: INSTRUMENTS }]
      : asked(named(channel, depth), symbol, String(channel))
  return { kind: method, asked: topics, message }
}

function named(name: unknown, depth: unknown): string {
  return name === 'book' ? `book-${Number(depth ?? 10)}` : String(name)
}

function readV1(message: unknown): Served[] {
  if (!Array.isArray(message)) return []
  const [name, symbol] = message.slice(-2)
  if (typeof name !== 'string' || typeof symbol !== 'string') return []
  const key = `${name}:${symbol}`
  if (!name.startsWith('book-')) return [{ key, symbol }]
  const parts = message.slice(1, -2).filter(isObject)
  const levels = parts.flatMap(({ a, b, as, bs }) => [...levelsOf(false, bs ?? b), ...levelsOf(true, as ?? a)])
  const isSnapshot = parts.some((part) => 'as' in part || 'bs' in part)
  return [{ key, symbol, book: { isSnapshot, levels, window: depthOf(key), last: 0, rest: {} } }]
}

/** A message of the second protocol does not say the depth of its book: it is for all who subscribed to one. */
function readV2(message: unknown): Served[] {
  if (!isObject(message)) return []
  const { channel, type, data } = message
  if (channel === 'instrument') return [{ key: INSTRUMENTS, symbol: '', isKept: true }]
  const [first] = list(data)
  if (!isObject(first) || typeof first.symbol !== 'string') return []
  const { symbol } = first
  const key = `${String(channel)}:${symbol}`
  if (channel !== 'book') return [{ key, symbol }]
  const levels = [...levelsOfV2(false, first.bids), ...levelsOfV2(true, first.asks)]
  const { checksum, timestamp } = first as Message
  const isSnapshot = type === 'snapshot'
  const window = isSnapshot ? windowOf(Math.max(list(first.bids).length, list(first.asks).length)) : undefined
  return [{ key, symbol, book: { isSnapshot, levels, window, last: 0, rest: { checksum, timestamp } } }]
}

/** The least depth of a subscription that a snapshot of so many levels can come of. */
function windowOf(levels: number): number {
  return DEPTHS.find((depth) => depth >= levels) ?? levels
}

const DEPTHS = [10, 25, 100, 500, 1_000]

function levelsOfV2(isAsk: boolean, levels: unknown): TextLevel[] {
  return list(levels).map((raw) => {
    const { price, qty } = isObject(raw) ? raw : {}
    return { isAsk, price: String(price), isGone: Number(qty) === 0, raw }
  })
}

/** The key of the list of all instruments. */
const INSTRUMENTS = 'instrument'
