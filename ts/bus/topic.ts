import { TickbusError } from '../errors.js'
import type { BusState } from './bus-state.js'
import { ARRIVED, COUNTERS, PUBLISHED, SETTLED } from './counters.js'
import { deepFreeze } from './freeze.js'
import type { MessageType } from './message-type.js'
import { type Intake, QUEUE_ACCEPTED, QUEUE_BACKPRESSURED, QUEUE_CLOSED, type QueueTerms } from './queue.js'
import { messageOf, type WrittenRecord } from './record.js'
import { NOBODY, type Route } from './route.js'
import type { Handler, Subscription } from './subscription.js'
import { isThenable } from './thenable.js'
import { isDurable } from './topic-options.js'

/** A topic held by its user: the fast path of publishing. */
export interface Topic<T = unknown> {
  readonly name: string
  /** Publish calls on this topic in this thread. */
  readonly published: number
  /** Handler calls for this topic in this thread. */
  readonly delivered: number
  /**
   * Hands `message` to every subscriber: to other threads first, then into the queues of this thread's consumer groups,
   * then to the handlers of this thread, by reference, highest priority first.
   *
   * @throws {TickbusError} `TICKBUS_CLOSED`; `TICKBUS_NEEDS_CLIENT` for a topic that is journalled; and where another thread subscribes, before anybody got the message,
   * `TICKBUS_ENCODE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME` or `TICKBUS_PAYLOAD_SIZE` if it cannot be sent.
   * On a bus with `onHandlerError: 'throw'` also what a handler throws.
   */
  publish(message: T): void
}

/** Sends messages to other threads. What cannot be encoded throws, and nobody gets it. */
export interface Sender {
  send(message: unknown): void
}

/** Where a topic's messages go when other threads subscribe to it. */
export interface Outlet extends Sender {
  /** Members that subscribe: bit n of the pair is member n. */
  readonly maskLow: number
  readonly maskHigh: number
  /** Sends what a record says: a copy of it, where the topic's messages travel as such records. */
  sendRecord(record: WrittenRecord): void
  /** The way out for one message that is to be queued elsewhere as these terms say; they are read now. */
  under(terms: QueueTerms): Sender
  /** Sends to these members alone; bit n of the masks is member n. */
  sendTo(message: unknown, maskLow: number, maskHigh: number): void
}

/** Reasons why `publish` does more than count and call. */
const CLOSED = 1
const FREEZES = 2
const REMOTE = 4
const KEEPS_LAST = 8
const QUEUED = 16
const JOURNALLED = 32

/** One publish in 64 is timed; a power of two less one. */
const SAMPLE_MASK = 63

const now = performance.now.bind(performance)

/** The handle behind `Topic`: a compiled route, replaced and never changed in place while handlers run. */
export class TopicHandle implements Topic {
  readonly name: string
  readonly type: MessageType<unknown>
  /** The topic's number in the route table, until it leaves the table. */
  readonly id: number
  readonly #state: BusState
  /** This topic's counters begin at `#at` of a page that it shares with others. */
  #counters: Float64Array
  #at: number
  #special: number
  #route = NOBODY
  /** The handler of a route that has one, as most have: to get at it through the lists takes as long as to call it. */
  #only: Handler | undefined
  #outlet: Outlet | undefined
  #intake: Intake | undefined
  /**
   * `named`: `NamedTopics` finds it by name. `held`: somebody has this object, so that it stays in the route table.
   * `dropped`: it left the table, and its route is no longer kept up.
   */
  life: 'cached' | 'named' | 'held' | 'dropped' = 'cached'

  constructor(name: string, type: MessageType<unknown>, id: number, state: BusState) {
    this.name = name
    this.type = type
    this.id = id
    this.#state = state
    this.#counters = state.counters.page(id)
    this.#at = state.counters.offset(id)
    this.#special =
      (state.closed ? CLOSED : 0) | (state.freezes ? FREEZES : 0) | (type.options.replay === 'last' ? KEEPS_LAST : 0)
    this.lookForJournal()
  }

