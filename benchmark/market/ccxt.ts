/** What ccxt makes of a frame, once JSON.parse has read it: its quote, its trade or its order book. */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Open, Unavailable } from '../question.js'
import { type Read, reading } from './decoding.js'
import type { Shape } from './frames.js'

/** As much of ccxt's exchange class as is played here. */
interface Exchange {
  readonly bidsasks: Record<string, { bid: number; bidVolume: number; ask: number; askVolume: number }>
  readonly trades: Record<string, { at(place: number): { price: number; amount: number } | undefined }>
  client(url: string): unknown
  handleMessage(client: unknown, message: unknown): void
  parseOrderBook(book: unknown, symbol: string, at: number, bids: string, asks: string): Record<'bids' | 'asks', Pair[]>
  safeMarketStructure(market: object): object
  setMarkets(markets: object[]): void
}

type Pair = readonly [number, number]
type Message = { data: { e: string; T: number } }

/** The exchange class of Binance's futures, for frames of these. */
export function ccxtParsing(): Open<Shape> {
  const open = async (): Promise<Read> => {
    const exchange = await openExchange()
    const client = exchange.client('wss://fstream.binance.com/ws/0')
    return (frames) => {
      let sum = 0
      for (const frame of frames) sum += sumOf(exchange, client, JSON.parse(frame.toString()) as Message)
      return sum
    }
  }
  return reading(open, 64)
}

function sumOf(exchange: Exchange, client: unknown, message: Message): number {
  const { e, T } = message.data
  if (e === 'depthUpdate') {
    // An update goes into a book that is kept; what is made of a frame's own levels is this.
    const { bids, asks } = exchange.parseOrderBook(message.data, SYMBOL, T, 'b', 'a')
    let sum = 0
    for (const side of [bids, asks]) for (const [price, size] of side) sum += price + size
    return sum
  }
  exchange.handleMessage(client, message)
  if (e === 'trade') {
    const { price, amount } = exchange.trades[SYMBOL]!.at(-1)!
    return price + amount
  }
  const { bid, bidVolume, ask, askVolume } = exchange.bidsasks[SYMBOL]!
  return bid + bidVolume + ask + askVolume
}

/** @throws {Unavailable} where ccxt is not installed, which takes 67 MB and brings more than we want in every checkout. */
async function openExchange(): Promise<Exchange> {
  const folder = process.env.TICKBUS_CCXT ?? '.'
  const { pro } = await load(folder).catch(() => {
    throw new Unavailable(`ccxt is not in ${folder}; benchmark/README.md says how to install it`)
  })
  const exchange = new pro.binanceusdm()
  exchange.setMarkets([exchange.safeMarketStructure(market)])
  return exchange
}

async function load(folder: string): Promise<{ pro: Record<'binanceusdm', new () => Exchange> }> {
  const path = createRequire(resolve(folder, 'package.json')).resolve('ccxt')
  return ((await import(pathToFileURL(path).href)) as { default: never }).default
}

const SYMBOL = 'BTC/USDT:USDT'
const market = {
  id: 'BTCUSDT',
  lowercaseId: 'btcusdt',
  symbol: SYMBOL,
  ...{ base: 'BTC', quote: 'USDT', settle: 'USDT', baseId: 'BTC', quoteId: 'USDT', settleId: 'USDT' },
  ...{ type: 'swap', swap: true, spot: false, contract: true, linear: true, inverse: false, active: true },
  precision: { price: 0.1, amount: 0.001 },
  limits: {},
  info: {},
}
