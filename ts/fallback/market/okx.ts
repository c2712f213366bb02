import { Books } from './okx/books.js'
import { Tickers, TopQuotes } from './okx/quotes.js'
import { Trades } from './okx/trades.js'
import { Misfit } from './reject.js'
import { ascii, isTextAt, LIST, OBJECT, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { BOOK, type FrameDecoder, IGNORED, IgnoredKind, type Outcome, QUOTE, TRADE } from './venue.js'

/**
 * OKX: spot, swaps, futures and options by the interface v5.
 *
 * `arg.channel` says what a frame is: `bbo-tbt` and `tickers` are quotes, `trades` and `trades-all` trades, `books`,
 * `books-l2-tbt` and `books50-l2-tbt` snapshots and updates, `books5` snapshots. Where it comes behind the data, the
 * scanner goes back to them. Every message has the time (`ts`) of the matching engine. crates/market/src/okx.rs is the
 * same.
 */
export class Okx extends IgnoredKind implements FrameDecoder {
  readonly #envelope = new Slots()
  readonly #books = new Books()
  readonly #tops = new TopQuotes()
  readonly #tickers = new Tickers()
  readonly #trades = new Trades()
  #kind = OTHER

  decode(frame: Scanner, sink: Sink): Outcome {
    // The answer to a ping is no JSON.
    if (frame.peek() === PONG[0]) {
      frame.literal(PONG)
      frame.finish()
      return this.ignore(PONG)
    }
    const start = sink.batch.length
    const passedOver = this.#scan(frame, sink)
    const envelope = this.#envelope
    if (envelope.isFilled(EVENT, 'event')) {
      sink.restart(start)
      return this.#ignoreSlot(EVENT, frame.bytes)
    }
    if (!envelope.isFilled(CHANNEL, 'channel')) return this.#unnamed()
    envelope.require(DATA, 'data')
    if (passedOver >= 0) {
      frame.rewind(passedOver)
      this.#data(frame, sink)
    }
    if (sink.batch.length === start) {
      sink.messages = 1
      return this.#ignoreSlot(CHANNEL, frame.bytes)
    }
    return OUTCOMES[this.#kind]
  }

  /**
   * Scans the frame. Returns where the data are, if they were passed over because what they need came behind them; else
   * -1.
   */
  #scan(frame: Scanner, sink: Sink): number {
    const envelope = this.#envelope
    envelope.clear()
    let passedOver = -1
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(DATA_NAME)) {
        envelope.mark(DATA, 'data')
        frame.peek()
        if (this.#isComplete()) {
          this.#data(frame, sink)
        } else {
          passedOver = frame.place
          frame.skip()
        }
      } else if (frame.isText(ARG_NAME) && (envelope.isMet(ARG) || frame.peek() === OBJECT)) this.#arg(frame)
      else if (frame.isText(ACTION_NAME)) envelope.text(ACTION, 'action', frame)
      else if (frame.isText(EVENT_NAME)) envelope.text(EVENT, 'event', frame)
      else if (frame.isText(OP_NAME)) envelope.text(OPERATION, 'op', frame)
      else frame.skip()
    }
    frame.finish()
    return passedOver
  }

  /** Whether all that the data need was met before them. */
  #isComplete(): boolean {
    const envelope = this.#envelope
    return envelope.holds(CHANNEL) && (envelope.isMet(ACTION) || this.#kind !== BOOKS)
  }

  #arg(frame: Scanner): void {
    const envelope = this.#envelope
    envelope.mark(ARG, 'arg')
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(CHANNEL_NAME)) envelope.text(CHANNEL, 'channel', frame)
      else if (frame.isText(INST_ID_NAME)) envelope.text(SYMBOL, 'instId', frame)
      else frame.skip()
    }
    if (envelope.holds(CHANNEL)) this.#kind = kindOf(frame.bytes, envelope.number(CHANNEL), envelope.end(CHANNEL))
  }

  /** Writes what the data say, a list of messages. */
  #data(frame: Scanner, sink: Sink): void {
    const kind = this.#kind
    if (kind === OTHER) return frame.skip()
    const envelope = this.#envelope
    envelope.require(SYMBOL, 'instId')
    const isSnapshot = kind !== BOOKS || this.#isSnapshot(frame)
    if (frame.peek() !== LIST) throw new Misfit('field', 'data')
    const start = envelope.number(SYMBOL)
    const end = envelope.end(SYMBOL)
    sink.messages = 0
    for (let isItem = frame.firstItem(); isItem; isItem = frame.nextItem()) {
      sink.messages += 1
      if (frame.peek() !== OBJECT) throw new Misfit('field', 'data')
      if (kind === TOPS) this.#tops.write(frame, start, end, sink)
      else if (kind === TICKERS) this.#tickers.write(frame, start, end, sink)
      else if (kind === TRADES) this.#trades.write(frame, start, end, sink)
      else this.#books.write(frame, start, end, isSnapshot, sink)
    }
  }

  #isSnapshot(frame: Scanner): boolean {
    const envelope = this.#envelope
    envelope.require(ACTION, 'action')
    const isSnapshot = envelope.is(ACTION, SNAPSHOT, frame)
    if (!isSnapshot && !envelope.is(ACTION, UPDATE, frame)) throw new Misfit('field', 'action')
    return isSnapshot
  }

  /** A frame that says no channel answers an operation, or is none of theirs. */
  #unnamed(): Outcome {
    if (!this.#envelope.isFilled(OPERATION, 'op')) throw new Misfit('kind')
    return this.ignore(REPLY)
  }

  #ignoreSlot(slot: number, bytes: Uint8Array): Outcome {
    return this.ignoreText(bytes, this.#envelope.number(slot), this.#envelope.end(slot))
  }
}

