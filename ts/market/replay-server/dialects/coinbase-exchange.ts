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
} from './dialect.js'

/** Coinbase Exchange: each answer lists all that is subscribed by then. */
export const coinbaseExchange: Dialect = {
  isRefusing: true,
  read,
  request,
  answer(asking, accepted, refused, all) {
    if (asking.kind !== 'subscribe' && asking.kind !== 'unsubscribe') return []
    const errors = refused.slice(0, 1).map(({ symbol }) => {
      const reason = `${symbol} is not a valid product`
      return JSON.stringify({ type: 'error', message: 'Failed to subscribe', reason })
    })
    return errors.length > 0 && accepted.length === 0 ? errors : [...errors, subscriptions(all)]
  },
  snapshot({ symbol }, book) {
    return JSON.stringify({ type: 'snapshot', product_id: symbol, asks: book.side(true), bids: book.side(false) })
  },
}

function subscriptions(all: readonly Asked[]): string {
  const names = new Set(all.map(({ topic }) => topic.split(':')[0]!))
  const channels = [...names].map((name) => {
    return { name, product_ids: all.filter(({ topic }) => topic.startsWith(`${name}:`)).map(({ symbol }) => symbol) }
  })
  return JSON.stringify({ type: 'subscriptions', channels })
}

/** `level2` and `level2_batch` differ in their pace, which a recording has but one of. */
function request(text: string): Request {
  const message = messageIn(text)
  const { type, product_ids: symbols, channels } = message
  if (type !== 'subscribe' && type !== 'unsubscribe') return OTHER
  const all = list(channels).flatMap((channel) => {
    const name = String(isObject(channel) ? channel.name : channel)
    return asked(name, isObject(channel) ? (channel.product_ids ?? symbols) : symbols, name.replace('_batch', ''))
  })
  return { kind: type, asked: all, message }
}

const keys: Readonly<Record<string, string>> = {
  ticker: 'ticker',
  match: 'matches',
  last_match: 'matches',
  snapshot: 'level2',
  l2update: 'level2',
}

function read(message: unknown): Served[] {
  if (!isObject(message)) return []
  const { type, product_id: symbol } = message
  const name = keys[String(type)]
  if (name === undefined || typeof symbol !== 'string') return []
  const key = `${name}:${symbol}`
  return name === 'level2' ? [{ key, symbol, book: bookOf(message) }] : [{ key, symbol }]
}

function bookOf({ type, bids, asks, changes }: Message): NonNullable<Served['book']> {
  if (type === 'snapshot') {
    const levels = [...levelsOf(false, bids), ...levelsOf(true, asks)]
    return { isSnapshot: true, levels, last: 0, rest: {} }
  }
  const levels = list(changes).flatMap((change) => {
    const [side, ...level] = list(change)
    return levelsOf(side === 'sell', [level])
  })
  return { isSnapshot: false, levels, last: 0, rest: {} }
}
