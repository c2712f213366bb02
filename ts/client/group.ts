import type { Intake, Queue, TopicHandle, Views } from '../bus/index.js'
import type { Schedule } from '../core.js'
import {
  ENVELOPE_DOUBLE_ID,
  ENVELOPE_DOUBLE_QUEUED,
  ENVELOPE_DOUBLES,
  ENVELOPE_WORD_DELAY,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_TOPIC,
  ENVELOPE_WORDS,
  OUTCOME_CLOSED,
  OUTCOME_DEAD,
  OUTCOME_DELIVERED,
  OUTCOME_EXPIRED,
  OUTCOME_RETRIED,
  OUTCOME_RETURNED,
  OUTCOME_UNDECODABLE,
  PORT_DOUBLE_DUE,
  PORT_DOUBLE_NOW,
  PORT_DOUBLE_OLDEST,
  PORT_DOUBLE_SETTLED,
  PORT_SETTLEMENTS,
  PORT_WORD_ASKS,
  PORT_WORD_CONFLATED,
  PORT_WORD_DELAYED,
  PORT_WORD_LEASE_LIST,
  PORT_WORD_LEASED,
  PORT_WORD_MORE,
  PORT_WORD_RELEASE_LIST,
  PORT_WORD_RELEASED,
  PORT_WORD_ROOM,
  PORT_WORD_RUNNABLE,
  PORT_WORD_SETTLE_LIST,
  PORT_WORD_SETTLED,
  PORT_WORD_URGENT,
  PORT_WORD_WAITING,
  PORT_WORD_WANTED,
} from '../layout.js'
import type { DeadLetter, Taken } from '../delivery/index.js'
import type { Backing } from './backing.js'
import { Delivery } from './delivery.js'
import { DueTimer } from './due-timer.js'
import type { MessageStore } from './envelope-store.js'
import type { Engine, GroupHost, GroupSettings } from './group-host.js'
import { type Dropped, type GroupStats, REASONS } from './group-stats.js'
import { GroupTopic } from './group-topic.js'
import { HandledOnce, type Once, UNDER_WAY_US } from './handled-once.js'
import type { GroupJournal } from './journal/index.js'
import type { LaneTable } from './lane-table.js'
import { LaneTimes } from './lane-times.js'
import { Refusals } from './refusals.js'
import { failureOf } from './retries.js'
import { type GroupFigures, nothingSpent, type ScalingDecision } from './scaling/index.js'
import { GroupSpills } from './spill/index.js'
import { SPILLED, Submissions } from './submissions.js'
import type { TopicTable } from './topic-table.js'
import { WaterMarks } from './water-marks.js'
import { CLOSED, failed, type Word } from './word.js'
import type { Consumer, GroupHandlerError, Work, WorkTopic } from './work.js'

const ENVELOPE_MASK = 0xffffff

/**
 * A consumer group of this thread: its queue, its memory, and what became of each message. Publishers reserve and commit
 * through `submissions`, an engine leases and settles; the schedule of the backend orders what lies between.
 */
export class Group implements Queue, Work {
  readonly sequence: number
  readonly group: string
  readonly settings: GroupSettings
  readonly lanes: LaneTable
  readonly priorities: readonly number[]
  readonly urgent: number
  readonly envelopes: Views
  readonly submissions: Submissions
  readonly times = new LaneTimes()
  readonly marks: WaterMarks
  readonly host: GroupHost
  /** Set by whoever opens the group. */
  engine!: Engine
  /** What it reads of the client's journal; undefined if it never gets anything that is in one. */
  journal: GroupJournal | undefined
  /** In the list of groups that run in the next turn. */
  scheduled = false
  closed = false
  isUrgentGated = false
  /** Given back since the last turn: the schedule does not count them yet. */
  #returned = 0
  #consumers: readonly Consumer[] = []
  readonly #backing: Backing
  readonly #isShared: boolean
  readonly #store: MessageStore
  readonly #topics: TopicTable
  readonly #schedule: Schedule
  readonly #port: Uint32Array
  readonly #portDoubles: Float64Array
  /** What still fits each lane. */
  readonly #room: Uint32Array
  /** Leased to this thread, and not settled yet. */
  #leased = 0
  /** Those of them whose handlers wait to be called until the journal knows of it. */
  readonly #unbegun = new Map<number, Promise<boolean>>()
  /** Copies that came when the group was closed already. */
  #late = 0
  /** What becomes of messages that were not acknowledged. */
  readonly refusals: Refusals
  /** Of effectively-once topics: what is under way in this thread, and what was handled in any. */
  readonly #here: HandledOnce
  readonly #once: Once
  readonly #due: DueTimer
  readonly #spills: GroupSpills | undefined
  /** Words that came too late. */
  #fenced = 0

