import { isThenable } from '../bus/index.js'
import {
  ENVELOPE_DOUBLE_ID,
  ENVELOPE_DOUBLE_QUEUED,
  ENVELOPE_DOUBLES,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_KEY_HIGH,
  ENVELOPE_WORD_KEY_LOW,
  ENVELOPE_WORDS,
  OUTCOME_CLOSED,
  OUTCOME_DELIVERED,
  OUTCOME_FAILED,
  OUTCOME_RETURNED,
  OUTCOME_TIMED_OUT,
  OUTCOME_UNDECODABLE,
  PORT_LEASES,
} from '../layout.js'
import { TickbusError } from '../errors.js'
import { AckClock, type AckWait } from './ack-clock.js'
import type { Clock } from './clock.js'
import { Delivery } from './delivery.js'
import { draining } from './draining.js'
import type { LaneTimes } from './lane-times.js'
import { Pace } from './pace.js'
import type { RecentTime } from './recent-time.js'
import type { Meter } from './scaling/index.js'
import { Slot, type SlotHost } from './slot.js'
import { RECOVERED_FLAG, TIMED_FLAG } from './submissions.js'
import { ACKNOWLEDGED, CLOSED, failed, TIMED_OUT, undecodable, type Word } from './word.js'
import type { Consumer, Work, WorkTopic } from './work.js'

/** How often a run of short handlers looks at the clock: a power of two less one. */
const LOOK_MASK = 15

export interface RunnerOptions {
  readonly work: Work
  /** Most handlers under way at once, 1 or more. */
  readonly slots: number
  readonly time: RecentTime
  readonly clock: Clock
  readonly ackWait: AckWait
  readonly times: LaneTimes
  /** Counts what handlers take. */
  readonly meter: Meter
  /** A handler's promise was settled, so that there may be something to run. */
  readonly onFreed: () => void
}

/**
 * Runs a group's handlers in this thread. It leases messages in batches, starts them one after the other, and settles each
 * when its handler has returned, or its promise is settled.
 *
 * - Where handlers return at once, a batch is 64 messages or 200 us of expected work; where they return promises, never more
 *   than can begin.
 * - Before each message it looks whether something more urgent was submitted since the batch was leased. If so it gives back
 *   what has not begun, and leases anew: the schedule puts the urgent one first, and the others where they were.
 * - While something urgent waits for its key, it leases anew after each message that had a key.
 * - Of two slots or more, one is kept for urgent lanes.
 * - A promise that is under way for longer than the group waits for its acknowledgement gives its slot up, and what it comes to
 *   counts no more.
 */
export class Runner implements SlotHost {
  readonly #work: Work
  readonly #time: RecentTime
  readonly #times: LaneTimes
  readonly #meter: Meter
  readonly #onFreed: () => void
  readonly #acks: AckClock
  readonly #pace = new Pace()
  readonly #lease = new Uint32Array(PORT_LEASES)
  readonly #words: Uint32Array
  readonly #doubles: Float64Array
  readonly #urgent: number
  #slots: number
  /** Handlers whose promises are not settled; and those of them whose messages were of lanes that are not urgent. */
  #running = 0
  #ordinary = 0
  /** Handlers that have returned promises, ever. */
  #promises = 0
  /** As many as were ever needed at once; those that nothing runs in. */
  readonly #all: Slot[] = []
  readonly #idle: Slot[] = []
  /** The last lease was of urgent lanes alone: its messages may take the slot that is kept for them. */
  #onlyUrgent = false
  #isRunning = false
  /** When the handler before ended, if that was timed and came just before: then the next one has begun. Otherwise 0. */
  #endedNs = 0

  constructor({ work, slots, time, clock, ackWait, times, meter, onFreed }: RunnerOptions) {
    this.#work = work
    this.#slots = slots
    this.#time = time
    this.#times = times
    this.#meter = meter
    this.#onFreed = onFreed
    this.#acks = new AckClock(clock, ackWait, () => this.#giveUpDue())
    this.#words = work.envelopes.words
    this.#doubles = work.envelopes.doubles
    this.#urgent = work.urgent
  }

  /** This thread. */
  get threads(): number {
    return 1
  }

  get slots(): number {
    return this.#slots
  }

  /** From now on so many handlers may be under way at once; those that are go on. */
  resize(slots: number): void {
    this.#slots = slots
    this.#onFreed()
  }

  /** It has none of its own. */
  get threadsWanted(): number {
    return 0
  }

  size(slots: number): number {
    this.resize(slots)
    return 0
  }

