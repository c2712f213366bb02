import { TickbusError } from '../errors.js'
import type { BusState } from './bus-state.js'
import type { MessageType } from './schema.js'
import type { Handler, Subscription } from './subscription.js'

/** A topic held by its user: the fast path of publishing. */
export interface Topic<T = unknown> {
  readonly name: string
  /**
   * Hands `message` to every subscriber: to other threads first, then to the handlers of this thread, by reference,
   * highest priority first.
   *
   * @throws {TickbusError} `TICKBUS_CLOSED`; and where another thread subscribes, before anybody got the message,
   * `TICKBUS_ENCODE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME` or `TICKBUS_PAYLOAD_SIZE` if it cannot be sent.
   */
  publish(message: T): void
}

/** Where a topic's messages go when other threads subscribe to it. */
export interface Outlet {
  send(message: unknown): void
}

/** The handle behind `Topic`: a compiled route, replaced and never changed in place while handlers run. */
export class TopicHandle implements Topic {
  readonly name: string
  readonly type: MessageType<unknown>
  readonly #state: BusState
  /** Subscriptions of this thread, in the order in which they are called. */
  #route: readonly Subscription[] = []
  /** The handlers of `#route`, flat. */
  #handlers: readonly Handler[] = []
  /** Set while other threads subscribe. */
  outlet: Outlet | undefined
  /** Members other than this one that subscribe: bit n of the pair is member n. */
  maskLow = 0
  maskHigh = 0

  published = 0
  delivered = 0

  constructor(name: string, type: MessageType<unknown>, state: BusState) {
    this.name = name
    this.type = type
    this.#state = state
  }

  publish(message: unknown): void {
    if (this.#state.closed) throw new TickbusError('TICKBUS_CLOSED')
    this.outlet?.send(message)
    this.published += 1
    this.deliver(message)
  }

  /** Runs the handlers of this thread. Never throws: what they throw is counted and reported. */
  deliver(message: unknown): void {
    const handlers = this.#handlers
    const route = this.#route
    for (let i = 0; i < handlers.length; i += 1) {
      try {
        const result = handlers[i](message, this.name)
        if (isThenable(result)) result.then(undefined, (error: unknown) => this.#report(error, route[i]))
      } catch (error) {
        this.#report(error, route[i])
      }
    }
    this.delivered += handlers.length
  }

  /** Takes a new route; a delivery that is under way goes on with the old one. */
  setRoute(route: readonly Subscription[]): void {
    this.#route = route
    this.#handlers = route.map((subscription) => subscription.handler)
  }

  #report(error: unknown, subscription: Subscription): void {
    this.#state.reportHandlerError({
      error,
      topic: this.name,
      pattern: subscription.pattern,
      handler: subscription.handler,
    })
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
