import { isObject, type Message } from '../../connection/index.js'
import { type Asked, type Dialect, levelsOf, list, messageIn, OTHER, type Request, type Served } from './dialect.js'

/** Binance: it accepts any name, and sends no snapshots. A recording may hold some that were fetched. */
export const binance: Dialect = {
  isRefusing: false,
  read,
  request,
  answer: (asking) => (asking.kind === 'subscribe' || asking.kind === 'unsubscribe' ? [reply(asking.message)] : []),
}

function reply({ id, params }: Message): string {
  return JSON.stringify(
    Array.isArray(params) ? { result: null, id } : { error: { code: 2, msg: 'Invalid request' }, id },
  )
}

function request(text: string): Request {
  const message = messageIn(text)
  const { method, params } = message
  if (method !== 'SUBSCRIBE' && method !== 'UNSUBSCRIBE') return OTHER
  const asked = list(params)
    .filter((topic) => typeof topic === 'string')
    .map((topic): Asked => ({ key: keyOf(topic), symbol: topic.split('@')[0]!.toUpperCase(), topic }))
  return { kind: method === 'SUBSCRIBE' ? 'subscribe' : 'unsubscribe', asked, message }
}

/** A recording knows one pace of a stream: `@depth`, `@depth@100ms` and `@depth@0ms` are the same. */
function keyOf(topic: string): string {
  const [symbol, name] = topic.split('@')
  return `${symbol!.toLowerCase()}@${name}`
}

function read(message: unknown): Served[] {
  if (!isObject(message)) return []
  const { stream, data } = message
  if (!isObject(data)) return 'lastUpdateId' in message ? snapshot('', message) : []
  if (typeof stream !== 'string') return []
  const symbol = stream.split('@')[0]!.toUpperCase()
  if ('lastUpdateId' in data) return snapshot(symbol, data)
  if (data.e !== 'depthUpdate') return [{ key: keyOf(stream), symbol }]
  const levels = [...levelsOf(false, data.b), ...levelsOf(true, data.a)]
  return [{ key: keyOf(stream), symbol, book: { isSnapshot: false, levels, last: Number(data.u), rest: {} } }]
}

/** One that names no symbol is of the recording's only one. */
function snapshot(symbol: string, { lastUpdateId, bids, asks }: Message): Served[] {
  const levels = [...levelsOf(false, bids), ...levelsOf(true, asks)]
  const book = { isSnapshot: true, levels, last: Number(lastUpdateId), rest: {} }
  return [{ key: '', symbol, book, isApart: true }]
}
