import { isObject, type Message } from '../../connection/index.js'
import {
  type Asked,
  type Dialect,
  levelsOf,
  list,
  messageIn,
  OTHER,
  type Request,
  type Served,
  type TextLevel,
} from './dialect.js'

/** Bybit v5: a request is accepted or refused as a whole. */
export const bybit: Dialect = {
  isRefusing: true,
  isWhole: true,
  read: (message) => read(message, levelsOfV5),
  request,
  answer(asking, _accepted, refused) {
    if (asking.kind !== 'subscribe' && asking.kind !== 'unsubscribe') return []
    const { op, req_id } = asking.message
    const success = refused.length === 0
    const ret_msg = success ? op : `error:handler not found,topic:${refused[0]!.topic}`
    return [JSON.stringify({ success, ret_msg, conn_id: 'replay', req_id, op })]
  },
  snapshot({ topic, symbol }, book) {
    const { ts, cts, seq } = book.rest
    const data = { s: symbol, b: book.side(false), a: book.side(true), u: book.last, seq }
    return JSON.stringify({ topic, type: 'snapshot', ts, data, cts })
  },
}

/** Bybit before v5: its answers repeat the request. */
export const bybitV2: Dialect = {
  isRefusing: true,
  isWhole: true,
  read: (message) => read(message, levelsOfV2),
  request,
  answer(asking, _accepted, refused) {
    if (asking.kind !== 'subscribe' && asking.kind !== 'unsubscribe') return []
    const success = refused.length === 0
    const ret_msg = success ? '' : `error:unknown topic:${refused[0]!.topic}`
    return [JSON.stringify({ success, ret_msg, conn_id: 'replay', request: asking.message })]
  },
  snapshot({ topic }, book) {
    const { cross_seq, timestamp_e6 } = book.rest
    const data = { order_book: [...book.side(false), ...book.side(true)] }
    return JSON.stringify({ topic, type: 'snapshot', data, cross_seq, timestamp_e6 })
  },
}

function request(text: string): Request {
  const message = messageIn(text)
  const { op, args, req_id } = message
  if (op === 'ping') {
    return { kind: 'ping', reply: JSON.stringify({ success: true, ret_msg: 'pong', conn_id: 'replay', req_id, op }) }
  }
  if (op !== 'subscribe' && op !== 'unsubscribe') return OTHER
  const asked = list(args)
    .filter((topic) => typeof topic === 'string')
    .map((topic): Asked => ({ key: topic, symbol: symbolOf(topic), topic }))
  return { kind: op, asked, message }
}

function symbolOf(topic: string): string {
  return topic.slice(topic.lastIndexOf('.') + 1)
}

function read(message: unknown, levelsIn: (data: unknown) => TextLevel[]): Served[] {
  if (!isObject(message) || typeof message.topic !== 'string') return []
  const { topic, type, data, ts, cts, cross_seq, timestamp_e6 } = message
  const symbol = symbolOf(topic)
  if (!/^order[bB]ook/.test(topic)) return [{ key: topic, symbol }]
  const { u, seq } = isObject(data) ? data : ({} as Message)
  const rest = { ts, cts, seq, cross_seq, timestamp_e6 }
  const book = { isSnapshot: type === 'snapshot', levels: levelsIn(data), last: Number(u ?? 0), rest }
  return [{ key: topic, symbol, book }]
}

function levelsOfV5(data: unknown): TextLevel[] {
  return isObject(data) ? [...levelsOf(false, data.b), ...levelsOf(true, data.a)] : []
}

/** Objects, in a list of their own in snapshots, and in three by what happens to them in updates. */
function levelsOfV2(data: unknown): TextLevel[] {
  const { order_book, delete: gone, update, insert } = isObject(data) ? data : { order_book: data }
  const level = (isGone: boolean) => (raw: unknown) => {
    const { price, side } = isObject(raw) ? raw : {}
    return { isAsk: side === 'Sell', price: String(price), isGone, raw }
  }
  return [...list(gone).map(level(true)), ...[order_book, update, insert].flatMap(list).map(level(false))]
}
