/** Called with each message and its topic. What it returns is not awaited; a rejection is reported like a throw. */
// oxlint-disable-next-line typescript/no-explicit-any -- a handler names the type that it expects; the bus cannot know it
export type Handler<T = any> = (message: T, topic: string) => unknown

export interface SubscribeOptions {
  /** Higher runs first; ties run in order of subscription. A whole number. @default 0 */
  priority?: number
  /** Ends the subscription when it aborts. */
  signal?: AbortSignal
}

/** One (pattern, handler) pair on a bus. */
export class Subscription {
  readonly pattern: string
  readonly handler: Handler
  readonly priority: number
  /** Rises with each subscribe on the bus, so that ties have an order. */
  readonly sequence: number
  #end: ((subscription: Subscription) => void) | undefined

  /** @internal */
  constructor(
    pattern: string,
    handler: Handler,
    priority: number,
    sequence: number,
    end: (subscription: Subscription) => void,
  ) {
    this.pattern = pattern
    this.handler = handler
    this.priority = priority
    this.sequence = sequence
    this.#end = end
  }

  /** Whether messages still arrive. */
  get active(): boolean {
    return this.#end !== undefined
  }

  /** Ends it; counts from the next publish. A second call changes nothing. */
  unsubscribe(): void {
    const end = this.#end
    this.#end = undefined
    end?.(this)
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }
}

/** The order in which subscriptions are called. */
export function callOrder(a: Subscription, b: Subscription): number {
  return b.priority - a.priority || a.sequence - b.sequence
}