  get meters(): readonly Meter[] {
    return [this.#meter]
  }

  /** Runs what there is to run until `untilNs`. Says whether more could begin now. */
  run(untilNs: number): boolean {
    if (this.#isRunning) return true
    this.#isRunning = true
    try {
      return this.#run(untilNs)
    } finally {
      this.#isRunning = false
    }
  }

  /** Aborts the signals of all deliveries that are under way. */
  abort(reason: unknown): void {
    for (const slot of this.#all) if (slot.isBusy) slot.delivery.abort(reason)
  }

  /** Settles everything that is under way as closed; what its promises come to counts no more. */
  abandon(): void {
    this.#acks.end()
    for (const slot of this.#all) {
      if (!slot.isBusy) continue
      this.#leave(slot)
      slot.delivery.conclude(CLOSED)
      if (!slot.isSettled) this.#work.settle(slot.envelope, slot.generation, OUTCOME_CLOSED)
    }
  }

  /** A promise was settled. */
  freed(slot: Slot, word: Word): void {
    // Abandoned, or given up, meanwhile.
    const { delivery } = slot
    if (!slot.isBusy) {
      if (delivery.isLate() && word.kind === 'failed') this.#fail(delivery.topic, slot.consumer, word.error)
      return
    }
    this.#meter.settled(slot.index, this.#time.recentNs())
    this.#leave(slot)
    if (word.kind === 'failed') this.#fail(delivery.topic, slot.consumer, word.error)
    const counting = delivery.conclude(word)
    if (slot.isSettled) this.#endedNs = 0
    else this.#conclude(slot.envelope, slot.generation, slot.lane, slot.startedNs, delivery, slot.topic, counting)
    this.#idle.push(slot)
    this.#onFreed()
  }

  /** A handler has said something while its promise is under way: the message is settled, the slot is not free. */
  heard(slot: Slot, word: Word): void {
    this.#settleEarly(slot, word)
    this.#onFreed()
  }

  extended(slot: Slot): void {
    this.#watch(slot, this.#time.nowNs())
  }

  late(): void {
    this.#work.late()
  }

  #run(untilNs: number): boolean {
    let nowNs = this.#time.nowNs()
    while (!this.#work.closed) {
      if (nowNs > untilNs) return true
      if (!this.#hasFreeSlot()) return false
      const leased = this.#leaseSome(nowNs)
      // What expired may have been told to a function that published.
      if (leased === 0) return this.#work.hasNews
      const beforeNs = nowNs
      const promisesBefore = this.#promises
      this.#meter.calls(beforeNs)
      const begun = this.#start(leased, untilNs)
      nowNs = this.#time.nowNs()
      this.#meter.called(begun, this.#promises - promisesBefore, nowNs - beforeNs)
      if (begun > 0) this.#pace.ran(begun, nowNs - beforeNs)
    }
    return false
  }

  /** Leases as many messages as should begin now. */
  #leaseSome(nowNs: number): number {
    const free = this.#slots - this.#running
    const ordinary = Math.min(free, this.#slots - this.#kept() - this.#ordinary)
    this.#onlyUrgent = ordinary <= 0
    const most = this.#pace.most
    const wanted = this.#onlyUrgent ? 0 : this.#pace.isAsync ? Math.min(ordinary, most) : most
    const more = this.#onlyUrgent || this.#pace.isAsync ? Math.min(free, PORT_LEASES) - wanted : 0
    return this.#work.lease(wanted, Math.max(more, 0), nowNs, this.#lease)
  }

  #hasFreeSlot(): boolean {
    return this.#running < this.#slots
  }

  /** Slots that only urgent messages take. */
  #kept(): number {
    return this.#slots > 1 && this.#urgent < this.#work.priorities.length ? 1 : 0
  }

  /** Starts leased messages until something else has to come first; gives the rest back. Says how many began. */
  #start(leased: number, untilNs: number): number {
    const work = this.#work
    const lease = this.#lease
    const pace = this.#pace
    this.#endedNs = 0
    for (let i = 0; i < leased; i += 1) {
      const lane = this.#words[lease[i] * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD] & 0xff
      if (work.arrived > lane) {
        pace.interrupted(leased - i)
        return this.#giveBack(i, leased, OUTCOME_RETURNED)
      }
      if (!this.#canBegin(lane)) return this.#giveBack(i, leased, OUTCOME_RETURNED)
      const isSettled = this.#begin(lease[i], lane)
      if (work.closed) return this.#giveBack(i + 1, leased, OUTCOME_CLOSED)
      if (isSettled && work.isUrgentGated && this.#hasKey(lease[i])) {
        // It may have been what something urgent waits for: those come first in a lease.
        pace.interrupted(leased - i - 1)
        return this.#giveBack(i + 1, leased, OUTCOME_RETURNED)
      }
      const isDue = pace.isSlow || (i & LOOK_MASK) === LOOK_MASK
      if (isDue && i + 1 < leased && this.#time.nowNs() > untilNs)
        return this.#giveBack(i + 1, leased, OUTCOME_RETURNED)
    }
    pace.uninterrupted()
    return leased
  }

  /** Whether a handler may begin that perhaps takes a slot. */
  #canBegin(lane: number): boolean {
    const running = this.#running
    if (running === 0) return true
    if (running >= this.#slots) return false
    return lane >= this.#urgent || this.#onlyUrgent || this.#ordinary < this.#slots - this.#kept()
  }

  #giveBack(from: number, leased: number, outcome: number): number {
    for (let i = from; i < leased; i += 1) {
      const envelope = this.#lease[i]
      this.#work.settle(envelope, this.#generation(envelope), outcome)
    }
    return from
  }

  #hasKey(envelope: number): boolean {
    const at = envelope * ENVELOPE_WORDS
    return (this.#words[at + ENVELOPE_WORD_KEY_LOW] | this.#words[at + ENVELOPE_WORD_KEY_HIGH]) !== 0
  }

  /** Calls the handler of one message; says whether the message is settled. */
  #begin(envelope: number, lane: number): boolean {
    const work = this.#work
    const at = envelope * ENVELOPE_WORDS
    const head = this.#words[at + ENVELOPE_WORD_HEAD]
    const generation = this.#words[at + ENVELOPE_WORD_GENERATION]
    const topic = work.topic(envelope)
    const consumer = topic.next()
    const doubles = this.#doubles
    const doubleAt = envelope * ENVELOPE_DOUBLES
    const queuedNs = doubles[doubleAt + ENVELOPE_DOUBLE_QUEUED]
    const id = doubles[doubleAt + ENVELOPE_DOUBLE_ID]
    const delivery = new Delivery(topic, head, id, work.key(envelope), queuedNs)
    let message: unknown
    try {
      message = work.message(envelope, topic)
    } catch (error) {
      this.#endedNs = 0
      this.#fail(topic.name, consumer, error)
      if (topic.isDurable) work.refuse(envelope, generation, delivery, undecodable(error))
      else work.settle(envelope, generation, OUTCOME_UNDECODABLE)
      return true
    }
    if (topic.isOnce && !work.admits(envelope, generation, delivery, message)) {
      this.#endedNs = 0
      return true
    }
    let startedNs = 0
    if ((head & TIMED_FLAG) !== 0) {
      startedNs = this.#endedNs > 0 ? this.#endedNs : this.#time.nowNs()
      this.#times.recordWait(lane, startedNs - queuedNs)
    }
    if ((head & RECOVERED_FLAG) !== 0) {
      const slot = this.#takeSlot(this.#recentNs(), envelope, generation, lane, startedNs, delivery, topic, consumer)
      this.#beginOnceNoted(slot, message)
      return false
    }
    let result: unknown
    try {
      result = call(consumer, message, delivery)
    } catch (error) {
      this.#fail(topic.name, consumer, error)
      const word = delivery.conclude(failed(error))
      this.#conclude(envelope, generation, lane, startedNs, delivery, topic, word)
      return true
    }
    if (result === undefined || !isThenable(result)) {
      this.#pace.returned()
      const word = delivery.conclude(ACKNOWLEDGED)
      this.#conclude(envelope, generation, lane, startedNs, delivery, topic, word)
      return true
    }
    const nowNs = this.#recentNs()
    const slot = this.#takeSlot(nowNs, envelope, generation, lane, startedNs, delivery, topic, consumer)
    this.#watch(slot, nowNs)
    const said = delivery.attach(slot)
    if (said !== undefined) this.#settleEarly(slot, said)
    follow(slot, result)
    return said !== undefined
  }

