/** Publishers of all kinds of messages, who write down what they were told. */
import { Priority, type PublishOptions, TickbusError } from 'tickbus'
import { type Published, SYNCED, WRITTEN } from './copies.js'
import type { Ledger } from './ledger.js'
import { DURABLE, LOSSY, type Client, type Message, type Plan, type TopicKind } from './plan.js'
import type { Random } from './random.js'
import type { Tally, Trace } from './tally.js'

/** What is published next. */
export interface Next {
  readonly kind: TopicKind
  readonly topic: string
  readonly message: Message
}

export class Publishers {
  client: Client | undefined
  /** How many messages there are so far. */
  messages = 0
  readonly #plan: Plan
  readonly #random: Random
  readonly #ledger: Ledger
  readonly #tally: Tally
  readonly #trace: Trace

  constructor(plan: Plan, random: Random, ledger: Ledger, tally: Tally, trace: Trace) {
    this.#plan = plan
    this.#random = random
    this.#ledger = ledger
    this.#tally = tally
    this.#trace = trace
  }

  next(wanted?: TopicKind): Next {
    const random = this.#random
    const kind = wanted ?? random.of([...DURABLE, ...DURABLE, ...LOSSY])
    this.messages += 1
    const n = this.messages
    const topic = `${kind}.${random.whole(1, 2)}`
    if (kind === 'fills') return { kind, topic, message: { n, identity: String(random.chance(0.1) ? n % 10 : n) } }
    const pad = kind === 'ticks' || kind === 'quotes' ? { pad: 'x'.repeat(random.whole(0, this.#plan.padding)) } : {}
    if (kind === 'ticks') return { kind, topic, message: { n, ...pad } }
    // Keys of topics that are not published in one line do not mix.
    const line = kind === 'quotes' ? topic : 'orders'
    return { kind, topic, message: { n, key: `${line}${random.whole(1, this.#plan.keys)}`, ...pad } }
  }

  #terms(kind: TopicKind): PublishOptions {
    const random = this.#random
    const deadline = random.chance(0.05) ? { deadlineMs: random.of([0, 1, 10, 200]) } : {}
    if (kind === 'quotes') return deadline
    const priority = random.chance(0.4)
      ? { priority: random.of([Priority.NORMAL, Priority.HIGH, Priority.CRITICAL]) }
      : {}
    const isKeyed = kind === 'ticks' || kind === 'fills'
    const key = isKeyed && random.chance(0.5) ? { key: `${kind}${random.whole(1, this.#plan.keys)}` } : {}
    return { ...priority, ...key, ...deadline }
  }

  publish({ kind, topic, message }: Next): void {
    const published = this.#ledger.publishing(message, kind, topic, false)
    try {
      const status = this.client!.tryPublish(topic, message as never, this.#terms(kind))
      this.#trace.say(`publish ${message.n} ${topic} ${message.key ?? message.identity ?? ''} ${status}`)
      this.#tally.add(status)
      if (status === 'backpressured' || status === 'closed') this.#ledger.refused(published)
      else this.#ledger.accepted(published)
    } catch (error) {
      this.#refused(published, error)
    }
  }

  publishAwaited({ kind, topic, message }: Next): void {
    const isJournalled = this.#plan.hasJournal && (DURABLE as readonly string[]).includes(kind)
    const ack = isJournalled ? this.#random.of(['memory', 'written', 'synced'] as const) : 'memory'
    const published = this.#ledger.publishing(message, kind, topic, true)
    const { life } = published
    const terms = {
      ...this.#terms(kind),
      ack,
      ...(this.#random.chance(0.5) && { timeoutMs: this.#random.whole(0, 100) }),
    }
    this.#trace.say(`publish ${message.n} ${topic} ${message.key ?? message.identity ?? ''}, awaits ${ack}`)
    const told = (receipt: { status: string }): void => {
      if (published.life !== life) return
      this.#trace.say(`told ${message.n} ${receipt.status} ${ack}`)
      this.#tally.add(`receipt: ${ack}`)
      this.#ledger.accepted(published, ack === 'synced' ? SYNCED : ack === 'written' ? WRITTEN : 0)
    }
    this.client!.publish(topic, message as never, terms).then(told, (error: unknown) => this.#refused(published, error))
  }

  #refused(published: Published, error: unknown): void {
    const code = error instanceof TickbusError ? error.code : String(error)
    this.#trace.say(`publish ${published.message.n} ${code}`)
    this.#tally.add(`refused: ${code}`)
    if (code === 'TICKBUS_BACKPRESSURED') this.#ledger.refused(published)
    else if (EXPECTED.has(code)) this.#ledger.unknown(published)
    else throw error
  }

  /** Some that are equal, of which one is to be handled. */
  publishDuplicate(): void {
    const { message, topic } = this.next('fills')
    this.publish({ kind: 'fills', topic, message })
    for (let left = this.#random.whole(1, 2); left > 0; left -= 1) {
      this.messages += 1
      this.publish({ kind: 'fills', topic, message: { ...message, n: this.messages } })
    }
    this.#tally.add('duplicate published')
  }
}

/** What a publisher may be told by a disk that fails, or at the end. */
const EXPECTED: ReadonlySet<string> = new Set([
  'TICKBUS_CLIENT_CLOSED',
  'TICKBUS_CLOSED',
  'TICKBUS_JOURNAL_CLOSED',
  'TICKBUS_JOURNAL_SYNC',
  'TICKBUS_JOURNAL_UNWRITTEN',
])
