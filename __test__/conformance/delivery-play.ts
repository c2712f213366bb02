import { fc } from '@fast-check/ava'
import { type Backend, BufferedMessageBusClient, type Delivery, json, MessageBus, topics } from 'tickbus'
import { VirtualClock } from 'tickbus/testing'
import { accounted, deferred } from './clients.js'
import { jobs } from './jobs.js'

/** What a handler does with one attempt of a message. */
const DEEDS = ['return', 'throw', 'resolve', 'reject', 'hang', 'nack', 'later', 'terminate', 'early', 'late'] as const
type Deed = (typeof DEEDS)[number]

interface Message {
  readonly n: number
  readonly key: string | undefined
  /** By attempt; what comes after the last is acknowledged. */
  readonly deeds: readonly Deed[]
}

type Step =
  | { readonly do: 'publish'; readonly topic: number; readonly key: number; readonly deeds: readonly Deed[] }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'finish'; readonly nth: number }

export interface Play {
  readonly concurrency: number
  readonly maxDeliver: number
  readonly maxBlockMs: number
  readonly steps: readonly Step[]
}

const TOPICS = ['orders.1', 'ticks.1']
const ACK_WAIT_MS = 60
const schema = topics({ 'orders.{id}': json<Message>({ delivery: 'at-least-once' }), 'ticks.{id}': json<Message>() })

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      topic: fc.constantFrom(0, 0, 1),
      key: fc.nat(3),
      deeds: fc.array(fc.constantFrom(...DEEDS), { maxLength: 7 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(30) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('finish' as const), nth: fc.nat(9) }) },
)

export const play: fc.Arbitrary<Play> = fc.record({
  concurrency: fc.constantFrom(1, 2, 20),
  maxDeliver: fc.integer({ min: 1, max: 5 }),
  maxBlockMs: fc.constantFrom(0, 50, 100_000),
  steps: fc.array(step, { minLength: 20, maxLength: 100 }),
})

/** A delivery whose promise is under way. */
interface UnderWay {
  readonly message: Message
  readonly delivery: Delivery
  readonly settle: () => void
}

/**
 * Plays on one backend, lets all faults stop, and returns what was seen, line by line. Lines that begin with `!` say that a
 * promise was broken.
 */
export async function playOn(backend: Backend, given: Play): Promise<string[]> {
  const bus = new MessageBus({ backend, schema })
  const clock = new VirtualClock()
  let random = 0
  const client = await BufferedMessageBusClient.open(bus, {
    clock,
    // Any numbers do, if they are the same each time.
    random: () => (random = (random + 0.37) % 1),
    lanes: { normal: { capacity: 12, overflow: 'reject' }, high: { capacity: 12, overflow: 'reject' } },
  })
  try {
    return await new Player(client, clock, given).play()
  } finally {
    await client.close({ timeoutMs: 0 })
    await bus.close()
  }
}

class Player {
  readonly #client: BufferedMessageBusClient<never>
  readonly #clock: VirtualClock
  readonly #play: Play
  readonly #trace: string[] = []
  readonly #underWay: UnderWay[] = []
  /** By key the message whose delivery is live: its handler has not ended, its time is not up, it has said nothing. */
  readonly #live = new Map<string, number>()
  /** By key the last message that was begun, in the order of publishing. */
  readonly #last = new Map<string, number>()
  readonly #acknowledged = new Set<number>()
  readonly #ended = new Set<number>()
  #messages = 0
  #accepted = 0

