/**
 * Called with each message and its topic. What it returns is not awaited; a rejection is reported like a throw.
 * It may expect more than the schema says: a `Quote`, say, where plain objects can be published as quotes, too.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a handler names the type that it expects; the bus cannot know it
export type Handler<T = any> = Handling<T>['handle']

/** Parameters of methods, and only theirs, may be narrower than asked for. */
interface Handling<T> {
  handle(message: T, topic: string): unknown
}

export interface SubscribeOptions {
  /** Higher runs first; ties run in order of subscription. A whole number. @default 0 */
  priority?: number
  /** Ends the subscription when it aborts. */
  signal?: AbortSignal
}

/** What keeps subscriptions. */
export interface Subscriber {
  remove(subscription: Subscription): void
}

/** One (pattern, handler) pair on a bus. */
export class Subscription {
  readonly pattern: string
  readonly handler: Handler
  readonly priority: number
  /** Rises with each subscribe on the bus, so that ties have an order. */
  readonly sequence: number
  /** @internal What is called: the handler, or what calls it once. */
  readonly call: Handler
  #subscriber: Subscriber | undefined
  #signal: AbortSignal | undefined
  #onEnd: (() => void) | undefined

  /** @internal */
  constructor(
    pattern: string,
    handler: Handler,
    priority: number,
    sequence: number,
    subscriber: Subscriber,
    call: (subscription: Subscription) => Handler,
  ) {
    this.pattern = pattern
    this.handler = handler
    this.priority = priority
    this.sequence = sequence
    this.#subscriber = subscriber
    this.call = call(this)
  }

  /** Whether messages still arrive. */
  get active(): boolean {
    return this.#subscriber !== undefined
  }

  /** Ends it; counts from the next publish. A second call changes nothing. */
  unsubscribe(): void {
    const subscriber = this.#subscriber
    this.#subscriber = undefined
    this.#signal?.removeEventListener('abort', this)
    this.#signal = undefined
    subscriber?.remove(this)
    this.#onEnd?.()
    this.#onEnd = undefined
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }

  /** @internal Ends it when the signal aborts. */
  endBy(signal: AbortSignal): void {
    this.#signal = signal
    signal.addEventListener('abort', this)
  }

  /** @internal Runs `ended` once the subscription has ended, at once if it has already. */
  onEnd(ended: () => void): void {
    if (this.active) this.#onEnd = ended
    else ended()
  }

  /** @internal The signal has aborted. */
  handleEvent(): void {
    this.unsubscribe()
  }
}

/** Calls the handler of every message. */
export function everyTime({ handler }: Subscription): Handler {
  return handler
}

/** Ends the subscription, then calls the handler: for one message, however deep publishes are nested. */
export function onlyOnce(subscription: Subscription): Handler {
  return (message, topic) => {
    if (!subscription.active) return undefined
    subscription.unsubscribe()
    return subscription.handler(message, topic)
  }
}

/** The order in which subscriptions are called. */
export function callOrder(a: Subscription, b: Subscription): number {
  return b.priority - a.priority || a.sequence - b.sequence
}