  publish(message: unknown): void {
    if (this.#special !== 0) this.#prepare(message)
    this.#dispatch(message)
  }

  /** Publishes what `make` returns, and asks it only if somebody takes the message. All else is as with `publish`. */
  publishMade(make: () => unknown): void {
    if (this.#special !== 0) return this.publish(make())
    this.#dispatch(this.#route.handlers.length === 0 ? undefined : make())
  }

  /**
   * Publishes what a record says. Other threads get a copy of the record; a message is made of it only if somebody in this
   * thread takes it. All else is as with `publish`.
   */
  publishRecord(record: WrittenRecord): void {
    const special = this.#special
    if ((special & ~REMOTE) !== 0) return this.publish(messageOf(record))
    if (special !== 0) this.#outlet!.sendRecord(record)
    this.#dispatch(this.#route.handlers.length === 0 ? undefined : messageOf(record))
  }

  /**
   * Publishes under terms of the caller's, and says how the consumer groups of this thread took it. If one of them has no
   * room nobody gets the message, and after the bus was closed neither.
   */
  offer(message: unknown, terms: QueueTerms): number {
    const special = this.#special
    if ((special & CLOSED) !== 0) return QUEUE_CLOSED
    if ((special & JOURNALLED) !== 0 && terms.sequence === undefined) throw this.#needsClient()
    if ((special & FREEZES) !== 0) deepFreeze(message)
    let status = QUEUE_ACCEPTED
    if ((special & QUEUED) !== 0) status = this.#intake!.offer(message, this.#outlet, terms)
    else if ((special & REMOTE) !== 0) this.#outlet!.under(terms).send(message)
    if (status >= QUEUE_BACKPRESSURED) return status
    if ((special & KEEPS_LAST) !== 0) this.#state.lastMessages.set(this, message)
    this.#dispatch(message)
    return status
  }

  /** Counts a message that was published here, and calls the handlers. */
  #dispatch(message: unknown): void {
    const count = this.#counters[this.#at] + 1
    this.#counters[this.#at] = count
    if ((count & SAMPLE_MASK) === 0) return this.#deliverTimed(message)
    const only = this.#only
    if (only === undefined) return this.#deliver(message)
    // The handler may give this topic another one.
    const route = this.#route
    try {
      const result = only(message, this.name)
      if (result !== undefined) this.#watch(result, route.subscriptions[0])
    } catch (error) {
      this.#failed(error, route.subscriptions[0], 0)
    }
  }

  /** Takes a message that was published in another thread, where it may have been said how to queue it. Never throws. */
  receive(message: unknown, terms?: QueueTerms): void {
    if ((this.#special & FREEZES) !== 0) deepFreeze(message)
    if ((this.#special & KEEPS_LAST) !== 0) this.#state.lastMessages.set(this, message)
    this.#counters[this.#at + ARRIVED] += 1
    try {
      if ((this.#special & QUEUED) !== 0) {
        if (terms === undefined) this.#intake!.take(message, undefined)
        else this.#intake!.receive(message, terms)
      }
      this.#deliver(message)
    } catch (error) {
      // There is no publish call that could throw it; as from any event handler, it is an uncaught exception.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  /** Gives the last message to one subscription, where the topic keeps it. */
  replayTo(subscription: Subscription): void {
    const { lastMessages } = this.#state
    if (!lastMessages.has(this) || !subscription.active) return
    this.#counters[this.#at + SETTLED] += 1
    try {
      this.#watch(subscription.call(lastMessages.get(this), this.name), subscription)
    } catch (error) {
      this.#failed(error, subscription, 0)
    }
  }

  /** Sends the last message to members that have just subscribed, where the topic keeps it. */
  replayRemotely(maskLow: number, maskHigh: number): void {
    const { lastMessages } = this.#state
    if (lastMessages.has(this)) this.#outlet?.sendTo(lastMessages.get(this), maskLow, maskHigh)
  }

  get published(): number {
    return this.#counters[this.#at + PUBLISHED]
  }

  get delivered(): number {
    return this.#counters[this.#at + SETTLED] + this.#route.handlers.length * this.activity
  }

  /** Messages that came by, from here or from other threads. */
  get activity(): number {
    return this.#counters[this.#at + PUBLISHED] + this.#counters[this.#at + ARRIVED]
  }

  get route(): Route {
    return this.#route
  }

  /** Takes a new route; a delivery that is under way goes on with the old one. */
  set route(route: Route) {
    const { handlers } = route
    this.#settle((this.#route.handlers.length - handlers.length) * this.activity)
    this.#route = route
    this.#only = handlers.length === 1 ? handlers[0] : undefined
  }

  get outlet(): Outlet | undefined {
    return this.#outlet
  }

  set outlet(outlet: Outlet | undefined) {
    this.#outlet = outlet
    this.#special = outlet === undefined ? this.#special & ~REMOTE : this.#special | REMOTE
  }

  get intake(): Intake | undefined {
    return this.#intake
  }

  /** Where the consumer groups of this thread that match the topic take its messages; undefined if there is none. */
  set intake(intake: Intake | undefined) {
    this.#intake = intake
    this.#special = intake === undefined ? this.#special & ~QUEUED : this.#special | QUEUED
  }

  /** Whether its messages are written to a journal before anybody gets them. */
  get isJournalled(): boolean {
    return (this.#special & JOURNALLED) !== 0
  }

  /** A client of this thread keeps a journal from now on, or keeps none any more. */
  lookForJournal(): void {
    const isJournalled = this.#state.isJournalled && isDurable(this.type.options.delivery)
    this.#special = isJournalled ? this.#special | JOURNALLED : this.#special & ~JOURNALLED
  }

  /** Refuses everything from now on. */
  close(): void {
    this.#special |= CLOSED
  }

  /** Leaves the route table: what is counted from now on, by a publish that is under way, counts for this object alone. */
  drop(): void {
    this.life = 'dropped'
    this.#state.lastMessages.delete(this)
    this.#counters = this.#counters.slice(this.#at, this.#at + COUNTERS)
    this.#at = 0
  }

  /** What has to happen before the first handler runs. */
  #prepare(message: unknown): void {
    const special = this.#special
    if ((special & CLOSED) !== 0) throw new TickbusError('TICKBUS_CLOSED')
    if ((special & JOURNALLED) !== 0) throw this.#needsClient()
    if ((special & FREEZES) !== 0) deepFreeze(message)
    if ((special & QUEUED) !== 0) this.#intake!.take(message, this.#outlet)
    else if ((special & REMOTE) !== 0) this.#outlet!.send(message)
    if ((special & KEEPS_LAST) !== 0) this.#state.lastMessages.set(this, message)
  }

  #needsClient(): TickbusError {
    return new TickbusError('TICKBUS_NEEDS_CLIENT', { topic: this.name })
  }

  #deliver(message: unknown): void {
    const { handlers, subscriptions } = this.#route
    for (let i = 0; i < handlers.length; i += 1) {
      try {
        const result = handlers[i](message, this.name)
        if (result !== undefined) this.#watch(result, subscriptions[i])
      } catch (error) {
        this.#failed(error, subscriptions[i], handlers.length - i - 1)
      }
    }
  }

  #deliverTimed(message: unknown): void {
    const startMs = now()
    this.#deliver(message)
    this.#state.dispatchTimes.record((now() - startMs) * 1e6)
  }

  /** A rejected promise is reported like a throw; where throws are let through, so are rejections. */
  #watch(result: unknown, subscription: Subscription): void {
    if (this.#state.letsThrow || !isThenable(result)) return
    result.then(undefined, (error: unknown) => this.#report(error, subscription))
  }

  #failed(error: unknown, subscription: Subscription, skipped: number): void {
    if (!this.#state.letsThrow) return this.#report(error, subscription)
    this.#settle(-skipped)
    throw error
  }

  #report(error: unknown, { pattern, handler }: Subscription): void {
    this.#state.reportHandlerError({ error, topic: this.name, pattern, handler })
  }

  /** `delivered` is not counted but computed, as if the route of now had always been: this makes up for the difference. */
  #settle(difference: number): void {
    this.#counters[this.#at + SETTLED] += difference
  }
}