function kindOf(bytes: Uint8Array, start: number, end: number): number {
  if (isTextAt(bytes, start, end, BOOKS_NAME)) return BOOKS
  if (isTextAt(bytes, start, end, BBO_NAME)) return TOPS
  if (isTextAt(bytes, start, end, TRADES_NAME) || isTextAt(bytes, start, end, TRADES_ALL_NAME)) return TRADES
  if (isTextAt(bytes, start, end, TICKERS_NAME)) return TICKERS
  if (isTextAt(bytes, start, end, BOOKS_L2_NAME) || isTextAt(bytes, start, end, BOOKS_50_NAME)) return BOOKS
  return isTextAt(bytes, start, end, BOOKS_5_NAME) ? SNAPSHOTS : OTHER
}

/** What a channel sends, and what frames of it are. */
const BOOKS = 0
const SNAPSHOTS = 1
const TOPS = 2
const TICKERS = 3
const TRADES = 4
const OTHER = 5
const OUTCOMES: readonly Outcome[] = [BOOK, BOOK, QUOTE, QUOTE, TRADE, IGNORED]

const EVENT = 0
const CHANNEL = 1
const SYMBOL = 2
const ACTION = 3
const OPERATION = 4
const ARG = 5
const DATA = 6

const PONG = ascii('pong')
const REPLY = ascii('reply')
const DATA_NAME = ascii('data')
const ARG_NAME = ascii('arg')
const ACTION_NAME = ascii('action')
const EVENT_NAME = ascii('event')
const OP_NAME = ascii('op')
const CHANNEL_NAME = ascii('channel')
const INST_ID_NAME = ascii('instId')
const SNAPSHOT = ascii('snapshot')
const UPDATE = ascii('update')
const BOOKS_NAME = ascii('books')
const BOOKS_L2_NAME = ascii('books-l2-tbt')
const BOOKS_50_NAME = ascii('books50-l2-tbt')
const BOOKS_5_NAME = ascii('books5')
const BBO_NAME = ascii('bbo-tbt')
const TICKERS_NAME = ascii('tickers')
const TRADES_NAME = ascii('trades')
const TRADES_ALL_NAME = ascii('trades-all')
