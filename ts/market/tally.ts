import type { Quote, Trade } from '../bus/index.js'
import type { BookUpdate, MarketMessage } from './market-message.js'
import type { LentMessage } from './lent-message.js'
import { Checksum } from './checksum.js'

/** The fields of a quote that cross to another thread, whatever carries them. */
export type QuoteFields = Omit<Quote, 'epoch' | 'tsEvent' | 'tsInit'>
/** The fields of a trade that cross to another thread, whatever carries them. */
export type TradeFields = Omit<Trade, 'epoch' | 'tsEvent' | 'tsInit'>

/** What has passed one end of a replay: how many messages on each topic, and a checksum over their contents. */
export interface TallyReport {
  readonly topics: Readonly<Record<string, number>>
  readonly checksum: string
}

/** Keeps count of what passes. Sender and receiver each have one; if nothing was lost, the two agree. */
export class Tally {
  readonly #checksum = new Checksum()
  readonly #topics = new Map<string, { readonly index: number; count: number }>()

  add({ kind, topic, message }: MarketMessage | LentMessage): void {
    if (kind === 'quote') this.addQuote(topic, message)
    else if (kind === 'trade') this.addTrade(topic, message)
    else this.addBook(topic, message)
  }

  addQuote(topic: string, quote: QuoteFields): void {
    this.#count(topic)
    const checksum = this.#checksum
    checksum.add(quote.bidPrice)
    checksum.add(quote.askPrice)
    checksum.add(quote.bidSize)
    checksum.add(quote.askSize)
    checksum.add(quote.sequence)
    checksum.add(quote.eventNs)
    checksum.add(quote.initNs)
  }

  addTrade(topic: string, trade: TradeFields): void {
    this.#count(topic)
    const checksum = this.#checksum
    checksum.add(trade.price)
    checksum.add(trade.size)
    checksum.addText(trade.aggressorSide)
    checksum.addText(trade.tradeId)
    checksum.add(trade.eventNs)
    checksum.add(trade.initNs)
  }

  addBook(topic: string, update: BookUpdate): void {
    this.#count(topic)
    this.#checksum.addBook(update)
  }

  get report(): TallyReport {
    const topics = Object.fromEntries([...this.#topics].map(([topic, { count }]) => [topic, count]))
    return { topics, checksum: this.#checksum.toString() }
  }

  /** Topics go into the checksum by the order in which they were first seen, the same at both ends. */
  #count(topic: string): void {
    let entry = this.#topics.get(topic)
    if (entry === undefined) {
      entry = { index: this.#topics.size, count: 0 }
      this.#topics.set(topic, entry)
    }
    entry.count += 1
    this.#checksum.add(entry.index)
  }
}
