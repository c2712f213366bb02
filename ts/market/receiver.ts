import type { BookUpdate } from './market-message.js'
import { type ReplayPage, STAMP_EVERY } from './replay-page.js'
import { type Spread, Spreads } from './spreads.js'
import { type QuoteFields, Tally, type TallyReport, type TradeFields } from './tally.js'

/** What a worker has received. */
export interface ReceiverReport extends TallyReport {
  readonly received: number
  readonly spreads: readonly Spread[]
}

export interface ReceiverOptions {
  readonly page: ReplayPage
  /** How many times the recorded speed; 0 for as fast as possible. */
  readonly speed: number
  /** The bus epoch, UNIX nanoseconds. */
  readonly epochNs: bigint
  readonly nowNs: () => number
}

/** The receiving end of a replay, whatever carries the messages: keeps the top of the books, counts, takes the time. */
export class Receiver {
  readonly #options: ReceiverOptions
  #tally = new Tally()
  #spreads = new Spreads()
  #received = 0
  #hasLost = false

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  readonly quote = (quote: QuoteFields, topic: string): void => {
    this.#arrive(quote.initNs)
    this.#tally.addQuote(topic, quote)
    this.#spreads.add(topic, quote)
  }

  readonly trade = (trade: TradeFields, topic: string): void => {
    this.#arrive(trade.initNs)
    this.#tally.addTrade(topic, trade)
  }

  readonly book = (update: BookUpdate, topic: string): void => {
    this.#arrive(Number(update.tsInit - this.#options.epochNs))
    this.#tally.addBook(topic, update)
  }

  /** Messages were lost: from here on it is unknown which stamp is whose. */
  lost(): void {
    this.#hasLost = true
  }

  /** What has been received since the last report; the next one begins from nothing. */
  report(): ReceiverReport {
    const report = { ...this.#tally.report, received: this.#received, spreads: this.#spreads.report }
    this.#options.page.endNs = this.#options.nowNs()
    this.#options.page.received = 0
    this.#tally = new Tally()
    this.#spreads = new Spreads()
    this.#received = 0
    this.#hasLost = false
    return report
  }

  #arrive(receivedNs: number): void {
    const { page, speed, nowNs } = this.#options
    const number = this.#received
    this.#received = number + 1
    const isStamped = number % STAMP_EVERY === 0
    if (speed > 0) page.waits.record(nowNs() - page.dueNs(receivedNs, speed))
    else if (isStamped && !this.#hasLost) page.waits.record(nowNs() - page.sentNs(number))
    if (isStamped) page.received = number
  }
}
