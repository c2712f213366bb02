/** Recordings of Binance until a strategy's handlers have read every price and size: quotes, trades and book updates. */
import { EventEmitter } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { type Backend, Epoch, MessageBus, type Quote, type Trade } from 'tickbus'
import { type BookUpdate, feedInstrumentOf, FeedPublisher, MarketDecoder, marketSchema } from 'tickbus/market'
import type { Open } from '../question.js'

/** How the recordings lie there when the clock starts. */
export interface Recorded {
  readonly isInflated: boolean
}

export const recordedRows = {
  'all files, inflated': { isInflated: true },
  'all files, with gunzip': { isInflated: false },
} satisfies Record<string, Recorded>

interface File {
  readonly name: string
  /** As it lies on the disk, or inflated. */
  readonly bytes: Buffer
}

/** What the handlers have read so far. Sums of thousandths, so that no way of adding them differs from another. */
class Strategy {
  messages = 0
  sum = 0

  readonly quote = (bid: number, bidSize: number, ask: number, askSize: number): void => {
    this.#add(bid + bidSize + ask + askSize)
  }

  readonly trade = (price: number, size: number): void => this.#add(price + size)

  readonly book = ({ bids, asks }: { bids: readonly Pair[]; asks: readonly Pair[] }): void => {
    let sum = 0
    for (const [price, size] of bids) sum += price + size
    for (const [price, size] of asks) sum += price + size
    this.#add(sum)
  }

  #add(value: number): void {
    this.messages += 1
    this.sum += Math.round(value * 1_000)
  }
}

type Pair = readonly [number, number]

/** Plays a file to the handlers of a strategy. */
type Play = (name: string, lines: Buffer, strategy: Strategy) => void

function playing(play: Play): Open<Recorded> {
  return async ({ isInflated }, quick) => {
    const packed = filesToPlay(quick)
    const files = packed.map(({ name, bytes }) => ({ name, bytes: isInflated ? gunzipSync(bytes) : bytes }))
    const expected = new Strategy()
    for (const { name, bytes } of packed) playParsed(name, gunzipSync(bytes), expected)
    // Says at once whether this case can run here.
    play(packed[0]!.name, Buffer.alloc(0), new Strategy())
    const round = async () => {
      const strategy = new Strategy()
      const start = performance.now()
      for (const { name, bytes } of files) play(name, isInflated ? bytes : gunzipSync(bytes), strategy)
      const figures = { message: ((performance.now() - start) * 1e6) / expected.messages }
      const sums = { sentChecksum: expected.sum, receivedChecksum: strategy.sum }
      return { figures, published: expected.messages, delivered: strategy.messages, ...sums }
    }
    return { round, close: async () => {} }
  }
}

/** Our decoder and our bus; blocks of lines as they come out of a file. */
export function decoded(backend: Backend): Open<Recorded> {
  return playing((name, lines, strategy) => {
    const { market, symbol } = feedInstrumentOf(name)
    const epoch = new Epoch(EPOCH_NS)
    const bus = new MessageBus({ schema: marketSchema, epoch: EPOCH_NS, backend })
    const decoder = new MarketDecoder({ market, symbols: [symbol], instrumentsMost: 1, epoch, backend })
    const publisher = new FeedPublisher(bus, decoder)
    bus.subscribe<Quote>('data.quotes.*', (q) => strategy.quote(q.bidPrice, q.bidSize, q.askPrice, q.askSize))
    bus.subscribe<Trade>('data.trades.*', (trade) => strategy.trade(trade.price, trade.size))
    bus.subscribe<BookUpdate>('data.book.deltas.*', strategy.book)
    for (let from = 0; from < lines.length;) {
      const to = lines.indexOf(LINE_END, Math.min(from + BLOCK_BYTES, lines.length - 1)) + 1
      publisher.lines(lines.subarray(from, to))
      from = to
    }
  })
}

/** What Node.js offers: lines, JSON.parse, numbers of its texts, an EventEmitter. */
export function parsed(): Open<Recorded> {
  return playing(playParsed)
}

function playParsed(_name: string, lines: Buffer, strategy: Strategy): void {
  const emitter = new EventEmitter()
  emitter.on('quote', (q: { bid: number; bidSize: number; ask: number; askSize: number }) =>
    strategy.quote(q.bid, q.bidSize, q.ask, q.askSize),
  )
  emitter.on('trade', (trade: { price: number; size: number }) => strategy.trade(trade.price, trade.size))
  emitter.on('book', strategy.book)
  for (let from = 0; from < lines.length;) {
    const end = lines.indexOf(LINE_END, from)
    emitLine(emitter, lines.toString('utf8', from, end))
    from = end + 1
  }
}

/** Messages have the times that ours have. */
function emitLine(emitter: EventEmitter, line: string): void {
  const tsInit = BigInt(line.slice(0, TIME_DIGITS))
  const frame = JSON.parse(line.slice(TIME_DIGITS + 1))
  const data = frame.data ?? frame
  const unixMs = data.T ?? data.E
  const tsEvent = unixMs === undefined ? tsInit : BigInt(unixMs) * 1_000_000n
  const kind = data.e ?? (data.lastUpdateId === undefined ? 'bookTicker' : 'snapshot')
  if (kind === 'bookTicker') {
    const [bid, bidSize, ask, askSize] = [Number(data.b), Number(data.B), Number(data.a), Number(data.A)]
    emitter.emit('quote', { symbol: data.s, bid, bidSize, ask, askSize, sequence: data.u, tsEvent, tsInit })
  } else if (kind === 'trade') {
    const trade = { symbol: data.s, price: Number(data.p), size: Number(data.q), id: data.t, isSell: data.m }
    emitter.emit('trade', { ...trade, tsEvent, tsInit })
  } else {
    const numbers = (side: [string, string][]) => side.map(([price, size]) => [Number(price), Number(size)] as const)
    const [bids, asks] = [numbers(data.bids ?? data.b), numbers(data.asks ?? data.a)]
    emitter.emit('book', { symbol: data.s, first: data.U, last: data.u, bids, asks, tsEvent, tsInit })
  }
}

/** The whole recordings beside the checkout, if they are there, else those of the package, which begin alike. */
function filesToPlay(quick: boolean): File[] {
  const whole = '../shared/data/recordings/2024-08-08/'
  const folders = ['examples/recordings/', ...(quick ? [] : [whole])].map((name) =>
    fileURLToPath(new URL(`../../../${name}`, import.meta.url)),
  )
  const folder = folders.findLast((path) => existsSync(path))!
  const names = readdirSync(folder).filter((name) => name.endsWith('.gz'))
  return names.map((name) => ({ name: basename(name), bytes: readFileSync(join(folder, name)) }))
}

/** The second before the recordings. */
const EPOCH_NS = 1_723_161_253_000_000_000n
const BLOCK_BYTES = 65_536
const TIME_DIGITS = 19
const LINE_END = 0x0a
