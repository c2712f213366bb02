import { isThenable } from '../../bus/index.js'
import { backoff } from '../../delivery/index.js'
import { TickbusError } from '../../errors.js'
import { AckClock } from '../ack-clock.js'
import type { Clock, Timer } from '../clock.js'
import type { DeliverySource, Listener } from '../delivery.js'
import { draining } from '../draining.js'
import { idOf } from '../journal/group-journal.js'
import { ACKNOWLEDGED, CLOSED, failed, TIMED_OUT, undecodable, type Word } from '../word.js'
import type { ReplaySettings } from './options.js'
import { ReplayedDelivery } from './replayed-delivery.js'
import type { Item } from './window.js'

export interface AttemptsHost {
  readonly clock: Clock
  /** What the bus counts its times from, UNIX nanoseconds. */
  readonly epochNs: bigint
  readonly priorities: readonly number[]
  /** What replays are called where groups have names. */
  readonly group: string
  random(): number
  /** The message as it was published. Throws if it cannot be had. */
  decode(item: Item): unknown
  /** A handler threw, its promise rejected, or there was nothing to give it. */
  failed(item: Item, error: unknown): void
  /** A message is handled. */
  handled(item: Item): void
  /** Its handler said that it shall never come again. */
  terminated(item: Item, note: string): void
  /** It was tried as often as it may be. */
  exhausted(item: Item, error: unknown): void
  /** It has not come to its end, and the replay ends. */
  putBack(item: Item): void
  /** Does something, if anything, in a turn of its own, and goes on with what that has changed. */
  goOn(first?: () => void): void
}

/** What is put off waits for so long at least: it would go round and round otherwise. */
const POSTPONED_MS_LEAST = 1

/** A call of the handler whose promise is not settled. */
class Call implements Listener {
  readonly item: Item
  readonly delivery: ReplayedDelivery
  /** What became of the message is known. */
  isSettled = false
  dueNs = Infinity
  readonly #attempts: Attempts

  constructor(attempts: Attempts, item: Item, delivery: ReplayedDelivery) {
    this.#attempts = attempts
    this.item = item
    this.delivery = delivery
  }

  heard(word: Word): void {
    this.#attempts.heard(this, word)
  }

  extended(): void {
    this.#attempts.watch(this)
  }

  late(): void {
    this.#attempts.fenced += 1
  }
}

/** Calls the handler of a replay, and again after a while where that failed. */
export class Attempts {
  /** Deliveries that were followed by another one. */
  retried = 0
  /** Words that came after their time was up. */
  fenced = 0
  readonly #settings: ReplaySettings
  readonly #host: AttemptsHost
  readonly #acks: AckClock
  readonly #calls = new Set<Call>()
  /** Messages that wait for another attempt. */
  readonly #again = new Map<Item, Timer>()
  #isEnding = false

  constructor(settings: ReplaySettings, host: AttemptsHost) {
    this.#settings = settings
    this.#host = host
    const wait = { durableNs: settings.ackWaitNs, otherNs: settings.ackWaitNs }
    this.#acks = new AckClock(host.clock, wait, () => this.#giveUpDue())
  }

  /** Handlers under way, and messages that wait for another attempt. */
  get busy(): number {
    return this.#calls.size + this.#again.size
  }

