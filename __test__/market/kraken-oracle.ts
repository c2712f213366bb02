import { isoNs, secondsNs } from './captures.js'

// oxlint-disable-next-line typescript/no-explicit-any -- a frame, read the plain way
type Frame = any

/** What a frame of Kraken says, read the plain way from what JSON.parse makes of it. */
export function expectedOf(frame: Frame, tsInit: bigint): Record<string, unknown>[] {
  return Array.isArray(frame) ? ofList(frame, tsInit) : ofObject(frame, tsInit)
}

/** One instrument has one id, whatever the protocol calls it. */
const topicOf = (kind: string, symbol: string) =>
  `data.${kind}.KRAKEN.${symbol.replace('BTC', 'XBT').replace('DOGE', 'XDG')}`
const takerOf = (side: string) => (side.startsWith('b') ? 'BUYER' : 'SELLER')
const book = { firstSequence: 0, lastSequence: 0 }

function ofList(frame: Frame[], tsInit: bigint): Record<string, unknown>[] {
  const [name, pair] = frame.slice(-2)
  const payload = frame[1]
  if (name === 'ticker') {
    const [bidPrice, , bidSize] = payload.b.map(Number)
    const [askPrice, , askSize] = payload.a.map(Number)
    const quote = { bidPrice, askPrice, bidSize, askSize, sequence: 0 }
    return [{ topic: topicOf('quotes', pair), ...quote, tsEvent: tsInit, tsInit }]
  }
  if (name === 'spread') {
    const [bidPrice, askPrice, , bidSize, askSize] = payload.map(Number)
    const quote = { bidPrice, askPrice, bidSize, askSize, sequence: 0 }
    return [{ topic: topicOf('quotes', pair), ...quote, tsEvent: secondsNs(payload[2]), tsInit }]
  }
  if (name === 'trade') {
    return payload.map(([price, size, time, side]: string[]) => ({
      topic: topicOf('trades', pair),
      price: Number(price),
      size: Number(size),
      aggressorSide: takerOf(side!),
      tradeId: '',
      tsEvent: secondsNs(time!),
      tsInit,
    }))
  }
  if (!name.startsWith('book-')) return []
  const parts = Object.assign({}, ...frame.slice(1, -2))
  const [asks, bids] = [parts.as ?? parts.a ?? [], parts.bs ?? parts.b ?? []] as string[][][]
  const newest = [...asks!, ...bids!].map(([, , time]) => secondsNs(time!)).toSorted((a, b) => (a < b ? -1 : 1))
  return [
    {
      topic: topicOf('book.deltas', pair),
      kind: parts.as === undefined ? 'delta' : 'snapshot',
      ...book,
      ...(parts.c !== undefined && { checksum: Number(parts.c) }),
      bids: bids!.map((level) => level.slice(0, 2).map(Number)),
      asks: asks!.map((level) => level.slice(0, 2).map(Number)),
      tsEvent: newest.at(-1) ?? tsInit,
      tsInit,
    },
  ]
}

function ofObject({ channel, type, data }: Frame, tsInit: bigint): Record<string, unknown>[] {
  const times = ({ timestamp }: Frame) => ({ tsEvent: timestamp === undefined ? tsInit : isoNs(timestamp), tsInit })
  if (channel === 'ticker') {
    return data.map((ticker: Frame) => ({
      topic: topicOf('quotes', ticker.symbol),
      bidPrice: Number(ticker.bid),
      askPrice: Number(ticker.ask),
      bidSize: Number(ticker.bid_qty),
      askSize: Number(ticker.ask_qty),
      sequence: 0,
      ...times(ticker),
    }))
  }
  if (channel === 'trade') {
    return data.map((trade: Frame) => ({
      topic: topicOf('trades', trade.symbol),
      price: Number(trade.price),
      size: Number(trade.qty),
      aggressorSide: takerOf(trade.side),
      tradeId: String(trade.trade_id),
      ...times(trade),
    }))
  }
  if (channel !== 'book') return []
  const levels = (side: Frame[]) => side.map(({ price, qty }) => [Number(price), Number(qty)])
  return data.map((update: Frame) => ({
    topic: topicOf('book.deltas', update.symbol),
    kind: type === 'snapshot' ? 'snapshot' : 'delta',
    ...book,
    checksum: update.checksum,
    bids: levels(update.bids),
    asks: levels(update.asks),
    ...times(update),
  }))
}
