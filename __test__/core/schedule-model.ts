import type { Overflow, ScheduleOptions } from '../../dist/lane-core.js'
import { OUTCOMES, PORT_FREES, PORT_LEASES, PORT_RELEASES } from '../../dist/layout.js'
import { type Answer, type Message, outcomes, type Outcome, type Turn } from './schedule.js'

export type Rules = Omit<ScheduleOptions, 'port' | 'envelopes'>

interface Queued extends Required<Omit<Message, 'key'>> {
  readonly number: number
  /** Empty for a message without a key. */
  readonly key: string
  readonly place: number
}

/** Something that can run: a message on its own, or the first of a key. */
interface Runnable {
  readonly message: Queued
  readonly lane: number
  readonly place: number
}

/** What a schedule should do, worked out anew at every step from plain lists. */
export class Model {
  readonly generations: number[]
  readonly attempts = new Map<number, number>()
  readonly #rules: Rules
  readonly #free: number[] = []
  #unused: number[]
  #waiting: Queued[] = []
  readonly #flying = new Map<number, Queued>()
  readonly #given = new Set<number>()
  #submitted: (readonly [number: number, message: Message])[] = []
  #settled: (readonly [number: number, outcome: number, generation: number])[] = []
  #leased: number[] = []
  #released: [number: number, reason: number][] = []
  #isMore = false
  #conflated = 0
  #places = 0
  readonly #counts: number[] = Array.from({ length: OUTCOMES }, () => 0)
  #oldest: number[]
  #now = 0
  readonly #written = new Map<number, Message>()
  // Strict.
  #ordinaryPicks = 0
  // Weighted.
  #visited: number
  #isNewVisit = true
  readonly #deficits: number[]
  // Controlled delay.
  readonly #delays: { firstAbove: number; dropping: boolean; next: number; count: number; lastCount: number }[]

  constructor(rules: Rules, envelopes: number) {
    this.#rules = rules
    this.#unused = Array.from({ length: envelopes }, (_, number) => number)
    this.generations = this.#unused.map(() => 0)
    this.#oldest = rules.lanes.map(() => 0)
    this.#visited = this.#urgent - 1
    this.#deficits = rules.lanes.map(() => 0)
    this.#delays = rules.lanes.map(() => ({ firstAbove: 0, dropping: false, next: 0, count: 0, lastCount: 0 }))
    this.#fill()
  }

  take(): number {
    return this.#free.pop()!
  }

  submit(message: Message): number {
    const number = this.take()
    this.write(number, message)
    this.append(number)
    return number
  }

  write(number: number, message: Message): void {
    this.#written.set(number, { queued: this.#now, ...message })
    this.attempts.set(number, 0)
  }

  append(number: number): void {
    this.#submitted.push([number, this.#written.get(number) ?? {}])
  }

  settle(number: number, outcome: Outcome | number = 'delivered', generation = this.generation(number)): void {
    this.#settled.push([number, typeof outcome === 'number' ? outcome : outcomes[outcome], generation])
  }

  generation(number: number): number {
    return this.generations[number] ?? 0
  }