  constructor(
    name: string,
    sequence: number,
    settings: GroupSettings,
    lanes: LaneTable,
    host: GroupHost,
    backing: Backing,
  ) {
    this.group = name
    this.sequence = sequence
    this.settings = settings
    this.lanes = lanes
    this.priorities = lanes.priorities
    this.urgent = lanes.urgent
    this.host = host
    this.#backing = backing
    this.#isShared = backing.isShared
    this.#store = backing.store
    this.#topics = backing.topics
    this.#schedule = backing.schedule
    this.envelopes = backing.store.views
    this.#port = new Uint32Array(backing.page)
    this.#portDoubles = new Float64Array(backing.page)
    this.submissions = new Submissions({
      port: this.#port,
      store: this.#store,
      lanes,
      time: host.time,
      flush: () => this.flush(),
      findRoom: (lane) => backing.isShared && this.#findRoom(lane),
      // Each turn fills the list up, where somebody publishes.
      refill: (lane) => (backing.isShared ? this.#findRoom(lane) : this.flush()),
    })
    this.#room = backing.isShared ? new Uint32Array(lanes.lanes.length) : this.#port.subarray(PORT_WORD_ROOM)
    this.marks = new WaterMarks(lanes.lanes, this.#room)
    this.refusals = new Refusals(this, host, settings)
    this.#due = new DueTimer(host.clock, () => host.schedule(this))
    this.#here = new HandledOnce(settings.window)
    this.#once = backing.once ?? this.#here
    this.#spills = lanes.spills ? new GroupSpills(this, host.spilling()!) : undefined
    // From now on the port says how much room there is.
    this.flush()
  }

  // What the bus and publishers see.

  intake(topic: TopicHandle, queues: readonly Queue[], before: Intake | undefined): Intake {
    return this.host.intake(topic, queues as readonly Group[], before)
  }

  shut(timeoutMs: number): void {
    this.host.shut(timeoutMs)
  }

  /** Takes a topic in. */
  openTopic(handle: TopicHandle, lane: number): GroupTopic {
    const { isMatching } = this.host.inside.core
    const consumers = this.#consumers.filter(({ pattern }) => isMatching(handle.name, pattern))
    const topic = new GroupTopic(handle, this, this.#topics.next(), lane, consumers)
    this.#topics.add(topic)
    return topic
  }

  /** Nothing more is published on a topic; its number is free again once nothing of it waits or runs. */
  closeTopic(topic: GroupTopic): void {
    topic.closed = true
    this.#forgetIfDone(topic)
  }

  /** @internal Nothing of a topic lies in a spill file any more. */
  unspilled(topic: GroupTopic): void {
    if (topic.closed) this.#forgetIfDone(topic)
  }

  /** @internal The topic of a number, of which something waits. */
  topicWith(number: number): GroupTopic {
    return this.#topics.find(number)!
  }

  /** One more competes for the group's messages. */
  add(consumer: Consumer): void {
    const { isMatching } = this.host.inside.core
    this.#consumers = [...this.#consumers, consumer]
    for (const topic of this.#topics.topics()) if (isMatching(topic.name, consumer.pattern)) topic.add(consumer)
  }

  /** One less; says whether any is left. */
  remove(consumer: Consumer): boolean {
    this.#consumers = this.#consumers.filter((other) => other !== consumer)
    for (const topic of this.#topics.topics()) topic.remove(consumer)
    return this.#consumers.length > 0
  }

  /** Reserves room for a message as {@link Submissions.reserve} does; or where its lane spills, says SPILLED. */
  reserve(
    topic: GroupTopic,
    message: unknown,
    lane: number,
    key: string | undefined,
    deadlineNs: number,
    id: number,
  ): number {
    return (this.#spills ?? this.submissions).reserve(topic, message, lane, key, deadlineNs, id)
  }

  /** Whether a message has to come behind others that lie in a spill file. */
  holdsBack(lane: number, key: string | undefined): boolean {
    return this.#spills?.holdsBack(lane, key) === true
  }

  /** Gives up what was reserved. */
  cancel(envelope: number): void {
    if (envelope === SPILLED) this.#spills!.cancel()
    else this.submissions.cancel(envelope)
  }

  /** Whether any of its patterns matches a topic. */
  subscribes(topic: string): boolean {
    const { isMatching } = this.host.inside.core
    return this.#consumers.some(({ pattern }) => isMatching(topic, pattern))
  }

  /** How many messages still fit a lane; where other threads take some, as many as this one was promised. */
  roomIn(lane: number): number {
    if (this.#port[PORT_WORD_ROOM + lane] === 0 && this.#isShared) this.#findRoom(lane)
    return this.#port[PORT_WORD_ROOM + lane]
  }

  /** Whether other threads settle its messages by themselves. */
  get isShared(): boolean {
    return this.#isShared
  }

  /** Remembers that a message of an effectively-once topic was handled, before this client was there. */
  recall(identity: string, nowNs: number): void {
    this.#once.recall(identity, nowNs)
  }

  /** Queues a message as {@link Submissions.submit} does. */
  submit(topic: GroupTopic, message: unknown, lane: number, id: number): boolean {
    if (this.#spills?.isSpilling(lane) === true) return false
    if (this.closed || topic.codec !== undefined || !this.submissions.submit(topic, message, lane, id)) return false
    if (!this.scheduled) this.host.schedule(this)
    return true
  }

  /** Puts a reserved message into the queue. */
  commit(envelope: number, topic: GroupTopic, lane: number): void {
    if (this.closed) return this.#countLate(envelope)
    this.submissions.commit(envelope, topic, lane)
    if (!this.scheduled) this.host.schedule(this)
  }

  /** Spills the message that was reserved last. */
  commitSpilled(): void {
    this.#spills!.commit()
    this.wake()
  }

  /** Runs in the next turn. */
  wake(): void {
    if (!this.scheduled) this.host.schedule(this)
  }

  /** The same as `commit`, and says whether it took the place of one that waited. */
  commitConflating(envelope: number, topic: GroupTopic, lane: number): boolean {
    if (this.submissions.waiting > 0) this.flush()
    this.commit(envelope, topic, lane)
    if (this.closed) return false
    this.flush()
    return this.#port[PORT_WORD_CONFLATED] > 0
  }

  // What the engine sees.

  get arrived(): number {
    return this.submissions.arrived
  }

  get hasNews(): boolean {
    return this.submissions.hasNews
  }

  lease(wanted: number, urgent: number, nowNs: number, into: Uint32Array): number {
    const port = this.#port
    this.submissions.arrived = -1
    this.submissions.hasNews = false
    let leased = 0
    do {
      this.#turn(wanted, urgent, nowNs)
      leased = port[PORT_WORD_LEASED]
      for (let i = 0; i < leased; i += 1) into[i] = port[PORT_WORD_LEASE_LIST + i]
      this.#leased += leased
      this.isUrgentGated = this.#waitsFrom(this.urgent) > 0
      // Last, since it may call a function of the user's that publishes.
      const more = port[PORT_WORD_MORE]
      this.#takeReleased()
      if (more === 0) break
    } while (leased === 0)
    return leased
  }

  topic(envelope: number): WorkTopic {
    return this.#topicOf(envelope)
  }

  message(envelope: number, topic: WorkTopic): unknown {
    return this.#store.read(envelope, topic as GroupTopic)
  }

  read(envelope: number): unknown {
    return this.#store.read(envelope, this.#topicOf(envelope))
  }

  key(envelope: number): string | undefined {
    return this.#store.key(envelope)
  }

  settle(envelope: number, generation: number, outcome: number): void {
    this.#once.end(envelope, outcome === OUTCOME_DELIVERED, this.#now)
    if (outcome === OUTCOME_RETURNED || outcome === OUTCOME_RETRIED) this.#returned += 1
    else {
      this.journal?.settled(envelope, outcome)
      this.#letGo(envelope)
    }
    this.#leased -= 1
    // A thread may die with it before the journal has answered.
    if (this.#unbegun.size > 0) this.#unbegun.delete(envelope)
    const port = this.#port
    const count = port[PORT_WORD_SETTLED]
    const at = PORT_WORD_SETTLE_LIST + 2 * count
    port[at] = envelope | (outcome << 24)
    port[at + 1] = generation
    port[PORT_WORD_SETTLED] = count + 1
    if (count + 1 === PORT_SETTLEMENTS) this.flush()
  }

  refuse(envelope: number, generation: number, delivery: Delivery, word: Word): void {
    const { outcome, delayUs } = this.refusals.judge(envelope, delivery, failureOf(word))
    this.#delay(envelope, delayUs)
    this.settle(envelope, generation, outcome)
  }

  admits(envelope: number, generation: number, delivery: Delivery, message: unknown): boolean {
    const topic = this.#topicOf(envelope)
    let identity = ''
    try {
      identity = topic.identity(message, delivery.id)
    } catch (error) {
      const { pattern, handler } = topic.next()
      this.failed({ error, group: this.group, topic: topic.name, pattern, handler })
      this.refuse(envelope, generation, delivery, delivery.conclude(failed(error)))
      return false
    }
    const state = this.#here.begin(envelope, identity, this.host.time.recentNs())
    if (state === 'fresh') return true
    if (state === 'underWay') this.#delay(envelope, UNDER_WAY_US)
    this.settle(envelope, generation, state === 'done' ? OUTCOME_DELIVERED : OUTCOME_RETURNED)
    return false
  }

  async begins(envelope: number, _: number, attempt: number): Promise<number | undefined> {
    const journal = this.journal!
    if (attempt > this.settings.rules.maxDeliver && journal.isSuspect(envelope))
      return this.refusals.exhausted(envelope)
    const noted = journal.begins(envelope, attempt)
    // Threads count for themselves what they have in hand.
    if (!this.#isShared) this.#unbegun.set(envelope, noted)
    const mayBegin = await noted
    if (this.#unbegun.get(envelope) === noted) this.#unbegun.delete(envelope)
    return mayBegin ? undefined : OUTCOME_CLOSED
  }

  /** A worker thread has died with a message in hand; says what it is settled with. */
  mourn(envelope: number): number {
    this.#once.bereft(envelope)
    return this.refusals.mourn(envelope)
  }

  late(): void {
    this.#fenced += 1
  }

  failed(fault: GroupHandlerError): void {
    this.host.failed(fault)
  }

  // What the client sees.

  /** Runs what there is to run until `untilNs`. Says whether more could begin now. */
  run(untilNs: number): boolean {
    this.#lookAtMarks()
    const isMore = this.#run(untilNs)
    this.#lookAtMarks()
    return isMore
  }

  #run(untilNs: number): boolean {
    const spills = this.#spills
    if (spills === undefined) return this.engine.run(untilNs)
    spills.refill()
    for (;;) {
      if (this.engine.run(untilNs)) return true
      if (spills.refill() === 0) return false
      if (this.host.time.nowNs() >= untilNs) return true
    }
  }

  /** Hands over what this thread has submitted and settled, without taking anything. */
  flush(): void {
    // A turn that takes what is due, and runs nothing, leaves that to one that does.
    if (this.#turn(0, 0, this.host.time.recentNs()) && !this.closed) this.wake()
    this.#takeReleased()
  }

  /** Takes a dead letter of this group in once more, as a new copy; none of its subscriptions may match it any more. */
  redrive(letter: DeadLetter): Taken {
    if (this.closed || letter.message === undefined) return 'gone'
    const { inside } = this.host
    if (!this.subscribes(letter.topic)) return 'gone'
    const known = [...this.#topics.topics()].find(({ name }) => name === letter.topic)
    const handle = inside.find(letter.topic)
    const topic = known ?? this.openTopic(handle, this.host.laneOf(handle))
    const lane = this.lanes.find(letter.priority) ?? topic.lane
    const envelope = this.reserve(topic, letter.message, lane, letter.key, -1, letter.id)
    if (envelope === SPILLED) this.commitSpilled()
    else if (envelope >= 0) this.commit(envelope, topic, lane)
    // Opened for this message alone.
    if (known === undefined) this.closeTopic(topic)
    return envelope >= 0 || envelope === SPILLED ? 'queued' : 'full'
  }

  /** Messages that wait, as of the last turn, and those that came since. */
  get queued(): number {
    return this.#waiting + this.#spilled + this.#unbegun.size
  }

  /** The same without those in spill files. */
  get #waiting(): number {
    const sum = this.submissions.waiting + this.#returned + this.#waitsFrom(0)
    // Where other threads take turns, what this one knows of the queue is a moment old.
    return this.#isShared ? Math.min(sum, this.#unended()) : sum
  }

  /** Messages whose handlers are under way. */
  get inFlight(): number {
    if (this.#isShared) this.inspect()
    return this.#underWay()
  }

  get #spilled(): number {
    return this.#spills?.count ?? 0
  }

  get isIdle(): boolean {
    if (!this.#isShared) return this.#leased === 0 && this.queued === 0
    this.inspect()
    return this.#unended() + this.#spilled === 0
  }

  /** Lets go of everything that waits, and takes nothing more. */
  close(): void {
    this.closed = true
    this.#due.set(0)
    this.#spills?.close()
    do {
      this.#schedule.clear()
      this.#returned = 0
      this.#takeReleased()
    } while (this.#port[PORT_WORD_MORE] === 1)
  }

  /** Gives the memory back; the group is closed or idle. */
  release(): void {
    this.#spills?.close()
    this.#store.clear()
    this.host.budget.give(this.#backing.bytes)
  }

  /** With its last scaling decisions. */
  stats(scaling: ScalingDecision[] = []): GroupStats {
    const spills = this.#spills
    this.inspect()
    const times = this.#allTimes()
    const settled = (outcome: number): number => this.#portDoubles[PORT_DOUBLE_SETTLED + outcome]
    const dropped = Object.fromEntries(
      REASONS.map(([reason, outcome]) => [reason, settled(outcome)]),
    ) as unknown as Dropped
    dropped.overflow += this.submissions.dropped
    dropped.closed += this.#late + (spills?.closed ?? 0)
    dropped.undecodable += spills?.lost ?? 0
    const lanes = this.lanes.lanes.map(({ name }, lane) => [
      name,
      {
        queued: this.#port[PORT_WORD_WAITING + lane] + (spills?.countOf(lane) ?? 0),
        spilled: spills?.countOf(lane) ?? 0,
        waitUs: times.waitUs(lane),
        runUs: times.runUs(lane),
      },
    ])
    return {
      copies: this.submissions.copies.reduce((sum, count) => sum + count, this.#late + (spills?.copies ?? 0)),
      delivered: settled(OUTCOME_DELIVERED),
      dead: settled(OUTCOME_DEAD),
      dropped,
      retried: settled(OUTCOME_RETRIED),
      fenced: this.#fenced,
      duplicates: this.#once.duplicates,
      inDoubt: this.#once.inDoubt,
      queued: this.queued,
      spilled: this.#spilled,
      spillFull: spills?.refusals.full ?? 0,
      spillFailed: spills?.refusals.failed ?? 0,
      inFlight: this.#underWay(),
      oldestMs: this.#oldestMs(0),
      oldestRunningMs: this.#oldestRunningMs,
      slots: this.engine.slots,
      threads: this.engine.threads,
      scaling,
      lanes: Object.fromEntries(lanes) as GroupStats['lanes'],
    }
  }

  /** Whether something urgent waits, as of the last turn, or came since. */
  get waitsUrgent(): boolean {
    return this.submissions.arrived >= this.urgent || this.#waitsFrom(this.urgent) > 0
  }

  /** What its size may follow. */
  figures(): GroupFigures {
    this.inspect()
    const figures = nothingSpent()
    for (const meter of this.engine.meters) meter.addTo(figures)
    const [oldestMs, oldestCriticalMs] = [this.#oldestMs(0), this.#oldestMs(this.urgent)]
    return { ...figures, depth: this.#waitingForSlots, inFlight: this.#underWay(), oldestMs, oldestCriticalMs }
  }

  /** Whether there is anything to do, as of the last turn: not while all that waits waits for another attempt. */
  get isAtWork(): boolean {
    return this.#leased > 0 || this.#port[PORT_WORD_RUNNABLE] > 0
  }

  /** Messages for which more slots would be of use: not those that wait for another attempt, nor for their keys behind those. */
  get #waitingForSlots(): number {
    if (this.#isShared) return this.queued
    return this.isAtWork ? this.queued - this.#port[PORT_WORD_DELAYED] : 0
  }

  /** Since when the oldest handler that has come to no end is under way; `Infinity` if none is. */
  get runningSinceNs(): number {
    return Math.min(...this.engine.meters.map((meter) => meter.oldestNs()))
  }

  get #oldestRunningMs(): number {
    const since = this.runningSinceNs
    return since === Infinity ? 0 : Math.max(0, this.host.time.nowNs() - since) / 1e6
  }

  /** How long the oldest message has waited in a lane or in one above it, as of the last inspection. */
  #oldestMs(lowest: number): number {
    let oldest = Infinity
    for (let lane = lowest; lane < this.priorities.length; lane += 1) {
      const ns = this.#portDoubles[PORT_DOUBLE_OLDEST + lane]
      if (ns > 0 && ns < oldest) oldest = ns
    }
    return oldest === Infinity ? 0 : Math.max(0, this.host.time.nowNs() - oldest) / 1e6
  }

  /** Messages that wait in a lane or in one above it, as of the last turn. */
  #waitsFrom(lowest: number): number {
    let sum = 0
    for (let lane = lowest; lane < this.priorities.length; lane += 1) sum += this.#port[PORT_WORD_WAITING + lane]
    return sum
  }

  /** Brings all counts up to date. */
  inspect(): void {
    this.flush()
    this.#schedule.inspect()
  }

  /** Messages whose handlers are under way, as of the last inspection. */
  #underWay(): number {
    return this.#isShared ? this.#unended() - this.#waiting : this.#leased - this.#unbegun.size
  }

  /** Copies that have come to no end, as of the last inspection. */
  #unended(): number {
    const { copies, dropped } = this.submissions
    let left = -dropped
    for (const count of copies) left += count
    for (let outcome = OUTCOME_DELIVERED; outcome <= OUTCOME_UNDECODABLE; outcome += 1) {
      left -= this.#portDoubles[PORT_DOUBLE_SETTLED + outcome]
    }
    return left
  }

  /** Asks the other threads' schedule for room in a lane. */
  #findRoom(lane: number): boolean {
    this.#port[PORT_WORD_ASKS] |= 1 << lane
    this.flush()
    return this.#port[PORT_WORD_ROOM + lane] > 0
  }

  #allTimes(): LaneTimes {
    if (this.engine.addTimes === undefined) return this.times
    const all = new LaneTimes()
    all.add(this.times)
    this.engine.addTimes(all)
    return all
  }

  #lookAtMarks(): void {
    if (this.closed) return
    if (this.#isShared) this.#measureRoom()
    this.marks.look(this.#tellMark)
  }

  /** The port says how much room this thread was promised: how much there is follows from what waits. */
  #measureRoom(): void {
    for (const [lane, { capacity }] of this.lanes.lanes.entries()) {
      this.#room[lane] = Math.max(0, capacity - this.#port[PORT_WORD_WAITING + lane])
    }
  }

  readonly #tellMark = (event: 'highWater' | 'lowWater', lane: string, waiting: number): void => {
    this.host.marked(event, { group: this.group, lane, waiting })
  }

  /** Says whether something had come due. */
  #turn(wanted: number, urgent: number, nowNs: number): boolean {
    const port = this.#port
    port[PORT_WORD_WANTED] = wanted
    port[PORT_WORD_URGENT] = urgent
    this.#portDoubles[PORT_DOUBLE_NOW] = nowNs
    this.#schedule.turn()
    this.#returned = 0
    return this.#due.set(this.#portDoubles[PORT_DOUBLE_DUE])
  }

  readonly #now = (): number => this.host.time.recentNs()

  #delay(envelope: number, us: number): void {
    this.envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_DELAY] = us
  }

  /** Lets go of what the schedule let go of in the last turn. */
  #takeReleased(): void {
    const port = this.#port
    const count = port[PORT_WORD_RELEASED]
    if (count === 0) return
    const expired: (() => void)[] = []
    for (let i = 0; i < count; i += 1) {
      const entry = port[PORT_WORD_RELEASE_LIST + i]
      const envelope = entry & ENVELOPE_MASK
      const reason = entry >>> 24
      if (reason === OUTCOME_DEAD) {
        this.refusals.bury(envelope, this.deliveryOf(envelope), { reason: 'expired', note: undefined })
      }
      this.journal?.settled(envelope, reason)
      if ((reason === OUTCOME_EXPIRED || reason === OUTCOME_DEAD) && this.settings.onExpired !== undefined)
        expired.push(this.#expiry(envelope))
      this.#letGo(envelope)
    }
    // They may publish, and so overwrite the list.
    for (const tell of expired) tell()
  }

  #letGo(envelope: number): void {
    if (this.#isShared) return
    const topic = this.#topicOf(envelope)
    this.#store.free(envelope)
    this.refusals.forget(envelope)
    topic.held -= 1
    if (topic.closed) this.#forgetIfDone(topic)
  }

  /** Of a topic that is closed. */
  #forgetIfDone(topic: GroupTopic): void {
    if (topic.spilled === 0 && (topic.held === 0 || this.#isShared)) this.#topics.remove(topic)
  }

  #topicOf(envelope: number): GroupTopic {
    return this.#topics.find(this.envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_TOPIC])!
  }

  #countLate(envelope: number): void {
    this.#late += 1
    this.submissions.cancel(envelope)
  }

  /** Tells the user of an expired message, which can be read now and not later. */
  #expiry(envelope: number): () => void {
    const { group } = this
    const topic = this.#topicOf(envelope)
    const delivery = this.deliveryOf(envelope)
    delivery.conclude(CLOSED)
    const { pattern } = topic.next()
    const handler = this.settings.onExpired!
    try {
      const message = this.#store.read(envelope, topic)
      return () => {
        try {
          handler(message, delivery)
        } catch (error) {
          this.failed({ error, group, topic: topic.name, pattern, handler })
        }
      }
    } catch (error) {
      return () => this.failed({ error, group, topic: topic.name, pattern, handler })
    }
  }

  /** Of a message that is not under way. */
  deliveryOf(envelope: number): Delivery {
    const { words, doubles } = this.envelopes
    const head = words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD]
    const at = envelope * ENVELOPE_DOUBLES
    const publishedNs = doubles[at + ENVELOPE_DOUBLE_QUEUED]
    const id = doubles[at + ENVELOPE_DOUBLE_ID]
    return new Delivery(this.#topicOf(envelope), head, id, this.key(envelope), publishedNs)
  }
}
