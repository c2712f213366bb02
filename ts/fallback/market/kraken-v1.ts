import { ASK, BID } from './batch.js'
import { takerOf } from './kraken-side.js'
import { checkLevel, LEVEL_PRICE, LEVEL_SIZE, writeLevel } from './levels.js'
import { Misfit, SYNTAX } from './reject.js'
import { ascii, isTextAt, LIST, OBJECT, QUOTE as TEXT, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { BOOK, IGNORED, type Outcome, QUOTE, TRADE } from './venue.js'

/**
 * Kraken's first protocol: `[channelID, payload, …, "book-10", "XBT/USD"]`, where the names come last; `book-N`, `trade`,
 * `spread` (best bid and offer) and `ticker`. A book update has one payload for each side that changed; levels have times
 * of their own, of which the last one is the update's. Trades have no ids. crates/market/src/kraken_v1.rs is the same.
 */
export class KrakenV1 {
  /** The channel's name lies here in the frame. */
  nameStart = 0
  nameEnd = 0
  #pairStart = 0
  #pairEnd = 0
  /** What the payloads say together, and one item of their lists. */
  readonly #payload = new Slots()
  readonly #item = new Slots()

  /** Decodes one list. */
  decode(frame: Scanner, sink: Sink): Outcome {
    if (!this.#findNames(frame)) return this.#other(frame)
    const outcome = this.#decodeKind(frame, sink)
    while (frame.nextItem()) frame.skip()
    frame.finish()
    return outcome
  }

  #decodeKind(frame: Scanner, sink: Sink): Outcome {
    if (this.#isKind(BOOK_NAME, frame)) return this.#book(frame, sink)
    if (this.#isKind(TRADE_NAME, frame)) return this.#trades(frame, sink)
    if (this.#isKind(SPREAD_NAME, frame)) return this.#spread(frame, sink)
    if (this.#isKind(TICKER_NAME, frame)) return this.#ticker(frame, sink)
    this.#enter(frame)
    frame.skip()
    return IGNORED
  }

  /** Whether the channel is of a kind: `book-10` is of `book`. */
  #isKind(kind: Uint8Array, { bytes }: Scanner): boolean {
    const end = this.nameStart + kind.length
    if (end > this.nameEnd || (end < this.nameEnd && bytes[end] !== HYPHEN)) return false
    return isTextAt(bytes, this.nameStart, end, kind)
  }

  /**
   * Finds the two names that the list ends with, from the end, so that a payload is scanned once, with its meaning known.
   * Not if anything but plain strings stands there.
   */
  #findNames({ bytes, start, end }: Scanner): boolean {
    if (end - start < 2 || bytes[end - 1] !== LIST_END || bytes[end - 2] !== TEXT) return false
    this.#pairEnd = end - 2
    this.#pairStart = lastText(bytes, start, end - 2)
    const comma = this.#pairStart - 2
    if (comma < start + 1 || bytes[comma] !== COMMA || bytes[comma - 1] !== TEXT) return false
    this.nameEnd = comma - 1
    this.nameStart = lastText(bytes, start, comma - 1)
    const before = this.nameStart - 2
    return before >= start && (bytes[before] === COMMA || bytes[before] === LIST)
  }

  /**
   * A list that does not end with two names: private channels have one. Where white space could be in the way, the general
   * parser takes it out first.
   */
  #other(frame: Scanner): Outcome {
    if (!frame.isNormal) throw SYNTAX
    let hasName = false
    for (let isItem = frame.firstItem(); isItem; isItem = frame.nextItem()) {
      if (frame.peek() === TEXT && !hasName) {
        hasName = frame.readText()
        this.nameStart = frame.textStart
        this.nameEnd = frame.textEnd
      } else {
        frame.skip()
      }
    }
    frame.finish()
    if (!hasName) throw new Misfit('kind')
    if (KINDS.some((kind) => this.#isKind(kind, frame))) throw new Misfit('field', 'pair')
    return IGNORED
  }

  /** Enters the list, which ends with two names: one that is over at once is no JSON. */
  #enter(frame: Scanner): void {
    if (!frame.firstItem()) throw SYNTAX
  }

  /** Steps to the first payload. */
  #seekPayload(frame: Scanner): void {
    this.#enter(frame)
    for (let first = frame.peek(); first !== OBJECT && first !== LIST; first = frame.peek()) {
      frame.skip()
      if (!frame.nextItem()) throw new Misfit('field', 'payload')
    }
  }

  #book(frame: Scanner, sink: Sink): Outcome {
    const start = sink.batch.length
    const payload = this.#payload
    this.#seekPayload(frame)
    payload.clear()
    this.#readPayload(frame, sink)
    while (frame.peek() === COMMA) {
      frame.nextItem()
      if (frame.peek() !== OBJECT) {
        frame.skip()
        break
      }
      this.#readPayload(frame, sink)
    }
    const isSnapshot = payload.isMet(ALL_ASKS) || payload.isMet(ALL_BIDS)
    if (isSnapshot) payload.require(ALL_ASKS, 'as')
    if (isSnapshot) payload.require(ALL_BIDS, 'bs')
    if (isSnapshot === (payload.isMet(ASKS) || payload.isMet(BIDS))) throw new Misfit('field', 'payload')
    const hasChecksum = payload.isFilled(CHECKSUM, 'c')
    if (hasChecksum && payload.number(CHECKSUM) > CHECKSUM_MOST) throw new Misfit('field', 'c')
    sink.happenedAt(payload, LAST, 'time')
    this.#isAbout(frame, sink)
    sink.batch.finishUpdate(start, isSnapshot, 0, 0, -1)
    if (hasChecksum) sink.batch.addChecksum(start, payload.number(CHECKSUM))
    return BOOK
  }

  #readPayload(frame: Scanner, sink: Sink): void {
    for (let isField = frame.firstKeyIn('payload'); isField; isField = frame.nextKey()) {
      if (frame.isText(A)) this.#levels(ASKS, ASK, 'a', frame, sink)
      else if (frame.isText(B)) this.#levels(BIDS, BID, 'b', frame, sink)
      else if (frame.isText(AS)) this.#levels(ALL_ASKS, ASK, 'as', frame, sink)
      else if (frame.isText(BS)) this.#levels(ALL_BIDS, BID, 'bs', frame, sink)
      else if (frame.isText(C)) this.#payload.whole(CHECKSUM, 'c', frame)
      else frame.skip()
    }
  }

  /** Writes levels of one side, `[[price, size, time], …]`. */
  #levels(slot: number, side: number, field: string, frame: Scanner, sink: Sink): void {
    const level = this.#item
    for (let isItem = frame.firstItemIn(field); isItem; isItem = frame.nextItem()) {
      level.clear()
      let place = 0
      for (let isPart = frame.firstItemIn(field); isPart; isPart = frame.nextItem()) {
        if (place === 0) level.decimal(LEVEL_PRICE, field, frame)
        else if (place === 1) level.decimal(LEVEL_SIZE, field, frame)
        else if (place === 2) level.seconds(TIME, field, frame)
        else frame.skip()
        place += 1
      }
      checkLevel(level, field, sink)
      level.require(TIME, field)
      this.#payload.keepLater(LAST, level, TIME)
      writeLevel(level, side, sink)
    }
    this.#payload.mark(slot, field)
  }

  /** Writes the trades of a list, `[[price, size, time, side, …], …]`. */
  #trades(frame: Scanner, sink: Sink): Outcome {
    let trades = 0
    this.#seekPayload(frame)
    for (let isItem = frame.firstItemIn('payload'); isItem; isItem = frame.nextItem()) {
      this.#trade(frame, sink)
      trades += 1
    }
    if (trades === 0) return IGNORED
    sink.messages = trades
    return TRADE
  }

  #trade(frame: Scanner, sink: Sink): void {
    const item = this.#item
    item.clear()
    let place = 0
    for (let isPart = frame.firstItemIn('payload'); isPart; isPart = frame.nextItem()) {
      if (place === 0) item.decimal(PRICE, 'price', frame)
      else if (place === 1) item.decimal(SIZE, 'size', frame)
      else if (place === 2) item.seconds(TIME, 'time', frame)
      else if (place === 3) item.text(SIDE, 'side', frame)
      else frame.skip()
      place += 1
    }
    const price = sink.positive(item, PRICE, 'price')
    const size = sink.positive(item, SIZE, 'size')
    const aggressor = takerOf(item, SIDE, frame)
    item.require(TIME, 'time')
    sink.happenedAt(item, TIME, 'time')
    this.#isAbout(frame, sink)
    sink.batch.trade(price, size, aggressor, -1)
  }

  /** Writes the quote that `[bid, ask, time, bid size, ask size]` is. */
  #spread(frame: Scanner, sink: Sink): Outcome {
    const item = this.#item
    item.clear()
    let place = 0
    this.#seekPayload(frame)
    for (let isPart = frame.firstItemIn('payload'); isPart; isPart = frame.nextItem()) {
      if (place === 0) item.decimal(BID_PRICE, 'bid', frame)
      else if (place === 1) item.decimal(ASK_PRICE, 'ask', frame)
      else if (place === 2) item.seconds(TIME, 'time', frame)
      else if (place === 3) item.decimal(BID_SIZE, 'bidVolume', frame)
      else if (place === 4) item.decimal(ASK_SIZE, 'askVolume', frame)
      else frame.skip()
      place += 1
    }
    const bid = sink.amount(item, BID_PRICE, 'bid')
    const ask = sink.amount(item, ASK_PRICE, 'ask')
    const bidSize = sink.amount(item, BID_SIZE, 'bidVolume')
    const askSize = sink.amount(item, ASK_SIZE, 'askVolume')
    item.require(TIME, 'time')
    sink.happenedAt(item, TIME, 'time')
    this.#isAbout(frame, sink)
    sink.batch.quote(bid, ask, bidSize, askSize, 0)
    return QUOTE
  }

  /** Writes the quote of `{"a": [price, whole lots, size], "b": …}`. */
  #ticker(frame: Scanner, sink: Sink): Outcome {
    const payload = this.#payload
    this.#seekPayload(frame)
    payload.clear()
    for (let isField = frame.firstKeyIn('payload'); isField; isField = frame.nextKey()) {
      if (frame.isText(A)) this.#best(ASK_PRICE, ASK_SIZE, 'a', frame, sink)
      else if (frame.isText(B)) this.#best(BID_PRICE, BID_SIZE, 'b', frame, sink)
      else frame.skip()
    }
    payload.require(BID_PRICE, 'b')
    payload.require(ASK_PRICE, 'a')
    sink.happened(-1)
    this.#isAbout(frame, sink)
    const [bid, ask] = [payload.number(BID_PRICE), payload.number(ASK_PRICE)]
    sink.batch.quote(bid, ask, payload.number(BID_SIZE), payload.number(ASK_SIZE), 0)
    return QUOTE
  }

  #best(priceSlot: number, sizeSlot: number, field: string, frame: Scanner, sink: Sink): void {
    const item = this.#item
    item.clear()
    let place = 0
    for (let isPart = frame.firstItemIn(field); isPart; isPart = frame.nextItem()) {
      if (place === 0) item.decimal(LEVEL_PRICE, field, frame)
      else if (place === 2) item.decimal(LEVEL_SIZE, field, frame)
      else frame.skip()
      place += 1
    }
    checkLevel(item, field, sink)
    this.#payload.keep(priceSlot, field, item.number(LEVEL_PRICE))
    this.#payload.keep(sizeSlot, field, item.number(LEVEL_SIZE))
  }

  #isAbout(frame: Scanner, sink: Sink): void {
    sink.isAbout(frame.bytes, this.#pairStart, this.#pairEnd)
  }
}

