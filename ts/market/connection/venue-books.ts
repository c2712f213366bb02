import type { Clock, Timer } from '../../client/index.js'
import type { Backend } from '../../core.js'
import { hasSnapshotApart, isFollowing } from '../../fallback/index.js'
import { bookRulesOf } from '../book-rules.js'
import type { FeedInstrument } from '../feed-instrument.js'
import type { KrakenBooks } from '../kraken-books.js'
import type { BookUpdate, MarketMessage } from '../market-message.js'
import { OrderBook } from '../order-book.js'
import type { BackOff } from './back-off.js'
import type { Gap, GapReason } from './gap.js'

type BookMessage = Extract<MarketMessage, { kind: 'book' }>

/** A book is as the venue has it again. */
export interface Resynced {
  readonly instrument: FeedInstrument
  /** When the snapshot was received that mended it, UNIX nanoseconds. */
  readonly tsInit: bigint
}

export interface VenueBooksOptions {
  readonly clock: Clock
  readonly kraken: KrakenBooks
  readonly backend: Backend | undefined
  readonly steadyMs: number
  openBackOff(): BackOff
  /** Asks the venue for a snapshot of an instrument's book. */
  resync(symbol: string): void
  onGap(gap: Gap): void
  onResynced(resynced: Resynced): void
}

interface Kept {
  readonly backOff: BackOff
  instrument: FeedInstrument | undefined
  book: OrderBook | undefined
  /** Where the book was when the connection was lost; undefined if that is told, or there was none. */
  lostAfter: number | undefined
  isLost: boolean
  /** Whether something is done about it. */
  isMending: boolean
  hasBroken: boolean
  liveNs: number
  timer: Timer | undefined
}

/**
 * The books of a connection: keeps them, finds out when one is not the venue's any more, and sees to it that it is mended.
 *
 * Each is an `OrderBook` that takes one message at a time. `OrderBooks`, which applies the frames of a whole batch in one call,
 * would be ahead of the messages: who handles an update would find the book as it is after later ones.
 */
export class VenueBooks {
  resyncs = 0
  readonly #options: VenueBooksOptions
  readonly #kept = new Map<string, Kept>()

  constructor(options: VenueBooksOptions) {
    this.#options = options
  }

  add(symbol: string): void {
    if (this.#kept.has(symbol)) return
    this.#kept.set(symbol, {
      backOff: this.#options.openBackOff(),
      instrument: undefined,
      book: undefined,
      lostAfter: undefined,
      isLost: false,
      isMending: false,
      hasBroken: false,
      liveNs: 0,
      timer: undefined,
    })
  }

  remove(symbol: string): void {
    this.#stopTimer(this.#kept.get(symbol))
    this.#kept.delete(symbol)
  }

  has(symbol: string): boolean {
    return this.#kept.has(symbol)
  }

  get(symbol: string): OrderBook | undefined {
    return this.#kept.get(symbol)?.book
  }

  /** Takes an update before it is published, so that who gets it finds the book as it is after it. */
  take({ instrument, message }: BookMessage): void {
    const kept = this.#kept.get(instrument.symbol)
    if (kept === undefined) return
    const { kraken, backend } = this.#options
    const book = (kept.book ??= new OrderBook(bookRulesOf(instrument, kraken), backend))
    kept.instrument = instrument
    const [wasFollowing, after] = [isFollowing(book.state), book.lastSequence]
    const state = book.apply(message)
    if (isFollowing(state)) {
      if (!wasFollowing) this.#live(kept, book, message.tsInit)
      return
    }
    if (wasFollowing) this.#broken(kept, book, after, message)
    else if (message.kind === 'snapshot') this.#mendLater(kept)
    else if (hasSnapshotApart(book.continuity)) this.#mendNow(kept)
  }

  /** Nothing is known any more of how the books are: they are stale until the venue sends them again. */
  lost(): void {
    for (const kept of this.#kept.values()) {
      if (kept.book !== undefined && isFollowing(kept.book.state)) {
        kept.isLost = true
        kept.lostAfter = kept.book.lastSequence
      }
      this.#forget(kept)
    }
  }

  /** Messages of the connection are missing, which may have been of any book. */
  doubt(): void {
    for (const kept of this.#kept.values()) {
      if (kept.book === undefined) continue
      this.#forget(kept)
      this.#mend(kept)
    }
  }

  /** A snapshot that was asked for has come by now, or does not: a book that is not mended is asked for later. */
  failed(symbol: string): void {
    const kept = this.#kept.get(symbol)
    if (kept?.isMending === true) this.#mendLater(kept)
  }

  close(): void {
    for (const kept of this.#kept.values()) this.#stopTimer(kept)
  }

  #live(kept: Kept, book: OrderBook, tsInit: bigint): void {
    const instrument = kept.instrument!
    const wasMending = kept.isMending || kept.isLost
    if (kept.isLost) this.#tell(kept, 'disconnected', kept.lostAfter, book.lastSequence, undefined, tsInit)
    kept.isLost = false
    kept.isMending = false
    kept.liveNs = this.#options.clock.nowNs()
    this.#stopTimer(kept)
    if (!wasMending) return
    this.resyncs += 1
    this.#options.onResynced({ instrument, tsInit })
  }

  #broken(kept: Kept, book: OrderBook, after: number, message: BookUpdate): void {
    const { firstSequence, tsInit } = message
    const isCounted = book.continuity === 'plus-one' && book.fault === 'gap' && firstSequence > after
    const missing = isCounted ? firstSequence - after - 1 : undefined
    this.#tell(kept, book.fault!, after, firstSequence, missing, tsInit)
    this.#mend(kept)
  }

  #mendNow(kept: Kept): void {
    if (kept.isMending) return
    kept.isMending = true
    this.#ask(kept)
  }

  /** After an attempt that did not help, or did not for long. */
  #mendLater(kept: Kept): void {
    if (kept.timer !== undefined) return
    kept.isMending = true
    const ask = (): void => {
      kept.timer = undefined
      this.#ask(kept)
    }
    kept.timer = this.#options.clock.setTimer(ask, kept.backOff.nextMs())
  }

  /** At once if the book was sound for a good while. */
  #mend(kept: Kept): void {
    const { clock, steadyMs } = this.#options
    const wasSteady = clock.nowNs() - kept.liveNs >= steadyMs * 1e6
    if (wasSteady) kept.backOff.reset()
    const isFirst = wasSteady || !kept.hasBroken
    kept.hasBroken = true
    if (isFirst) this.#mendNow(kept)
    else this.#mendLater(kept)
  }

  #ask({ instrument }: Kept): void {
    if (instrument !== undefined) this.#options.resync(instrument.symbol)
  }

  #forget(kept: Kept): void {
    this.#stopTimer(kept)
    kept.book?.invalidate()
    kept.isMending = false
  }

  #tell(
    kept: Kept,
    reason: GapReason,
    after: number | undefined,
    before: number,
    missing: number | undefined,
    tsInit: bigint,
  ): void {
    // 0 stands for no number.
    const numbers = { after: after || undefined, before: before || undefined, missing }
    this.#options.onGap({ kind: 'book', reason, instrument: kept.instrument, ...numbers, tsInit })
  }

  #stopTimer(kept: Kept | undefined): void {
    if (kept?.timer === undefined) return
    this.#options.clock.clearTimer(kept.timer)
    kept.timer = undefined
  }
}