  /** A message that was begun gets its first attempt. */
  begin(item: Item): void {
    item.attempts += 1
    const { host, message } = { host: this.#host, message: item.record.message }
    const source: DeliverySource = { name: message.topic, group: host.group, priorities: host.priorities }
    const head = item.attempts * 2 ** 16 + (message.lane ?? 0)
    const publishedNs = Number(item.record.timeNs - host.epochNs)
    const delivery = new ReplayedDelivery(source, head, idOf(message.id), publishedNs, item.record)
    let result: unknown
    try {
      item.decoded ??= { message: host.decode(item) }
    } catch (error) {
      host.failed(item, error)
      return this.#conclude(item, delivery, undecodable(error))
    }
    try {
      const { handler } = this.#settings
      const decoded = item.decoded.message
      result = draining.isOn ? draining.call(handler, decoded, delivery) : handler(decoded, delivery)
    } catch (error) {
      host.failed(item, error)
      return this.#conclude(item, delivery, delivery.conclude(failed(error)))
    }
    if (!isThenable(result)) return this.#conclude(item, delivery, delivery.conclude(ACKNOWLEDGED))
    this.#await(new Call(this, item, delivery), result)
  }

  /** From now on a handler has so long to acknowledge. */
  watch(call: Call): void {
    if (this.#settings.ackWaitNs === Infinity) return
    call.dueNs = this.#host.clock.nowNs() + this.#settings.ackWaitNs
    this.#acks.watch(call.dueNs)
  }

  /** A handler has said something while its promise is under way: the message is settled, the slot is not free. */
  heard(call: Call, word: Word): void {
    call.isSettled = true
    this.#conclude(call.item, call.delivery, word)
    this.#host.goOn()
  }

  /** Nothing is tried again. */
  end(): void {
    this.#isEnding = true
    for (const [item, timer] of this.#again) {
      this.#host.clock.clearTimer(timer)
      this.#host.putBack(item)
    }
    this.#again.clear()
  }

  /** Aborts the signals of all deliveries that are under way. */
  abort(reason: unknown): void {
    for (const { delivery } of this.#calls) delivery.abort(reason)
  }

  /** Nothing that is under way counts any more. */
  abandon(): void {
    this.end()
    for (const call of this.#calls) {
      call.delivery.conclude(CLOSED)
      if (!call.isSettled) this.#host.putBack(call.item)
    }
    this.#calls.clear()
    this.#acks.end()
  }

  #await(call: Call, result: PromiseLike<unknown>): void {
    this.#calls.add(call)
    this.watch(call)
    const said = call.delivery.attach(call)
    if (said !== undefined) {
      call.isSettled = true
      this.#conclude(call.item, call.delivery, said)
    }
    // A thenable of somebody's own making may throw, or call back twice.
    const promise = result instanceof Promise ? result : Promise.resolve(result)
    void promise.then(
      () => this.#returned(call, ACKNOWLEDGED),
      (error: unknown) => this.#returned(call, failed(error)),
    )
  }

  #returned(call: Call, word: Word): void {
    const { item, delivery } = call
    const isGivenUp = !this.#calls.delete(call)
    if (isGivenUp) {
      if (delivery.isLate() && word.kind === 'failed') this.#host.failed(item, word.error)
      return
    }
    if (word.kind === 'failed') this.#host.failed(item, word.error)
    const counting = delivery.conclude(word)
    if (!call.isSettled) this.#conclude(item, delivery, counting)
    this.#host.goOn()
  }

  #conclude(item: Item, { attempt }: ReplayedDelivery, word: Word): void {
    const host = this.#host
    const { maxDeliver } = this.#settings.rules
    if (word.kind === 'acknowledged') return host.handled(item)
    if (word.kind === 'terminated') return host.terminated(item, word.note ?? '')
    if (this.#isEnding) return host.putBack(item)
    if (word.kind === 'undecodable' || (word.kind !== 'postponed' && attempt >= maxDeliver)) {
      return host.exhausted(item, word.error ?? word.kind)
    }
    const isPostponed = word.kind === 'postponed'
    if (isPostponed) item.attempts -= 1
    else this.retried += 1
    const ownMs = word.delayMs ?? backoff(this.#settings.rules, isPostponed ? 1 : attempt, host.random())
    this.#beginIn(item, isPostponed ? Math.max(ownMs, POSTPONED_MS_LEAST) : ownMs)
  }

  #beginIn(item: Item, ms: number): void {
    const again = (): void => {
      this.#again.delete(item)
      this.begin(item)
    }
    const timer = this.#host.clock.setTimer(() => this.#host.goOn(again), ms)
    this.#again.set(item, timer)
  }

  /** Gives all up whose time is up. Says when the next one's is. */
  #giveUpDue(): number {
    const nowNs = this.#host.clock.nowNs()
    let next = Infinity
    for (const call of this.#calls) {
      if (call.dueNs > nowNs) next = Math.min(next, call.dueNs)
      else this.#giveUp(call)
    }
    this.#host.goOn()
    return next
  }

  #giveUp(call: Call): void {
    const { item, delivery, isSettled } = call
    this.#calls.delete(call)
    if (isSettled) return
    delivery.fence()
    this.#conclude(item, delivery, TIMED_OUT)
    // Last, since it may call functions of the user's.
    delivery.abort(new TickbusError('TICKBUS_GIVEN_UP', { reason: 'it was not acknowledged within ackWaitMs' }))
  }
}