  constructor(client: unknown, clock: VirtualClock, given: Play) {
    this.#client = client as BufferedMessageBusClient<never>
    this.#clock = clock
    this.#play = given
    this.#client.on('handlerError', ({ topic }) => this.#trace.push(`error ${topic}`))
    this.#client.on('deadLetter', ({ message, reason, attempts }) => {
      const { n } = message as Message
      this.#trace.push(`dead ${n} ${reason} after ${attempts.length}`)
      if (this.#ended.has(n)) this.#trace.push(`! ${n} died after its end`)
      if (attempts.length > given.maxDeliver) this.#trace.push(`! ${n} was tried ${attempts.length} times`)
      this.#ended.add(n)
      this.#release(message as Message)
    })
  }

  async play(): Promise<string[]> {
    const { concurrency, maxDeliver, maxBlockMs, steps } = this.#play
    await this.#client.subscribe('*', (message: Message, delivery: Delivery) => this.#handle(message, delivery), {
      group: 'g',
      concurrency,
      maxDeliver,
      maxBlockMs,
      ackWaitMs: ACK_WAIT_MS,
    })
    for (const step of steps) {
      await this.#do(step)
      this.#look()
    }
    await this.#stopFaults()
    return this.#trace
  }

  async #do(step: Step): Promise<void> {
    if (step.do === 'pass') return this.#clock.run(step.ms)
    if (step.do === 'finish') {
      this.#underWay.splice(step.nth % Math.max(1, this.#underWay.length), 1)[0]?.settle()
      return jobs()
    }
    this.#messages += 1
    const key = step.key === 0 ? undefined : `k${step.key}`
    const message: Message = { n: this.#messages, key, deeds: step.deeds }
    const status = this.#client.tryPublish(
      TOPICS[step.topic] as never,
      message as never,
      key === undefined ? {} : { key },
    )
    this.#trace.push(`publish ${message.n} ${status}`)
    if (status === 'accepted') this.#accepted += 1
  }

  #handle(message: Message, delivery: Delivery): unknown {
    const { n, key, deeds } = message
    const { attempt } = delivery
    this.#trace.push(`${this.#clock.nowNs() / 1e6} begin ${n}/${attempt}`)
    if (attempt > this.#play.maxDeliver) this.#trace.push(`! ${n} has attempt ${attempt}`)
    if (this.#ended.has(n)) this.#trace.push(`! ${n} was delivered after its end`)
    if (key !== undefined) this.#begin(key, n)
    delivery.signal.addEventListener('abort', () => this.#timedOut(message, delivery))
    return this.#act(deeds[attempt - 1] ?? 'return', message, delivery)
  }

  #begin(key: string, n: number): void {
    const live = this.#live.get(key)
    if (live !== undefined) this.#trace.push(`! ${n} and ${live} of ${key} are live at once`)
    if ((this.#last.get(key) ?? 0) > n) this.#trace.push(`! ${n} of ${key} came after a later one`)
    this.#live.set(key, n)
    this.#last.set(key, n)
  }

  #act(deed: Deed, message: Message, delivery: Delivery): unknown {
    switch (deed) {
      case 'return':
        return this.#acknowledge(message)
      case 'throw':
        this.#fail(message, delivery)
        throw new Error('thrown')
      case 'nack':
        this.#fail(message, delivery)
        return delivery.nack({ delayMs: 7 })
      case 'later':
        // Not for ever: it is no attempt.
        if (this.#clock.nowNs() > 2e9) return this.#acknowledge(message)
        this.#release(message)
        return delivery.retryLater({ delayMs: 400 })
      case 'terminate':
        this.#fail(message, delivery)
        return delivery.terminate('by the play')
      case 'early':
        this.#acknowledge(message)
        delivery.ack()
        return new Promise((_, reject) => setImmediate(reject, new Error('after its word')))
      case 'hang':
        return new Promise(() => {})
      case 'resolve':
      case 'reject':
      case 'late': {
        const { promise, resolve, reject } = deferred()
        const settle = (): void => {
          if (delivery.signal.aborted) return deed === 'reject' ? reject(new Error('late')) : resolve()
          if (deed === 'reject') {
            this.#fail(message, delivery)
            return reject(new Error('rejected'))
          }
          this.#acknowledge(message)
          if (deed === 'late') delivery.ack()
          resolve()
        }
        this.#underWay.push({ message, delivery, settle })
        return promise
      }
    }
  }

  #acknowledge(message: Message): void {
    if (this.#acknowledged.has(message.n)) this.#trace.push(`! ${message.n} was acknowledged twice`)
    this.#acknowledged.add(message.n)
    this.#ended.add(message.n)
    this.#release(message)
  }

  /** An at-most-once message is not seen again; one that dies is told of. */
  #fail(message: Message, { topic }: Delivery): void {
    if (topic === TOPICS[1]) this.#ended.add(message.n)
    this.#release(message)
  }

  #timedOut(message: Message, delivery: Delivery): void {
    this.#trace.push(`${this.#clock.nowNs() / 1e6} timed out ${message.n}`)
    if (delivery.topic === TOPICS[1]) this.#ended.add(message.n)
    this.#release(message)
  }

  #release({ key, n }: Message): void {
    if (key !== undefined && this.#live.get(key) === n) this.#live.delete(key)
  }

  /** At every moment all copies are accounted for. */
  #look(): void {
    const stats = this.#client.stats().groups['g']
    if (stats.copies !== this.#accepted) this.#trace.push(`! ${stats.copies} copies of ${this.#accepted}`)
    if (accounted(stats) !== stats.copies) this.#trace.push(`! accounted for ${accounted(stats)} of ${stats.copies}`)
    if (stats.inFlight > this.#play.concurrency) this.#trace.push(`! ${stats.inFlight} in flight`)
  }

  /** Whatever hangs is given up by its time: then there is an end to everything. */
  async #stopFaults(): Promise<void> {
    await this.#clock.run(400_000)
    for (const { settle } of this.#underWay) settle()
    await this.#clock.settle()
    const stats = this.#client.stats().groups['g']
    const { copies, delivered, dead, dropped, retried, fenced } = stats
    this.#trace.push(JSON.stringify({ copies, delivered, dead, dropped, retried, fenced }))
    if (stats.queued + stats.inFlight > 0) this.#trace.push(`! ${stats.queued} wait, ${stats.inFlight} are in flight`)
    const sum = Object.values(dropped).reduce((sum, count) => sum + count, delivered + dead)
    if (sum !== copies) this.#trace.push(`! ${sum} of ${copies} copies at rest`)
    if (dead !== this.#client.deadLetters.size) this.#trace.push(`! ${dead} dead letters`)
    if (delivered !== this.#acknowledged.size)
      this.#trace.push(`! ${delivered} of ${this.#acknowledged.size} delivered`)
  }
}
