import { fc } from '@fast-check/ava'
import {
  type Backend,
  BufferedMessageBusClient,
  type ClientOptions,
  type Delivery,
  type GroupSubscription,
  isMatching,
  MessageBus,
  type PublishOptions,
} from 'tickbus'
import { VirtualClock } from 'tickbus/testing'
import { accounted, deferred, type Deferred } from './clients.js'
import { jobs } from './jobs.js'

/** What is done to a client, step by step. Numbers choose, modulo what there is. */
export type Step =
  | {
      do: 'publish'
      by: 'bus' | 'try' | 'await'
      topic: number
      priority: number
      key: number
      deadlineMs: number
      handling: number
    }
  | { do: 'turn' }
  | { do: 'pass'; ms: number }
  | { do: 'finish'; nth: number; fails: boolean }
  | { do: 'resize'; group: number; slots: number }
  | { do: 'subscribe'; group: number; pattern: number }
  | { do: 'unsubscribe'; nth: number }

export interface Play {
  readonly options: ClientOptions
  readonly steps: readonly Step[]
  /** Whether the client is closed amid the traffic, and not drained. */
  readonly closes: boolean
}

const GROUPS = ['one', 'two', 'three'] as const
const CONCURRENCY = [1, 50, 4]
const TOPICS = ['a.1', 'a.2', 'b.1', 'c']
const PATTERNS = ['a.*', '*', '*.1', 'c']
const SLOTS = [1, 50, 1, 2, 50]

const capacity = fc.integer({ min: 1, max: 6 })
const lane = fc.record({
  capacity,
  overflow: fc.constantFrom('block', 'reject', 'dropOldest', 'dropNewest', 'conflate', 'spill'),
})
const critical = fc.record({ capacity, overflow: fc.constantFrom('block', 'reject') })

const publish = fc.record({
  do: fc.constant('publish' as const),
  by: fc.constantFrom('bus', 'try', 'try', 'await'),
  topic: fc.nat(3),
  priority: fc.nat(3),
  key: fc.nat(4),
  deadlineMs: fc.constantFrom(-1, -1, -1, 3),
  handling: fc.nat(5),
})

const step = fc.oneof(
  { weight: 12, arbitrary: publish },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(5) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('finish' as const), nth: fc.nat(20), fails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resize' as const), group: fc.nat(2), slots: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('subscribe' as const), group: fc.nat(2), pattern: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), nth: fc.nat(9) }) },
)

export const play: fc.Arbitrary<Play> = fc.record({
  options: fc.record({
    policy: fc.constantFrom('strict', 'weighted', 'deadline', 'fifo'),
    lanes: fc.record({ low: lane, normal: lane, high: lane, critical }),
    ageMs: fc.constantFrom(0, 2),
  }) as fc.Arbitrary<ClientOptions>,
  steps: fc.array(step as fc.Arbitrary<Step>, { minLength: 20, maxLength: 120 }),
  closes: fc.boolean(),
})

/** How a message is handled, as it says itself. */
interface Message {
  n: number
  handling: number
}

/**
 * Plays on one backend; returns what was seen, line by line. Lines that begin with `!` say that a promise was broken. The
 * client is drained or closed at the end.
 */
export async function playOn(backend: Backend, { options, steps, closes }: Play): Promise<string[]> {
  const bus = new MessageBus({ backend })
  const clock = new VirtualClock()
  const client = await BufferedMessageBusClient.open(bus, { ...options, clock })
  try {
    return await new Player(bus, client, clock, options).play(steps, closes)
  } finally {
    await client.close({ timeoutMs: 0 })
    await bus.close()
  }
}