  /** The handler is called when the journal knows of it, so that the attempt counts whatever becomes of the process. */
  #beginOnceNoted(slot: Slot, message: unknown): void {
    const { envelope, generation, delivery, consumer } = slot
    const begin = (outcome: number | undefined): void => {
      // Abandoned meanwhile.
      if (!slot.isBusy || slot.delivery !== delivery) return
      if (outcome !== undefined) return this.#giveUpUnbegun(slot, outcome)
      const nowNs = this.#time.nowNs()
      this.#watch(slot, nowNs)
      delivery.attach(slot)
      if (slot.startedNs > 0) slot.startedNs = nowNs
      let result: unknown
      try {
        result = call(consumer, message, delivery)
      } catch (error) {
        return slot.rejected(error)
      }
      if (result === undefined || !isThenable(result)) slot.resolved()
      else follow(slot, result)
    }
    void this.#work.begins(envelope, generation, delivery.attempt).then(begin)
  }

  #giveUpUnbegun(slot: Slot, outcome: number): void {
    this.#meter.settled(slot.index, this.#time.recentNs())
    this.#leave(slot)
    slot.delivery.conclude(CLOSED)
    this.#work.settle(slot.envelope, slot.generation, outcome)
    this.#idle.push(slot)
    this.#onFreed()
  }

  /** A slot for a handler that does not end at once. */
  #takeSlot(
    nowNs: number,
    envelope: number,
    generation: number,
    lane: number,
    startedNs: number,
    delivery: Delivery,
    topic: WorkTopic,
    consumer: Consumer,
  ): Slot {
    this.#endedNs = 0
    this.#pace.promised()
    const slot = this.#idle.pop() ?? this.#newSlot()
    slot.take(envelope, generation, lane, startedNs, delivery, topic, consumer)
    this.#meter.awaits(slot.index, nowNs)
    this.#promises += 1
    this.#running += 1
    if (lane < this.#urgent) this.#ordinary += 1
    return slot
  }

  #recentNs(): number {
    return this.#meter.isExact ? this.#time.nowNs() : this.#time.recentNs()
  }

  #newSlot(): Slot {
    const slot = new Slot(this.#all.length, this)
    this.#all.push(slot)
    return slot
  }

  #settleEarly(slot: Slot, word: Word): void {
    slot.isSettled = true
    this.#conclude(slot.envelope, slot.generation, slot.lane, slot.startedNs, slot.delivery, slot.topic, word)
  }

  /** From `nowNs` on a handler has so long to acknowledge. */
  #watch(slot: Slot, nowNs: number): void {
    const { durableNs, otherNs } = this.#acks.wait
    const waitNs = slot.topic.isDurable ? durableNs : otherNs
    if (waitNs === Infinity) return
    slot.dueNs = nowNs + waitNs
    this.#acks.watch(slot.dueNs)
  }

  /** Gives all up whose time is up. Says when the next one's is. */
  #giveUpDue(): number {
    const nowNs = this.#time.nowNs()
    let next = Infinity
    let isAny = false
    for (const slot of this.#all) {
      if (!slot.isBusy || slot.dueNs === 0) continue
      if (slot.dueNs > nowNs) {
        next = Math.min(next, slot.dueNs)
        continue
      }
      isAny = true
      this.#giveUp(slot)
    }
    if (isAny) this.#onFreed()
    return next
  }

  /** Its handler has had its time. The slot is free; the handler's own may still come to an end, and counts no more. */
  #giveUp(slot: Slot): void {
    const { delivery, envelope, generation, lane, startedNs, topic } = slot
    this.#meter.settled(slot.index, this.#time.recentNs())
    this.#leave(slot)
    const replacement = new Slot(slot.index, this)
    this.#all[slot.index] = replacement
    this.#idle.push(replacement)
    if (slot.isSettled) return
    delivery.fence()
    this.#conclude(envelope, generation, lane, startedNs, delivery, topic, TIMED_OUT)
    // Last, since it may call functions of the user's.
    delivery.abort(new TickbusError('TICKBUS_GIVEN_UP', { reason: 'it was not acknowledged within ackWaitMs' }))
  }

  #leave(slot: Slot): void {
    slot.isBusy = false
    this.#meter.clear(slot.index)
    this.#running -= 1
    if (slot.lane < this.#urgent) this.#ordinary -= 1
  }

  /** A word counts: settles the message. */
  #conclude(
    envelope: number,
    generation: number,
    lane: number,
    startedNs: number,
    delivery: Delivery,
    topic: WorkTopic,
    word: Word,
  ): void {
    this.#endedNs = startedNs > 0 ? this.#time.nowNs() : 0
    if (startedNs > 0) this.#times.recordRun(lane, this.#endedNs - startedNs)
    if (word.kind === 'acknowledged') this.#work.settle(envelope, generation, OUTCOME_DELIVERED)
    else if (topic.isDurable) this.#work.refuse(envelope, generation, delivery, word)
    else this.#work.settle(envelope, generation, word.kind === 'timedOut' ? OUTCOME_TIMED_OUT : OUTCOME_FAILED)
  }

  #fail(topic: string, { pattern, handler }: Consumer, error: unknown): void {
    this.#work.failed({ error, group: this.#work.group, topic, pattern, handler })
  }

  #generation(envelope: number): number {
    return this.#words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION]
  }
}

function call({ handler }: Consumer, message: unknown, delivery: Delivery): unknown {
  return draining.isOn ? draining.call(handler, message, delivery) : handler(message, delivery)
}

/** A thenable of somebody's own making may throw, or call back twice. */
function follow(slot: Slot, result: PromiseLike<unknown>): void {
  const promise = result instanceof Promise ? result : Promise.resolve(result)
  void promise.then(slot.resolved, slot.rejected)
}
