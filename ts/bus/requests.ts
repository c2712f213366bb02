import { badArgument, TickbusError } from '../errors.js'
import { isThenable } from './thenable.js'

export interface RequestOptions {
  /** Longest wait for the reply, in milliseconds, up to 2^31 - 1. @default 5_000 */
  timeoutMs?: number
  /** Gives the request up when it aborts. */
  signal?: AbortSignal
  /** The request's own name, refused while another of the same name is under way. @default a fresh one */
  id?: string
}

export interface RequestStats {
  made: number
  replied: number
  /** Rejected by the endpoint, or because its thread ended. */
  failed: number
  timedOut: number
  aborted: number
  /** Given up because the bus was closed. */
  closed: number
  /** Under way. */
  pending: number
}

const TIMEOUT_MS = 5_000
const MOST_TIMEOUT_MS = 2 ** 31 - 1

/** One request that is under way: settles once, and lets go of everything when it does. */
export class PendingRequest {
  readonly id: string
  readonly endpoint: string
  readonly reply: Promise<unknown>
  readonly #requests: Requests
  #resolve!: (reply: unknown) => void
  #reject!: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #signal: AbortSignal | undefined
  #onSettled: (() => void) | undefined

  constructor(id: string, endpoint: string, requests: Requests) {
    this.id = id
    this.endpoint = endpoint
    this.#requests = requests
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Starts to wait for as long as the options say. */
  wait(timeoutMs: number, signal: AbortSignal | undefined): void {
    this.#timer = setTimeout(() => {
      this.#fail('timedOut', new TickbusError('TICKBUS_REQUEST_TIMEOUT', { endpoint: this.endpoint, timeoutMs }))
    }, timeoutMs)
    this.#signal = signal
    signal?.addEventListener('abort', this)
    if (signal?.aborted) this.handleEvent()
  }

  /** Runs `settled` once the request has settled, whatever came of it. */
  onSettled(settled: () => void): void {
    this.#onSettled = settled
  }

  /** @internal The signal has aborted. */
  handleEvent(): void {
    this.#fail('aborted', aborted(this.endpoint, this.#signal!))
  }

  /** Takes an endpoint's answer: the reply, or a promise of it. Returns this request's own promise. */
  settleBy(answer: unknown): Promise<unknown> {
    if (!isThenable(answer)) {
      this.succeed(answer)
    } else {
      answer.then(
        (reply) => this.succeed(reply),
        (error: unknown) => this.fail(error),
      )
    }
    return this.reply
  }

  succeed(reply: unknown): void {
    if (this.#settle('replied')) this.#resolve(reply)
  }

  fail(error: unknown): void {
    this.#fail('failed', error)
  }

  close(): void {
    this.#fail('closed', new TickbusError('TICKBUS_CLOSED'))
  }

  #fail(outcome: Outcome, error: unknown): void {
    if (this.#settle(outcome)) this.#reject(error)
  }

  #settle(outcome: Outcome): boolean {
    if (!this.#requests.settle(this, outcome)) return false
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this)
    this.#onSettled?.()
    return true
  }
}

type Outcome = Exclude<keyof RequestStats, 'made' | 'pending'>

/** The requests that this thread has made. */
export class Requests {
  readonly #pending = new Map<string, PendingRequest>()
  readonly #counts = { made: 0, replied: 0, failed: 0, timedOut: 0, aborted: 0, closed: 0 }
  #next = 0

  /**
   * Refuses a request that cannot be made.
   *
   * @throws {TickbusError} `TICKBUS_REQUEST_DUPLICATE`, `TICKBUS_REQUEST_ABORTED`, `TICKBUS_ARGUMENT`
   */
  check(endpoint: string, { id, signal, timeoutMs = TIMEOUT_MS }: RequestOptions): void {
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0 && timeoutMs <= MOST_TIMEOUT_MS)) {
      const expected = `milliseconds from 0 to ${MOST_TIMEOUT_MS}`
      throw badArgument('timeoutMs', expected, timeoutMs)
    }
    if (id !== undefined && typeof id !== 'string') {
      throw badArgument('id', 'a string', id)
    }
    if (signal?.aborted) throw aborted(endpoint, signal)
    if (id !== undefined && this.#pending.has(id)) throw new TickbusError('TICKBUS_REQUEST_DUPLICATE', { id })
  }

  /** Opens a request that was checked. */
  open(endpoint: string, { id, signal, timeoutMs = TIMEOUT_MS }: RequestOptions): PendingRequest {
    const request = new PendingRequest(id ?? this.#freshId(), endpoint, this)
    this.#pending.set(request.id, request)
    this.#counts.made += 1
    request.wait(timeoutMs, signal)
    return request
  }

  /** Counts a request that got its reply, or failed, before it could wait. */
  count(outcome: 'replied' | 'failed'): void {
    this.#counts.made += 1
    this.#counts[outcome] += 1
  }

  /** @internal Forgets a request; says whether it was under way. */
  settle(request: PendingRequest, outcome: Outcome): boolean {
    if (this.#pending.get(request.id) !== request) return false
    this.#pending.delete(request.id)
    this.#counts[outcome] += 1
    return true
  }

  close(): void {
    for (const request of [...this.#pending.values()]) request.close()
  }

  stats(): RequestStats {
    return { ...this.#counts, pending: this.#pending.size }
  }

  #freshId(): string {
    do this.#next += 1
    while (this.#pending.has(`#${this.#next}`))
    return `#${this.#next}`
  }
}

function aborted(endpoint: string, signal: AbortSignal): TickbusError {
  return new TickbusError('TICKBUS_REQUEST_ABORTED', { endpoint }, signal.reason)
}
