import { isObject, type Message } from '../../connection/index.js'
import { type Asked, type Dialect, levelsOf, list, messageIn, OTHER, type Request, type Served } from './dialect.js'

/** OKX v5: every stream is answered apart. */
export const okx: Dialect = {
  isRefusing: true,
  read,
  request,
  answer(asking, accepted, refused) {
    if (asking.kind !== 'subscribe' && asking.kind !== 'unsubscribe') return []
    const { id } = asking.message
    return [
      ...accepted.map((one) => JSON.stringify({ id, event: asking.kind, arg: argOf(one), connId: 'replay' })),
      ...refused.map((one) => {
        const { channel, instId } = argOf(one)
        const msg = `Wrong URL or channel:${channel},instId:${instId} doesn't exist.`
        return JSON.stringify({ id, event: 'error', code: '60018', msg, connId: 'replay' })
      }),
    ]
  },
  snapshot(one, book) {
    const { ts, checksum } = book.rest
    const numbers = book.last === 0 ? {} : { prevSeqId: -1, seqId: book.last }
    const data = [{ asks: book.side(true), bids: book.side(false), ts, checksum, ...numbers }]
    return JSON.stringify({ arg: argOf(one), action: 'snapshot', data })
  },
}

function argOf({ topic }: Asked): { channel: string; instId: string } {
  const [channel, instId] = topic.split(':')
  return { channel: channel!, instId: instId! }
}

function request(text: string): Request {
  if (text === 'ping') return { kind: 'ping', reply: 'pong' }
  const message = messageIn(text)
  const { op, args } = message
  if (op !== 'subscribe' && op !== 'unsubscribe') return OTHER
  const asked = list(args)
    .filter(isObject)
    .map(({ channel, instId }): Asked => {
      const topic = `${String(channel)}:${String(instId)}`
      return { key: topic, symbol: String(instId), topic }
    })
  return { kind: op, asked, message }
}

function read(message: unknown): Served[] {
  if (!isObject(message) || !isObject(message.arg) || !Array.isArray(message.data)) return []
  const { channel, instId } = message.arg
  const [key, symbol] = [`${String(channel)}:${String(instId)}`, String(instId)]
  if (!/^books(?:-l2-tbt|50-l2-tbt)?$/.test(String(channel))) return [{ key, symbol }]
  const { bids, asks, ts, checksum, seqId } = (message.data[0] ?? {}) as Message
  const levels = [...levelsOf(false, bids), ...levelsOf(true, asks)]
  const isSnapshot = message.action === 'snapshot'
  return [{ key, symbol, book: { isSnapshot, levels, last: Number(seqId ?? 0), rest: { ts, checksum } } }]
}