class Player {
  readonly #trace: string[] = []
  readonly #bus: MessageBus
  readonly #client: BufferedMessageBusClient
  readonly #clock: VirtualClock
  readonly #conflates: boolean
  #messages = 0
  readonly #running: { done: Deferred; group: string; key: string | undefined }[] = []
  readonly #subscriptions: GroupSubscription[] = []
  /** What each group got, and what it should get or drop, by the messages' numbers. */
  readonly #got = new Map<string, Set<number>>(GROUPS.map((group) => [group, new Set()]))
  readonly #due = new Map<string, Set<number>>(GROUPS.map((group) => [group, new Set()]))
  /** The last id of each key in each group. */
  readonly #lastIds = new Map<string, number>()
  #pending = 0

  constructor(bus: MessageBus, client: BufferedMessageBusClient, clock: VirtualClock, options: ClientOptions) {
    this.#bus = bus
    this.#client = client
    this.#clock = clock
    this.#conflates = Object.values(options.lanes!).some((lane) => lane?.overflow === 'conflate')
    client.on('handlerError', ({ group, topic }) => this.#trace.push(`failed ${group} ${topic}`))
  }

  async play(steps: readonly Step[], closes: boolean): Promise<string[]> {
    for (const group of [0, 1, 2]) await this.#subscribe(group, group)
    for (const step of steps) {
      await this.#do(step)
      this.#look()
    }
    await (closes ? this.#close() : this.#drain())
    this.#lookAtEnd()
    return this.#trace
  }

  async #do(step: Step): Promise<void> {
    switch (step.do) {
      case 'publish':
        return this.#publish(step)
      case 'turn':
        this.#clock.turn()
        return jobs()
      case 'pass':
        this.#clock.advance(step.ms)
        return jobs()
      case 'finish':
        return this.#finish(step.nth, step.fails)
      case 'resize':
        return this.#client.resize(GROUPS[step.group], SLOTS[step.slots])
      case 'subscribe':
        return this.#subscribe(step.group, step.pattern)
      case 'unsubscribe':
        return this.#unsubscribe(this.#subscriptions[step.nth % this.#subscriptions.length])
    }
  }

  async #subscribe(group: number, pattern: number): Promise<void> {
    const handler = (message: Message, delivery: Delivery): unknown => this.#handle(message, delivery)
    const options = { group: GROUPS[group], concurrency: CONCURRENCY[group] }
    this.#subscriptions.push(await this.#client.subscribe(PATTERNS[pattern], handler, options))
  }