  turn({ wanted = 0, urgent = 0, now = this.#now }: Turn = {}): Answer {
    this.#now = now
    this.#takeIn()
    const ordinary = Math.min(wanted, PORT_LEASES)
    while (this.#leased.length < ordinary && this.#runnable().length > 0) if (!this.#pick(false)) break
    const most = Math.min(this.#leased.length + urgent, PORT_LEASES)
    while (this.#leased.length < most && this.#runnableUrgent().length > 0) if (!this.#pick(true)) break
    return this.#finish()
  }

  clear(): Answer {
    this.#takeIn()
    for (const message of this.#waiting.toSorted((a, b) => b.lane - a.lane || a.place - b.place)) {
      if (this.#released.length === PORT_RELEASES) this.#isMore = true
      else this.#release(message, 'closed')
    }
    return this.#finish()
  }

  inspect(): Answer {
    this.#oldest = this.#rules.lanes.map((_, lane) => this.#first(lane)?.queued ?? 0)
    return this.answer()
  }

  answer(): Answer {
    const waiting = this.#rules.lanes.map((_, lane) => this.#inLane(lane).length)
    return {
      leased: this.#leased,
      released: this.#released,
      free: [...this.#free],
      isMore: this.#isMore,
      conflated: this.#conflated,
      runnable: this.#runnable().length,
      runnableUrgent: this.#runnableUrgent().length,
      waiting,
      room: this.#rules.lanes.map(({ capacity }, lane) => Math.max(0, capacity - waiting[lane]!)),
      settled: [...this.#counts],
      oldest: [...this.#oldest],
    }
  }

  #takeIn(): void {
    for (const [number] of this.#released) this.#giveBack(number)
    this.#leased = []
    this.#released = []
    this.#isMore = false
    this.#conflated = 0
    for (const [number, outcome, generation] of this.#settled) this.#settle(number, outcome, generation)
    for (const [number, message] of this.#submitted) this.#submit(number, message)
    this.#settled = []
    this.#submitted = []
  }

  #settle(number: number, outcome: number, generation: number): void {
    const message = this.#flying.get(number)
    if (message === undefined || generation !== this.generations[number]) return
    const isBack = outcome === outcomes.returned || outcome === outcomes.retried
    if (!isBack && (outcome < 1 || outcome > 11)) return
    this.#flying.delete(number)
    if (outcome !== outcomes.returned) this.#counts[outcome] += 1
    if (outcome === outcomes.retried) this.attempts.set(number, this.attempts.get(number)! + 1)
    if (isBack) this.#waiting.push(message)
    else this.#giveBack(number)
  }

  #submit(number: number, { lane: named = 0, key = 0, topic = 0, queued = 0, deadline = 0 }: Message): void {
    if (!this.#given.delete(number)) return
    const lane = named < this.#rules.lanes.length ? named : 0
    const { overflow, capacity } = this.#rules.lanes[lane]!
    const text = key === 0 ? '' : JSON.stringify(typeof key === 'number' ? [key, 0] : key)
    const message = { number, lane, key: text, topic, queued, deadline, place: (this.#places += 1) }
    if (overflow === 'conflate') {
      const old = this.#inLane(lane).findLast((other) => other.topic === topic && other.key === text)
      if (old !== undefined) {
        this.#release(old, 'conflated')
        this.#conflated += 1
        this.#waiting.push({ ...message, place: old.place })
        return
      }
    }
    if (isDropping(overflow) && this.#inLane(lane).length >= capacity) this.#release(this.#first(lane)!, 'overflow')
    this.#waiting.push(message)
  }

  /** One choice; false if it could not be made because the release list is full. */
  #pick(isUrgentOnly: boolean): boolean {
    if (this.#released.length === PORT_RELEASES) {
      this.#isMore = true
      return false
    }
    const urgent = this.#runnableUrgent()
    const isUrgent = isUrgentOnly || urgent.length > 0
    const { message } = isUrgent ? highest(urgent) : this.#choose()
    if (message.deadline !== 0 && message.deadline <= this.#now) {
      this.#release(message, 'expired')
    } else if (this.#isShed(message)) {
      this.#release(message, 'shed')
    } else {
      if (!isUrgent) this.#count(message)
      this.#waiting = this.#waiting.filter((other) => other !== message)
      this.#flying.set(message.number, message)
      this.#leased.push(message.number)
    }
    return true
  }

  #choose(): Runnable {
    const all = this.#runnable()
    switch (this.#rules.policy) {
      case 'strict':
        return (this.#ordinaryPicks + 1 >= 8 ? this.#aged(all) : undefined) ?? highest(all)
      case 'weighted':
        return this.#byWeight(all)
      case 'deadline':
        return least(all, ({ message, place }) => [message.deadline === 0 ? Infinity : message.deadline, place])
      case 'fifo':
        return least(all, ({ place }) => [place])
    }
  }

  /** The next of each lane below the highest, as far as it has waited too long: of those the oldest. */
  #aged(all: readonly Runnable[]): Runnable | undefined {
    const { ageNs, lanes } = this.#rules
    const top = Math.max(...all.map(({ lane }) => lane))
    const nexts = lanes
      .slice(0, top)
      .map((_, lane) => all.filter((runnable) => runnable.lane === lane))
      .filter((runnables) => runnables.length > 0)
      .map((runnables) => least(runnables, ({ place }) => [place]))
      .filter(({ message }) => ageNs > 0 && this.#now - message.queued > ageNs)
    return nexts.length === 0 ? undefined : least(nexts, ({ message, lane }) => [message.queued, lane])
  }

  #byWeight(all: readonly Runnable[]): Runnable {
    for (;;) {
      const lane = this.#visited
      const here = all.filter((runnable) => runnable.lane === lane)
      if (here.length === 0) {
        this.#deficits[lane] = 0
      } else {
        if (this.#isNewVisit) this.#deficits[lane] += this.#rules.lanes[lane]!.weight
        this.#isNewVisit = false
        if (this.#deficits[lane]! > 0) return least(here, ({ place }) => [place])
      }
      this.#visited = lane === 0 ? this.#urgent - 1 : lane - 1
      this.#isNewVisit = true
    }
  }

  /** A message that is not urgent is leased. */
  #count(message: Queued): void {
    const all = this.#runnable()
    const isAged = this.#ordinaryPicks + 1 >= 8 && this.#aged(all)?.message === message
    this.#ordinaryPicks = isAged ? 0 : Math.min(8, this.#ordinaryPicks + 1)
    if (this.#rules.policy === 'weighted') this.#deficits[this.#visited] -= 1
  }

  /** RFC 8289, section 5, one message at a time. */
  #isShed({ lane, queued }: Queued): boolean {
    const { shedTargetNs, shedIntervalNs } = this.#rules.lanes[lane]!
    if (shedTargetNs === 0 || lane >= this.#urgent) return false
    const now = this.#now
    const delay = this.#delays[lane]!
    let isOver = false
    if (now - queued < shedTargetNs || this.#inLane(lane).length === 1) delay.firstAbove = 0
    else if (delay.firstAbove === 0) delay.firstAbove = now + shedIntervalNs
    else isOver = now >= delay.firstAbove
    if (!isOver) {
      delay.dropping = false
    } else if (delay.dropping) {
      if (now < delay.next) return false
      delay.count += 1
      delay.next += shedIntervalNs / Math.sqrt(delay.count)
    } else {
      const delta = delay.count - delay.lastCount
      delay.dropping = true
      delay.count = delta > 1 && now - delay.next < 16 * shedIntervalNs ? delta : 1
      delay.lastCount = delay.count
      delay.next = now + shedIntervalNs / Math.sqrt(delay.count)
    }
    return isOver
  }

  #runnable(): Runnable[] {
    const { ordered, policy } = this.#rules
    const isAlone = ({ key }: Queued) => !ordered || key === ''
    const alone = this.#waiting.filter(isAlone).map((message) => ({ message, ...message }))
    const busy = new Set([...this.#flying.values()].map(({ key }) => key))
    const ready = this.#waiting.filter((message) => !isAlone(message) && !busy.has(message.key))
    const keyed = [...new Set(ready.map(({ key }) => key))].map((key) => {
      const messages = ready.filter((message) => message.key === key)
      const message = least(messages, ({ place }) => [place])
      const promoter = policy === 'fifo' ? message : least(messages, ({ lane, place }) => [-lane, place])
      return { message, lane: promoter.lane, place: promoter.place }
    })
    return [...alone, ...keyed]
  }

  #runnableUrgent(): Runnable[] {
    return this.#runnable().filter(({ lane }) => lane >= this.#urgent)
  }

  get #urgent(): number {
    return this.#rules.policy === 'fifo' ? this.#rules.lanes.length : this.#rules.urgent
  }

  /** In order of submission. */
  #inLane(lane: number): Queued[] {
    return this.#waiting.filter((message) => message.lane === lane).toSorted((a, b) => a.place - b.place)
  }

  #first(lane: number): Queued | undefined {
    return this.#inLane(lane)[0]
  }

  #release(message: Queued, reason: Outcome): void {
    this.#waiting = this.#waiting.filter((other) => other !== message)
    this.#released.push([message.number, outcomes[reason]])
    this.#counts[outcomes[reason]] += 1
  }

  #giveBack(number: number): void {
    this.generations[number] += 1
    this.#unused = [...this.#unused, number].sort((a, b) => a - b)
  }

  #finish(): Answer {
    this.#fill()
    return this.answer()
  }

  #fill(): void {
    while (this.#free.length < PORT_FREES) {
      const number = this.#unused.shift()
      if (number === undefined) return
      this.#free.push(number)
      this.#given.add(number)
    }
  }
}

function isDropping(overflow: Overflow): overflow is 'dropOldest' | 'conflate' {
  return overflow === 'dropOldest' || overflow === 'conflate'
}

function highest(runnables: readonly Runnable[]): Runnable {
  return least(runnables, ({ lane, place }) => [-lane, place])
}

/** The item whose ranks are the lowest, the first rank first. */
function least<T>(items: readonly T[], ranks: (item: T) => readonly number[]): T {
  return items.toSorted((a, b) => compare(ranks(a), ranks(b)))[0]!
}

function compare(one: readonly number[], other: readonly number[]): number {
  const nth = one.findIndex((rank, nth) => rank !== other[nth])
  return nth < 0 ? 0 : one[nth]! < other[nth]! ? -1 : 1
}
