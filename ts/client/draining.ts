import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'

/**
 * Whether this process is draining, since a signal told it to end (signals.ts). Then nothing new is taken in, but what handlers
 * publish: work that was accepted may lead to more. Which publish comes from a handler is told by the context of its calls;
 * that costs each promise something, and so begins with the drain: a handler that was under way before is not known as one.
 */
class Draining {
  isOn = false
  readonly #handlers = new AsyncLocalStorage<true>()

  /** Whether what is published now is refused. */
  refuses(): boolean {
    return this.isOn && this.#handlers.getStore() === undefined
  }

  /** Calls a handler, so that it is known as one. */
  call<T, D>(handler: (message: T, delivery: D) => unknown, message: T, delivery: D): unknown {
    return this.#handlers.run(true, handler, message, delivery)
  }

  /** A function that counts as called from here, whoever calls it. */
  bind<F extends () => boolean>(run: F): F {
    return this.isOn ? (AsyncResource.bind(run) as F) : run
  }
}

export const draining = new Draining()
