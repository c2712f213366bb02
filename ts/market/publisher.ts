import { setImmediate, setTimeout } from 'node:timers/promises'
import type { FeedInstrument } from './feed-instrument.js'
import { type LentMessage, MessageLender } from './lent-message.js'
import type { Link } from './link.js'
import type { RecordRun } from './merge-records.js'
import type { ReadAhead } from './read-ahead.js'
import { STAMP_EVERY } from './replay-page.js'
import { Tally } from './tally.js'

/** Messages sent between two looks at the room in the rings; ten levels of a book count as one message more. */
const BATCH = 256
const LEVELS_PER_MESSAGE = 10
/** Messages sent in one turn of the event loop at most, so that timers and other threads are heard. */
const TURN = 4_096
/** Messages that are decoded before sending goes on, where nobody waits for their time: a burst, not a trickle. */
const BURST = 1_024
/** Gaps longer than this are slept through, all but the last of it; timers are right to a millisecond or two. */
const SLEEP_NS = 4e6
const WAKE_EARLY_MS = 2
/** In gaps longer than this there is time to read ahead. */
const READ_NS = 1e6

/** What sending one message took the publishing thread on average, in microseconds; 0 where there was none. */
export interface SendCost {
  readonly all: number
  readonly quote: number
  readonly trade: number
  readonly book: number
}

/** The sending end of a replay: decides when each message is sent, counts, and takes the time. */
export class Publisher {
  /** What was sent to each worker. */
  readonly tallies: readonly Tally[]
  readonly #link: Link
  readonly #messages: ReadAhead
  readonly #lender: MessageLender
  /** By the numbers of instruments. */
  readonly #shareOf: readonly number[]
  readonly #sentTo: number[]
  readonly #stopping = new AbortController()
  #hasStarted = false
  #sent = 0
  readonly #costs = { quote: new Mean(), trade: new Mean(), book: new Mean() }

  /** The messages say the numbers of these instruments. */
  constructor(link: Link, messages: ReadAhead, instruments: readonly FeedInstrument[]) {
    const { shares } = link
    const shareOf = new Map(shares.flatMap((share, i) => share.instruments.map(({ id }) => [id, i])))
    this.#link = link
    this.#messages = messages
    this.tallies = shares.map(() => new Tally())
    this.#sentTo = shares.map(() => 0)
    this.#shareOf = instruments.map(({ id }) => shareOf.get(id)!)
    this.#lender = new MessageLender(link.bus.epoch)
  }

  get hasStarted(): boolean {
    return this.#hasStarted
  }

  /** How many messages were sent. */
  get sent(): number {
    return this.#sent
  }

  /** What sending took this thread on average; one message in 16 is measured. */
  get sendUs(): SendCost {
    const { quote, trade, book } = this.#costs
    const all = new Mean()
    for (const cost of [quote, trade, book]) all.merge(cost)
    return { all: all.value / 1000, quote: quote.value / 1000, trade: trade.value / 1000, book: book.value / 1000 }
  }

  /** Sends what was read ahead once before it counts, so that both threads run compiled code when it does. */
  async warmUp(): Promise<void> {
    const tally = new Tally()
    let batch = 0
    for (const run of this.#messages.held) {
      const message = this.#lender.lend(run)
      const share = this.#shareOf[message.instrument]
      tally.add(message)
      this.#link.send(share, message)
      batch += weightOf(run)
      if (batch < BATCH) continue
      batch = 0
      await this.#link.ready()
    }
    await this.#link.collect()
  }

  /** Starts the clock: the first message is due now. Returns the time. */
  start(): number {
    const startNs = this.#link.bus.nowNs()
    for (const { page } of this.#link.shares) page.start(startNs, this.#messages.firstNs ?? 0)
    this.#hasStarted = true
    return startNs
  }

  /** Sends everything: as fast as possible, or at so many times the recorded pace. */
  send(speed: number | 'max'): Promise<void> {
    return speed === 'max' ? this.#sendAtOnce() : this.#sendWhenDue(speed)
  }

  /** Sends no more, and wakes from waiting for the next message's time: `send` rejects. */
  stop(): void {
    this.#stopping.abort()
  }

  /** Sends as fast as the workers take it in. */
  async #sendAtOnce(): Promise<void> {
    let batch = 0
    let turn = 0
    for (
      let message = await this.#next(BURST);
      message !== undefined;
      message = this.#messages.take() ?? (await this.#next(BURST))
    ) {
      batch += weightOf(message)
      this.#sendNow(message)
      turn += 1
      if (batch < BATCH) continue
      batch = 0
      await this.#link.ready()
      this.#stopping.signal.throwIfAborted()
      if (turn < TURN) continue
      turn = 0
      await setImmediate()
    }
  }

  /**
   * Sends each message when it is due, and waits for nobody: a worker that is slow loses messages, and a message that
   * is sent late keeps the time at which it was due.
   */
  async #sendWhenDue(speed: number): Promise<void> {
    const { page } = this.#link.shares[0]
    let turn = 0
    for (
      let message = await this.#next(1);
      message !== undefined;
      message = this.#messages.take() ?? (await this.#next(1))
    ) {
      const dueNs = page.dueNs(message.records.receivedNs(message.from), speed)
      turn += 1
      if (turn >= BATCH || dueNs > this.#link.bus.nowNs()) {
        turn = 0
        await this.#waitUntil(dueNs)
      }
      this.#sendNow(message)
    }
  }

  /** The next message, once at least so many are there, or the last are. */
  async #next(least: number): Promise<RecordRun | undefined> {
    while (this.#messages.size < least && !this.#messages.isFull) await this.#messages.read()
    return this.#messages.take()
  }

  /** Lets the event loop run at least once. */
  async #waitUntil(dueNs: number): Promise<void> {
    const { bus } = this.#link
    const { signal } = this.#stopping
    await setImmediate()
    signal.throwIfAborted()
    for (let gapNs = dueNs - bus.nowNs(); gapNs > 0; gapNs = dueNs - bus.nowNs()) {
      if (gapNs > READ_NS && !this.#messages.isFull) await this.#messages.read()
      else if (gapNs > SLEEP_NS) await setTimeout(gapNs / 1e6 - WAKE_EARLY_MS, undefined, { signal })
      else await setImmediate()
      signal.throwIfAborted()
    }
  }

  #sendNow(run: RecordRun): void {
    const message = this.#lender.lend(run)
    const share = this.#shareOf[message.instrument]
    const number = this.#sentTo[share]
    this.#sentTo[share] = number + 1
    this.#sent += 1
    if (number % STAMP_EVERY === 0) this.#sendTimed(share, number, message)
    else this.#link.send(share, message)
    // Only now, so that counting delays nobody.
    this.tallies[share].add(message)
  }

  #sendTimed(share: number, number: number, message: LentMessage): void {
    const { bus, shares } = this.#link
    const before = bus.nowNs()
    shares[share].page.stamp(number, before)
    this.#link.send(share, message)
    this.#costs[message.kind].add(bus.nowNs() - before)
  }
}

/** Of an update each level is a record. */
function weightOf({ records, from, to }: RecordRun): number {
  return records.kindOf(from) === 'book' ? 1 + (to - from) / LEVELS_PER_MESSAGE : 1
}

class Mean {
  #sum = 0
  #count = 0

  get value(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  add(value: number): void {
    this.#sum += value
    this.#count += 1
  }

  merge(other: Mean): void {
    this.#sum += other.#sum
    this.#count += other.#count
  }
}
