import type { Clock, Timer } from '../../client/index.js'
import { TickbusError } from '../../errors.js'
import type { Action, Channel, Protocol, Reply, Stream } from './protocols/index.js'

interface Wanted {
  readonly stream: Stream
  /** Whether the venue has accepted it on this connection. */
  isAccepted: boolean
  /** Whether it ever has. */
  wasAccepted: boolean
  readonly waiters: Waiter[]
}

interface Waiter {
  accepted(): void
  refused(error: TickbusError): void
}

interface Request {
  readonly id: number
  /** Topics that have no answer yet. */
  readonly open: Set<string>
  readonly timer: Timer
}

export interface SubscriptionsOptions {
  readonly protocol: Protocol
  readonly name: string
  readonly clock: Clock
  readonly answerTimeoutMs: number
  send(text: string): void
  /** A stream that nobody waits for was refused. */
  onRefused(stream: Stream, error: TickbusError): void
  /** The venue does not answer for what it has accepted before. */
  onSilence(): void
}

/** What is wanted of a venue, and how far it has been asked for and accepted. It outlives connections. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #wanted = new Map<string, Wanted>()
  /** Those without an answer, the oldest first. */
  readonly #requests = new Map<number, Request>()
  readonly #opened = new Set<string>()
  #isOpen = false
  #lastId = 0
  refused = 0
  unanswered = 0

  constructor(options: SubscriptionsOptions) {
    this.#options = options
  }

  get wanted(): number {
    return this.#wanted.size
  }

  get accepted(): number {
    return [...this.#wanted.values()].filter(({ isAccepted }) => isAccepted).length
  }

  has(topic: string): boolean {
    return this.#wanted.has(topic)
  }

  /** Resolves when the venue has accepted all, at once for those that it has. */
  async add(streams: readonly Stream[]): Promise<void> {
    const fresh = streams.filter(({ topic }) => !this.#wanted.has(topic))
    for (const stream of fresh) {
      this.#wanted.set(stream.topic, { stream, isAccepted: false, wasAccepted: false, waiters: [] })
    }
    const answers = streams.map(({ topic }) => this.#answered(this.#wanted.get(topic)!))
    if (this.#isOpen) this.#ask('subscribe', fresh)
    const results = await Promise.allSettled(answers)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  remove(streams: readonly Stream[], closed: TickbusError): void {
    const present = streams.filter(({ topic }) => this.#wanted.has(topic))
    for (const { topic } of present) this.#withdraw(topic, closed)
    if (this.#isOpen) this.#ask('unsubscribe', present)
  }

  /** Asks for a stream once more, so that it begins with a snapshot. */
  renew(topic: string): void {
    const wanted = this.#wanted.get(topic)
    if (wanted === undefined || !this.#isOpen) return
    wanted.isAccepted = false
    this.#ask('unsubscribe', [wanted.stream])
    this.#ask('subscribe', [wanted.stream])
  }

  /** There is a new connection, on which nothing is subscribed. */
  opened(): void {
    this.#isOpen = true
    this.#ask(
      'subscribe',
      [...this.#wanted.values()].map(({ stream }) => stream),
    )
  }

  /** The connection is gone. What is wanted stays wanted. */
  lost(): void {
    this.#isOpen = false
    this.#opened.clear()
    for (const { timer } of this.#requests.values()) this.#options.clock.clearTimer(timer)
    this.#requests.clear()
    for (const wanted of this.#wanted.values()) wanted.isAccepted = false
  }

  /** Nothing will be answered any more. */
  close(closed: TickbusError): void {
    this.lost()
    for (const topic of [...this.#wanted.keys()]) this.#withdraw(topic, closed)
  }

  take(reply: Reply): void {
    const request = reply.id === undefined ? this.#requests.values().next().value : this.#requests.get(reply.id)
    if (reply.isAccepted) {
      for (const topic of reply.topics ?? request?.open ?? []) this.#accept(topic)
    } else if (reply.topics !== undefined) {
      for (const topic of reply.topics) this.#refuse(topic, reply)
    } else if (request !== undefined) this.#refuseRequest(request, reply)
  }

  #ask(action: Action, streams: readonly Stream[]): void {
    const { protocol, send } = this.#options
    for (const channel of new Set(streams.map((stream) => stream.channel))) {
      if (action === 'subscribe') this.#open(channel)
      const ofChannel = streams.filter((stream) => stream.channel === channel)
      for (let first = 0; first < ofChannel.length; first += protocol.limits.topicsPerRequest) {
        const part = ofChannel.slice(first, first + protocol.limits.topicsPerRequest)
        this.#lastId += 1
        if (action === 'subscribe') this.#expect(this.#lastId, part)
        send(protocol.request(action, part, this.#lastId))
      }
    }
  }

  #open(channel: Channel): void {
    const text = this.#options.protocol.opening?.(channel)
    if (text === undefined || this.#opened.has(text)) return
    this.#opened.add(text)
    this.#options.send(text)
  }

  #expect(id: number, streams: readonly Stream[]): void {
    const { clock, answerTimeoutMs } = this.#options
    const timer = clock.setTimer(() => this.#silent(id), answerTimeoutMs)
    this.#requests.set(id, { id, open: new Set(streams.map(({ topic }) => topic)), timer })
  }

  #accept(topic: string): void {
    this.#answer(topic)
    const wanted = this.#wanted.get(topic)
    if (wanted === undefined) return
    wanted.isAccepted = true
    wanted.wasAccepted = true
    for (const waiter of wanted.waiters.splice(0)) waiter.accepted()
  }

  /** A request that is refused as a whole may have one bad name in it: each of several is asked for by itself. */
  #refuseRequest(request: Request, reply: Reply): void {
    const topics = [...request.open].filter((topic) => isAbout(this.#wanted.get(topic)?.stream, reply.symbol))
    const streams = topics.map((topic) => this.#wanted.get(topic)?.stream).filter((stream) => stream !== undefined)
    for (const topic of topics) this.#answer(topic)
    if (streams.length === 1) return this.#refuse(streams[0]!.topic, reply)
    for (const stream of streams) this.#ask('subscribe', [stream])
  }

  #refuse(topic: string, { code = '', reason = '' }: Reply): void {
    this.#answer(topic)
    const wanted = this.#wanted.get(topic)
    if (wanted === undefined) return
    this.refused += 1
    const why = [code, reason].filter(Boolean).join(': ') || 'it gave no reason'
    const { name } = this.#options
    const error = new TickbusError('TICKBUS_VENUE_REFUSED', { venue: name, topic, reason: why })
    const isAwaited = wanted.waiters.length > 0
    this.#withdraw(topic, error)
    if (!isAwaited) this.#options.onRefused(wanted.stream, error)
  }

  #silent(id: number): void {
    const request = this.#requests.get(id)
    if (request === undefined) return
    this.#requests.delete(id)
    this.unanswered += 1
    const { name, answerTimeoutMs } = this.#options
    const wanted = [...request.open].map((topic) => this.#wanted.get(topic)).filter((known) => known !== undefined)
    for (const { stream, wasAccepted } of wanted) {
      if (wasAccepted) continue
      const { topic } = stream
      this.#ask('unsubscribe', [stream])
      this.#withdraw(
        topic,
        new TickbusError('TICKBUS_VENUE_SILENT', { venue: name, topic, timeoutMs: answerTimeoutMs }),
      )
    }
    if (wanted.some(({ wasAccepted }) => wasAccepted)) this.#options.onSilence()
  }

  /** A topic has its answer, so that no request waits for it any more. */
  #answer(topic: string): void {
    for (const { id, open, timer } of this.#requests.values()) {
      if (!open.delete(topic) || open.size > 0) continue
      this.#options.clock.clearTimer(timer)
      this.#requests.delete(id)
    }
  }

  #withdraw(topic: string, error: TickbusError): void {
    const waiters = this.#wanted.get(topic)?.waiters ?? []
    this.#wanted.delete(topic)
    for (const waiter of waiters) waiter.refused(error)
  }

  #answered(wanted: Wanted): Promise<void> {
    if (wanted.isAccepted) return Promise.resolve()
    return new Promise((accepted, refused) => wanted.waiters.push({ accepted, refused }))
  }
}

function isAbout(stream: Stream | undefined, symbol: string | undefined): boolean {
  return stream !== undefined && (symbol === undefined || stream.symbol === symbol)
}
