import { badArgument, TickbusError } from '../errors.js'
import { ACKNOWLEDGED, FENCED, FENCED_AND_HEARD, nacked, postponed, terminated, type Word } from './word.js'

/** The longest wait that a handler can ask for: an hour. */
const DELAY_MS_MOST = 3_600_000

/** Who hears what a handler says while its promise is under way. */
export interface Listener {
  heard(word: Word): void
  /** The time for the acknowledgement begins anew. */
  extended(): void
  /** A word came that counts no more. */
  late(): void
}

/** How a handler wants a message back. */
export interface RetryOptions {
  /** How long it waits first, in milliseconds, 0 to 3,600,000. @default what the group's back-off list says */
  delayMs?: number
}

/** What all deliveries of a topic to a group have in common. */
export interface DeliverySource {
  /** The topic. */
  readonly name: string
  readonly group: string
  /** Priorities by lane. */
  readonly priorities: readonly number[]
}

/** What a handler learns about the message that it gets, beside the message itself. */
export class Delivery {
  /**
   * The message's id: see {@link Receipt}. All groups of a thread that get a copy see the same, and those of other threads,
   * too, if its publisher gave it a priority, a key or a deadline.
   */
  readonly id: number
  /** What the message is about, if its publisher or its topic says so. */
  readonly key: string | undefined
  /**
   * When it was published, in nanoseconds since the bus was opened: compare it with `bus.nowNs()`. Up to 32 messages of one
   * turn of the loop may show the time of the first of them.
   */
  readonly publishedNs: number
  readonly #source: DeliverySource
  /** The envelope's: lane and attempt. */
  readonly #head: number
  /** Made when it is first asked for; the reason to abort it, if that came before. */
  #abort: AbortController | Reason | undefined
  /** The one that counts; undefined as long as none was said. */
  #word: Word | undefined
  /** There is one once the handler has returned a promise. */
  #listener: Listener | undefined

  /** @internal */
  constructor(source: DeliverySource, head: number, id: number, key: string | undefined, publishedNs: number) {
    this.#source = source
    this.#head = head
    this.id = id
    this.key = key
    this.publishedNs = publishedNs
  }

  /** Whether it was read back from the journal by a replay: then it is a `ReplayedDelivery`, with its place and time there. */
  get replayed(): boolean {
    return false
  }

  get topic(): string {
    return this.#source.name
  }

  get group(): string {
    return this.#source.group
  }

  /** The priority of the lane in which it waited. */
  get priority(): number {
    return this.#source.priorities[this.#head & 0xff]
  }

  /** 1 for the first delivery. */
  get attempt(): number {
    return this.#head >>> 16
  }

  /**
   * Acknowledges the message, now: what comes after it in its key may begin. A handler that returns, or whose promise resolves,
   * acknowledges as well, so that few need this.
   *
   * @throws {TickbusError} `TICKBUS_SETTLED` if something was said of the delivery before, or its handler has ended. What is
   * said after its time ran out is ignored, and counted as `fenced`.
   */
  ack(): void {
    this.#say(ACKNOWLEDGED)
  }

  /**
   * The message has failed, and is tried again as far as its topic and group allow; the same as throwing, but no error.
   *
   * @throws {TickbusError} as `ack`; `TICKBUS_ARGUMENT`
   */
  nack({ delayMs }: RetryOptions = {}): void {
    this.#say(nacked(checkDelay(delayMs)))
  }

  /**
   * Not now: the message comes back later, and this counts as no attempt.
   *
   * @throws {TickbusError} as `ack`; `TICKBUS_ARGUMENT`
   */
  retryLater({ delayMs }: RetryOptions = {}): void {
    this.#say(postponed(checkDelay(delayMs)))
  }

  /**
   * Never again: the message becomes a dead letter, if its topic may not lose messages, and counts as failed otherwise.
   *
   * @throws {TickbusError} as `ack`; `TICKBUS_ARGUMENT`
   */
  terminate(reason: string): void {
    if (typeof reason !== 'string') throw badArgument('reason', 'a text', reason)
    this.#say(terminated(reason))
  }

  /**
   * The work takes longer: `ackWaitMs` begins anew.
   *
   * @throws {TickbusError} as `ack`
   */
  extend(): void {
    if (this.#isFenced()) return
    if (this.#word !== undefined) throw this.#settled()
    this.#listener?.extended()
  }

  /**
   * Aborts when the client gives the delivery up: when its `ackWaitMs` has run out, at the close, and when a `drain` runs out
   * of time.
   */
  get signal(): AbortSignal {
    const abort = this.#abort
    if (abort instanceof AbortController) return abort.signal
    const made = new AbortController()
    this.#abort = made
    if (abort !== undefined) made.abort(abort.reason)
    return made.signal
  }

  /** @internal Gives the delivery up. */
  abort(reason: unknown): void {
    if (this.#abort instanceof AbortController) this.#abort.abort(reason)
    else this.#abort ??= { reason }
  }

  /** @internal Its handler has returned a promise. What was said before that is answered. */
  attach(listener: Listener): Word | undefined {
    this.#listener = listener
    return this.#word
  }

  /** @internal Its handler has come to its end, which says so much: what was said before counts. */
  conclude(word: Word): Word {
    this.#word ??= word
    return this.#word
  }

  /** @internal Its time is up: no word counts any more. */
  fence(): void {
    this.#word = FENCED
  }

  /** @internal Whether its time was up. Then a word has come too late; the first one is counted. */
  isLate(): boolean {
    return this.#isFenced()
  }

  #say(word: Word): void {
    if (this.#isFenced()) return
    if (this.#word !== undefined) throw this.#settled()
    this.#word = word
    this.#listener?.heard(word)
  }

  #isFenced(): boolean {
    if (this.#word?.kind !== 'fenced') return false
    if (this.#word === FENCED) this.#listener?.late()
    this.#word = FENCED_AND_HEARD
    return true
  }

  #settled(): TickbusError {
    return new TickbusError('TICKBUS_SETTLED', { id: this.id, topic: this.topic })
  }
}

interface Reason {
  readonly reason: unknown
}

function checkDelay(delayMs: number | undefined): number | undefined {
  if (delayMs === undefined) return undefined
  if (typeof delayMs === 'number' && delayMs >= 0 && delayMs <= DELAY_MS_MOST) return delayMs
  throw badArgument('delayMs', 'milliseconds, 0 to 3,600,000', delayMs)
}
