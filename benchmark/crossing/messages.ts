/**
 * The messages that cross in these questions: made fresh for every send, and different every time, so that a lost, torn
 * or doubled one shows in the checksum. Every number is exact in binary, so that the checksum is too.
 */
import { type Epoch, Quote } from 'tickbus'

export type MessageKind = 'quote' | 'signal'

/** What a best bid and offer is made of, whoever carries it. */
export interface QuoteFields {
  bidPrice: number
  askPrice: number
  bidSize: number
  askSize: number
  sequence: number
  eventNs: number
  initNs: number
}

/** A free-form message of known shape: what a strategy might tell another. */
export interface Signal {
  kind: string
  instrument: { symbol: string; venue: string }
  bid: { price: number; size: number }
  ask: { price: number; size: number }
  sequence: number
  at: number
}

const bidPrice = (sequence: number) => 60_000 + (sequence & 1023) / 4
const bidSize = (sequence: number) => 1 + (sequence & 63) / 8
const askSize = (sequence: number) => 2 + (sequence & 31) / 8

/** The record of Tickbus. Its event time is the intended time of sending. */
export function makeQuote(sequence: number, atNs: number, epoch: Epoch): Quote {
  const bid = bidPrice(sequence)
  return new Quote(bid, bid + 0.25, bidSize(sequence), askSize(sequence), atNs, atNs, epoch, sequence)
}

/** The same as a plain object, for the rivals. Times as numbers: structured clone is slower with a bigint. */
export function makePlainQuote(sequence: number, atNs: number): QuoteFields {
  const bid = bidPrice(sequence)
  return {
    bidPrice: bid,
    askPrice: bid + 0.25,
    bidSize: bidSize(sequence),
    askSize: askSize(sequence),
    sequence,
    eventNs: atNs,
    initNs: atNs,
  }
}

export function makeSignal(sequence: number, atNs: number): Signal {
  const price = bidPrice(sequence)
  return {
    kind: 'signal',
    instrument: { symbol: 'BTCUSDT', venue: 'BINANCE' },
    bid: { price, size: bidSize(sequence) },
    ask: { price: price + 0.25, size: askSize(sequence) },
    sequence,
    at: atNs,
  }
}

/** One whole number out of every field but the time. */
export function weighQuote(quote: QuoteFields): number {
  const { sequence, bidPrice, askPrice, bidSize, askSize } = quote
  return (sequence + bidPrice * 4 + askPrice * 12 + bidSize * 40 + askSize * 56) | 0
}

export function weighSignal({ kind, instrument, bid, ask, sequence }: Signal): number {
  const texts = kind.length + instrument.symbol.length * 3 + instrument.venue.length * 5
  return (texts + sequence + bid.price * 4 + ask.price * 12 + bid.size * 40 + ask.size * 56) | 0
}

/** The rivals' maker. */
export function makerOf(kind: MessageKind): (sequence: number, atNs: number) => QuoteFields | Signal {
  return kind === 'quote' ? makePlainQuote : makeSignal
}

/** What a receiver has to come out with that got messages 0 to `count` - 1, each once and in order. */
export function checksumOf(kind: MessageKind, count: number): number {
  const weigh = (sequence: number) =>
    kind === 'quote' ? weighQuote(makePlainQuote(sequence, 0)) : weighSignal(makeSignal(sequence, 0))
  let checksum = 0
  for (let sequence = 0; sequence < count; sequence++) checksum = mix(checksum, weigh(sequence))
  return checksum
}

/** The newest message made stays reachable, so that no compiler may leave out making it. */
export const kept: { newest: QuoteFields | Signal | undefined } = { newest: undefined }

/** Adds the next message to a checksum that depends on the order. */
export function mix(checksum: number, weight: number): number {
  return (Math.imul(checksum, 31) + weight) | 0
}