/** Where the text begins that ends at `end`, right behind the last quote; 0 if there is none, or an escape is before. */
function lastText(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start; at -= 1) {
    if (bytes[at] === TEXT) return at + 1
    if (bytes[at] === BACKSLASH) return 0
  }
  return 0
}

/** Slots of payloads. */
const ALL_ASKS = 0
const ALL_BIDS = 1
const ASKS = 2
const BIDS = 3
const CHECKSUM = 4
const LAST = 5
/** Slots of items; those of a level's price and size come first. */
const PRICE = 0
const SIZE = 1
const TIME = 2
const SIDE = 3
/** Slots of both. */
const BID_PRICE = 6
const BID_SIZE = 7
const ASK_PRICE = 8
const ASK_SIZE = 9

const CHECKSUM_MOST = 0xffff_ffff
const HYPHEN = 0x2d
const COMMA = 0x2c
const BACKSLASH = 0x5c
const LIST_END = 0x5d
const BOOK_NAME = ascii('book')
const TRADE_NAME = ascii('trade')
const SPREAD_NAME = ascii('spread')
const TICKER_NAME = ascii('ticker')
const KINDS = [BOOK_NAME, TRADE_NAME, SPREAD_NAME, TICKER_NAME] as const
const A = ascii('a')
const B = ascii('b')
const C = ascii('c')
const AS = ascii('as')
const BS = ascii('bs')
