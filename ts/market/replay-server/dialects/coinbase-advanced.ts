import { isObject, type Message } from '../../connection/index.js'
import {
  type Asked,
  asked,
  type Dialect,
  list,
  messageIn,
  OTHER,
  type Request,
  type Served,
  type TextLevel,
} from './dialect.js'

/** Coinbase Advanced Trade: one channel a request, and every message of a connection is numbered. */
export const coinbaseAdvanced: Dialect = {
  isRefusing: true,
  isWhole: true,
  heartbeat: around('heartbeats', { current_time: '2024-08-09T00:00:00Z', heartbeat_counter: 0 }),
  read,
  request,
  answer(asking, _accepted, refused, all) {
    if (asking.kind !== 'subscribe' && asking.kind !== 'unsubscribe') return []
    if (refused.length > 0) {
      return [JSON.stringify({ type: 'error', message: `Failed to subscribe: ${refused[0]!.symbol} is not valid` })]
    }
    return [around('subscriptions', { subscriptions: byName(all) })]
  },
  snapshot({ symbol }, book) {
    const updates = [...book.side(false), ...book.side(true)]
    return around('l2_data', { type: 'snapshot', product_id: symbol, updates })
  },
  numbered: (frame, number) => frame.replace(/"sequence_num"\s*:\s*\d+/, `"sequence_num":${number}`),
}

function around(channel: string, event: object): string {
  return JSON.stringify({ channel, client_id: '', timestamp: '2024-08-09T00:00:00Z', sequence_num: 0, events: [event] })
}

function byName(all: readonly Asked[]): Record<string, string[]> {
  const names = new Set(all.map(({ topic }) => topic.split(':')[0]!))
  const symbolsOf = (name: string) =>
    all.filter(({ topic }) => topic.startsWith(`${name}:`)).map(({ symbol }) => symbol)
  return Object.fromEntries([...names].map((name) => [name, symbolsOf(name)]))
}

function request(text: string): Request {
  const message = messageIn(text)
  const { type, channel, product_ids } = message
  if ((type !== 'subscribe' && type !== 'unsubscribe') || typeof channel !== 'string') return OTHER
  return { kind: type, asked: asked(channel, product_ids), message }
}

/** A message is for the instrument of its first event. */
function read(message: unknown): Served[] {
  if (!isObject(message)) return []
  const { channel, events } = message
  const [event] = list(events)
  if (!isObject(event)) return []
  if (channel === 'l2_data') {
    const symbol = String(event.product_id)
    return [{ key: `level2:${symbol}`, symbol, book: bookOf(event, message.timestamp) }]
  }
  const [first] = channel === 'ticker' ? list(event.tickers) : channel === 'market_trades' ? list(event.trades) : []
  if (!isObject(first)) return []
  return [{ key: `${String(channel)}:${String(first.product_id)}`, symbol: String(first.product_id) }]
}

function bookOf({ type, updates }: Message, timestamp: unknown): NonNullable<Served['book']> {
  const levels = list(updates).map((raw): TextLevel => {
    const { side, price_level, new_quantity } = isObject(raw) ? raw : {}
    return { isAsk: side === 'offer', price: String(price_level), isGone: Number(new_quantity) === 0, raw }
  })
  return { isSnapshot: type === 'snapshot', levels, last: 0, rest: { timestamp } }
}