  /** A group's last subscription stays, so that its counts do. */
  #unsubscribe(subscription: GroupSubscription): void {
    const rest = this.#subscriptions.filter(({ group, active }) => group === subscription.group && active)
    if (rest.length > 1) subscription.unsubscribe()
  }

  /** Every group that matches gets a copy of what was not refused. */
  #expect(n: number, topic: string): void {
    for (const { group, pattern, active } of this.#subscriptions) {
      if (active && isMatching(topic, pattern)) this.#due.get(group)!.add(n)
    }
  }

  #publish({ by, topic, priority, key, deadlineMs, handling }: Extract<Step, { do: 'publish' }>): void {
    this.#messages += 1
    const message = { n: this.#messages, handling }
    const name = TOPICS[topic]
    if (by === 'bus') {
      const { refused } = this.#client.stats()
      this.#bus.publish(name, message)
      if (this.#client.stats().refused === refused) this.#expect(message.n, name)
      return
    }
    const options = { priority, ...(key > 0 && { key: `k${key}` }), ...(deadlineMs >= 0 && { deadlineMs }) }
    if (by === 'try') {
      this.#try(name, message, options)
      return
    }
    this.#pending += 1
    void this.#client
      .publish(name, message, options)
      .then(
        ({ status }) => {
          this.#expect(message.n, name)
          this.#trace.push(`${message.n} awaited ${status}`)
        },
        (error: { code: string }) => this.#trace.push(`${message.n} awaited ${error.code}`),
      )
      .finally(() => (this.#pending -= 1))
  }

  #try(topic: string, message: Message, options: PublishOptions): void {
    const status = this.#client.tryPublish(topic, message, options)
    this.#trace.push(`${message.n} ${status}`)
    if (status !== 'backpressured' && status !== 'closed') this.#expect(message.n, topic)
  }

  #handle({ n, handling }: Message, { id, group, key, priority, topic }: Delivery): unknown {
    this.#trace.push(`${group} got ${n} on ${topic} with ${key} at ${priority}`)
    const got = this.#got.get(group)!
    if (got.has(n)) this.#trace.push(`! ${group} got ${n} twice`)
    got.add(n)
    if (key !== undefined) this.#checkOrder(group, key, id)
    this.#look()
    if (handling === 0) throw new Error('thrown')
    if (handling === 1) this.#try('c', { n: (this.#messages += 1), handling: 5 }, NESTED)
    if (handling > 2) return undefined
    const done = deferred()
    const running = { done, group, key }
    this.#running.push(running)
    return done.promise
  }

  #checkOrder(group: string, key: string, id: number): void {
    const name = `${group} ${key}`
    if (this.#running.some((running) => running.group === group && running.key === key)) {
      this.#trace.push(`! ${name} has two deliveries under way`)
    }
    if (!this.#conflates && (this.#lastIds.get(name) ?? 0) > id) this.#trace.push(`! ${name} is out of order`)
    this.#lastIds.set(name, id)
  }

  #finish(nth: number, fails: boolean): Promise<void> {
    const [running] = this.#running.splice(nth % Math.max(1, this.#running.length), 1)
    if (fails) running?.done.reject(new Error('rejected'))
    else running?.done.resolve()
    return jobs()
  }

  /** What holds at every moment. */
  #look(): void {
    for (const [name, group] of Object.entries(this.#client.stats().groups)) {
      if (group.copies !== accounted(group)) {
        this.#trace.push(`! ${name}: ${group.copies} copies, ${accounted(group)} accounted for`)
      }
      if (group.inFlight < this.#running.filter((running) => running.group === name).length) {
        this.#trace.push(`! ${name}: too few in flight`)
      }
    }
  }

  async #drain(): Promise<void> {
    for (let i = 0; this.#running.length > 0 || this.#clock.deferred > 0 || this.#pending > 0; i += 1) {
      if (i > 5_000) throw new Error('does not come to rest')
      await this.#finish(0, false)
      this.#clock.turn()
      if (this.#running.length === 0 && this.#clock.deferred === 0) this.#clock.advance(50)
      await jobs()
    }
    const { complete } = await this.#client.drain({ timeoutMs: 0 })
    if (!complete) this.#trace.push('! not drained')
  }

  async #close(): Promise<void> {
    const closed = this.#client.close({ timeoutMs: 10 })
    await this.#finish(0, false)
    this.#clock.turn()
    await jobs()
    this.#clock.advance(10)
    await closed
    await jobs()
    if (this.#pending > 0) this.#trace.push('! a publish hangs')
  }

  /** What holds at rest. */
  #lookAtEnd(): void {
    for (const [name, group] of Object.entries(this.#client.stats().groups)) {
      const { copies, delivered, dropped, queued, inFlight, lanes, oldestMs } = group
      if (queued + inFlight + oldestMs !== 0) this.#trace.push(`! ${name} is not at rest`)
      if (copies !== accounted(group)) this.#trace.push(`! ${name}: copies are lost`)
      const due = this.#due.get(name)!
      const got = this.#got.get(name)!
      if (copies !== due.size) this.#trace.push(`! ${name}: ${copies} copies of ${due.size}`)
      if (![...got].every((n) => due.has(n))) this.#trace.push(`! ${name} got what was not for it`)
      const { overflow, conflated, expired, shed, closed } = dropped
      const unbegun = closed - this.#running.filter((running) => running.group === name).length
      if (due.size - got.size !== overflow + conflated + expired + shed + unbegun) {
        this.#trace.push(`! ${name}: ${due.size - got.size} of ${due.size} did not arrive: ${JSON.stringify(dropped)}`)
      }
      this.#trace.push(`${name} ${JSON.stringify({ copies, delivered, dropped, lanes: Object.keys(lanes) })}`)
    }
  }
}

const NESTED = { priority: 3, key: 'k1' }
