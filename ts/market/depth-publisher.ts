import { type BookLevel, Depth, type DepthLike, type Topic } from '../bus/index.js'
import { DEPTH_LEVELS } from '../layout.js'
import type { MessageBus } from '../workers/index.js'
import type { BookSide } from './book-view.js'
import type { InstrumentBook } from './instrument-book.js'
import type { OrderBooks } from './order-books.js'

/**
 * Publishes the best ten levels of books on `data.depth.{venue}.{symbol}`, where other threads read them as records. The
 * bus needs a schema that says so, as `marketSchema` does.
 *
 * A book that goes stale is published once without levels: nobody trades on what is no longer known.
 */
export class DepthPublisher {
  readonly #bus: Pick<MessageBus, 'topic'>
  readonly #books: OrderBooks
  /** By the books' numbers. */
  readonly #outlets: Outlet[] = []

  constructor(bus: Pick<MessageBus, 'topic'>, books: OrderBooks) {
    this.#bus = bus
    this.#books = books
  }

  /**
   * Publishes the books that the last batch changed, each at most once, and only if its best ten levels are others than
   * those that were published last. Returns how many were published.
   *
   * @throws what `Topic.publish` throws.
   */
  publish(): number {
    let published = 0
    for (const book of this.#books.changed) {
      const outlet = (this.#outlets[book.number] ??= new Outlet(this.#bus.topic(book.instrument.topics.depth)))
      if (outlet.publish(book, this.#books)) published += 1
    }
    return published
  }
}

/** The last that was published of one book: how many bids, their prices and sizes; then the same of the asks. */
class Outlet {
  readonly #topic: Topic<DepthLike>
  readonly #last = new Float64Array(SIDES * SIDE_DOUBLES)

  constructor(topic: Topic<DepthLike>) {
    this.#topic = topic
  }

  publish(book: InstrumentBook, { epoch }: OrderBooks): boolean {
    read(book, 'bid', 0)
    read(book, 'ask', SIDE_DOUBLES)
    if (next.every((value, i) => value === this.#last[i])) return false
    const depth = new Depth(levelsAt(0), levelsAt(SIDE_DOUBLES), book.eventNs, book.initNs, epoch, book.lastSequence)
    this.#topic.publish(depth)
    this.#last.set(next)
    return true
  }
}

function read(book: InstrumentBook, side: BookSide, at: number): void {
  pairs.fill(0)
  next[at] = book.readLevels(side, DEPTH_LEVELS, pairs)
  next.set(pairs, at + 1)
}

function levelsAt(at: number): Required<BookLevel>[] {
  return Array.from({ length: next[at] }, (_, place) => {
    const level = at + 1 + 2 * place
    return { price: next[level], size: next[level + 1], count: 0 }
  })
}

const SIDES = 2
const SIDE_DOUBLES = 1 + 2 * DEPTH_LEVELS
/** What is about to be published, for all books of the thread. */
const next = new Float64Array(SIDES * SIDE_DOUBLES)
const pairs = new Float64Array(2 * DEPTH_LEVELS)
