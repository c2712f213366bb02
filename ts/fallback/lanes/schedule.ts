import type { Schedule, ScheduleOptions } from '../../lane-core.js'
import {
  OUTCOME_CLOSED,
  OUTCOME_CONFLATED,
  OUTCOME_DEAD,
  OUTCOME_DELIVERED,
  OUTCOME_EXPIRED,
  OUTCOME_OVERFLOW,
  OUTCOME_RETRIED,
  OUTCOME_RETURNED,
  OUTCOME_SHED,
  OUTCOME_UNDECODABLE,
  PORT_LEASES,
  PORT_RELEASES,
} from '../../layout.js'
import { checkSchedule } from './check.js'
import { Envelopes } from './envelopes.js'
import type { Lane } from './lane.js'
import { GIVEN, IN_FLIGHT, NONE, numberOf } from './nodes.js'
import { openOrder, type Order } from './order.js'
import { Pool } from './pool.js'
import { envelopeIn, outcomeIn, Port } from './port.js'
import { Queue } from './queue.js'

/** The schedule in JavaScript. */
export class JsSchedule implements Schedule {
  readonly #port: Port
  readonly #envelopes: Envelopes
  readonly #queue: Queue
  readonly #pool: Pool
  readonly #order: Order
  /** What the last turn released, as nodes: the list in the port can be overwritten. */
  readonly #released = new Int32Array(PORT_RELEASES)
  #releases = 0

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` */
  constructor(options: ScheduleOptions) {
    checkSchedule(options)
    this.#port = new Port(options.port)
    this.#envelopes = new Envelopes(options.envelopes)
    this.#queue = new Queue(options, this.#envelopes)
    this.#pool = new Pool(this.#queue.nodes)
    this.#order = openOrder(options, this.#queue, this.#envelopes, this.#port)
    this.#tell()
  }

  turn(): void {
    this.#takeIn()
    this.#pick()
    this.#tell()
  }

  inspect(): void {
    for (const { number, oldest } of this.#queue.lanes) {
      this.#port.tellOldest(number, oldest === NONE ? 0 : this.#envelopes.queued(oldest))
    }
  }

  clear(): void {
    this.#takeIn()
    this.#queue.wake(Infinity)
    for (const lane of this.#queue.lanes.toReversed()) this.#clearLane(lane)
    this.#tell()
  }

  /** Gives back what the last turn released, then takes both lists in. */
  #takeIn(): void {
    const port = this.#port
    port.begin()
    this.#queue.wake(port.now)
    for (let nth = 0; nth < this.#releases; nth += 1) this.#giveBack(this.#released[nth])
    this.#releases = 0
    const { settled, submitted } = port
    for (let nth = 0; nth < settled; nth += 1) {
      this.#settle(port.settlement(nth), port.generation(nth))
    }
    for (let nth = 0; nth < submitted; nth += 1) this.#submit(port.submission(nth))
    port.empty()
  }

  /** A settlement that comes too late, or means nothing, is ignored. */
  #settle(entry: number, generation: number): void {
    const { nodes } = this.#queue
    const node = nodes.find(envelopeIn(entry))
    const outcome = outcomeIn(entry)
    if (nodes.state(node) !== IN_FLIGHT || this.#envelopes.generation(node) !== generation) return
    if (outcome >= OUTCOME_DELIVERED && outcome <= OUTCOME_UNDECODABLE) {
      this.#port.countOutcome(outcome)
      this.#queue.finish(node)
      this.#giveBack(node)
    } else if (outcome === OUTCOME_RETURNED || outcome === OUTCOME_RETRIED) {
      this.#takeBack(node, outcome)
    }
  }

  #takeBack(node: number, outcome: number): void {
    if (outcome === OUTCOME_RETRIED) {
      this.#port.countOutcome(outcome)
      this.#envelopes.raiseAttempt(node)
    }
    const delay = this.#envelopes.takeDelay(node)
    if (delay > 0) this.#queue.delay(node, this.#port.now + delay)
    else this.#queue.rejoin(node)
  }

  /** What the thread was not given is ignored. */
  #submit(number: number): void {
    const { nodes, lanes } = this.#queue
    const node = nodes.find(number)
    if (nodes.state(node) !== GIVEN) return
    const named = this.#envelopes.lane(node)
    const lane = lanes[named < lanes.length ? named : 0]
    if (lane.isDropping && this.#makesRoom(node, lane)) return
    this.#queue.add(node, lane)
  }

  /** Lets go of what has to make room for a message; whether that has already taken its place. */
  #makesRoom(node: number, lane: Lane): boolean {
    const queue = this.#queue
    const conflated = lane.conflation === undefined ? NONE : lane.conflation.find(node)
    if (conflated !== NONE) {
      queue.replace(conflated, node, lane)
      this.#port.countConflated()
      this.#list(conflated, OUTCOME_CONFLATED)
      return true
    }
    // All of it may wait for another attempt.
    if (lane.waiting >= lane.capacity && lane.oldest !== NONE) this.#release(lane.oldest, lane, OUTCOME_OVERFLOW)
    return false
  }

  #pick(): void {
    const port = this.#port
    const { runLanes } = this.#queue
    const { wanted } = port
    while (port.leased < wanted && runLanes.count > 0 && !this.#isStopped()) this.#pickOne()
    const most = Math.min(port.leased + port.urgent, PORT_LEASES)
    while (port.leased < most && runLanes.urgentCount > 0 && !this.#isStopped()) this.#pickOne()
  }

  /** Leases or lets go of one of the messages that can run. */
  #pickOne(): void {
    const queue = this.#queue
    const isUrgent = queue.runLanes.urgentCount > 0
    const entry = isUrgent ? queue.runLanes.nextOfHighest() : this.#order.choose()
    if (this.#tryLease(queue.messageOf(entry)) && !isUrgent) this.#order.count()
  }

  #isStopped(): boolean {
    if (!this.#port.isReleaseListFull) return false
    this.#port.stopForReleases()
    return true
  }

  /** Leases a message; or lets go of it, if its deadline has passed or its lane sheds. */
  #tryLease(node: number): boolean {
    const queue = this.#queue
    const lane = queue.laneOf(node)
    const { now } = this.#port
    const deadline = this.#envelopes.deadline(node)
    if (deadline !== 0 && deadline <= now) {
      this.#release(node, lane, this.#envelopes.isDurable(node) ? OUTCOME_DEAD : OUTCOME_EXPIRED)
      return false
    }
    if (lane.delay !== undefined && lane.delay.sheds(now, now - this.#envelopes.queued(node), lane.waiting === 1)) {
      this.#release(node, lane, OUTCOME_SHED)
      return false
    }
    queue.lease(node, lane)
    this.#port.lease(numberOf(node))
    return true
  }

  #clearLane(lane: Lane): void {
    for (let node = lane.oldest; node !== NONE; node = lane.oldest) {
      if (this.#isStopped()) return
      this.#release(node, lane, OUTCOME_CLOSED)
    }
  }

  #release(node: number, lane: Lane, reason: number): void {
    this.#queue.release(node, lane)
    this.#list(node, reason)
  }

  #list(node: number, reason: number): void {
    this.#port.release(numberOf(node), reason)
    this.#released[this.#releases] = node
    this.#releases += 1
  }

  #giveBack(node: number): void {
    this.#envelopes.raiseGeneration(node)
    this.#pool.give(node)
  }

  /** Fills the free list up and says how things stand. */
  #tell(): void {
    const port = this.#port
    const { lanes, runLanes } = this.#queue
    port.fill(this.#pool)
    for (const { number, waiting, capacity } of lanes) port.tellLane(number, waiting, Math.max(0, capacity - waiting))
    port.tellDelayed(this.#queue.delayed, this.#queue.firstDue)
    port.tellRunnable(runLanes.count, runLanes.urgentCount)
    port.end()
  }
}
