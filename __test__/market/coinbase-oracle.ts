import { isoNs } from './captures.js'

interface Message {
  readonly type?: string
  readonly channel?: string
  readonly product_id: string
  readonly [field: string]: any // oxlint-disable-line typescript/no-explicit-any -- a frame, read the plain way
}

/** What a frame of Coinbase says, read the plain way from what JSON.parse makes of it. */
export function expectedOf(frame: Message, tsInit: bigint): Record<string, unknown>[] {
  return frame.type === undefined ? ofAdvanced(frame, tsInit) : ofExchange(frame, tsInit)
}

const topicOf = (kind: string, product: string) => `data.${kind}.COINBASE.${product}`
const takerOf = (maker: string) => (maker.toLowerCase() === 'sell' ? 'BUYER' : 'SELLER')
const levelsOf = (side: string[][]) => side.map((level) => level.slice(0, 2).map(Number))

function ofExchange(frame: Message, tsInit: bigint): Record<string, unknown>[] {
  const { type, product_id: product, time } = frame
  const times = { tsEvent: time === undefined ? tsInit : isoNs(time), tsInit }
  if (type === 'ticker') {
    const [bidPrice, askPrice] = [Number(frame.best_bid), Number(frame.best_ask)]
    const [bidSize, askSize] = [Number(frame.best_bid_size ?? 0), Number(frame.best_ask_size ?? 0)]
    const { sequence } = frame
    return [{ topic: topicOf('quotes', product), bidPrice, askPrice, bidSize, askSize, sequence, ...times }]
  }
  if (type === 'match' || type === 'last_match') {
    const [price, size, tradeId] = [Number(frame.price), Number(frame.size), String(frame.trade_id)]
    const aggressorSide = takerOf(frame.side)
    return [{ topic: topicOf('trades', product), price, size, aggressorSide, tradeId, ...times }]
  }
  const book = { topic: topicOf('book.deltas', product), firstSequence: 0, lastSequence: 0, ...times }
  if (type === 'snapshot') {
    return [{ ...book, kind: 'snapshot', bids: levelsOf(frame.bids), asks: levelsOf(frame.asks) }]
  }
  if (type !== 'l2update') return []
  const changes = (side: string) =>
    levelsOf(frame.changes.filter(([of]: string[]) => of === side).map((part: string[]) => part.slice(1)))
  return [{ ...book, kind: 'delta', bids: changes('buy'), asks: changes('sell') }]
}

function ofAdvanced(frame: Message, tsInit: bigint): Record<string, unknown>[] {
  const { channel, timestamp, sequence_num: sequence, events } = frame
  const times = { tsEvent: isoNs(timestamp), tsInit }
  if (channel === 'ticker' || channel === 'ticker_batch') {
    const tickers = events.flatMap((event: Message) => event.tickers).filter((one: Message) => one.best_bid)
    return tickers.map((ticker: Message) => ({
      topic: topicOf('quotes', ticker.product_id),
      bidPrice: Number(ticker.best_bid),
      askPrice: Number(ticker.best_ask),
      bidSize: Number(ticker.best_bid_quantity),
      askSize: Number(ticker.best_ask_quantity),
      sequence,
      ...times,
    }))
  }
  if (channel === 'market_trades') {
    const trades = events.flatMap((event: Message) => event.trades)
    return trades.map(({ product_id: product, price, size, side, trade_id: tradeId, time }: Message) => ({
      topic: topicOf('trades', product),
      price: Number(price),
      size: Number(size),
      aggressorSide: takerOf(side),
      tradeId: String(tradeId),
      tsEvent: isoNs(time),
      tsInit,
    }))
  }
  if (channel !== 'l2_data') return []
  return events.map(({ type, product_id: product, updates }: Message) => {
    const side = (of: string) =>
      updates
        .filter((update: Message) => update.side === of)
        .map((update: Message) => [Number(update.price_level), Number(update.new_quantity)])
    return {
      topic: topicOf('book.deltas', product),
      kind: type === 'snapshot' ? 'snapshot' : 'delta',
      firstSequence: sequence,
      lastSequence: sequence,
      bids: side('bid'),
      asks: side('offer'),
      ...times,
    }
  })
}
