import { EventEmitter } from 'node:events'

/** Listeners to events by name. One that throws is an uncaught exception, and stops nobody: neither the others nor who emits. */
export class Listeners<Events> {
  readonly #events = new EventEmitter()

  on(event: keyof Events & string, listener: (detail: never) => void): void {
    this.#events.on(event, listener as (detail: unknown) => void)
  }

  off(event: keyof Events & string, listener: (detail: never) => void): void {
    this.#events.off(event, listener as (detail: unknown) => void)
  }

  has(event: keyof Events & string): boolean {
    return this.#events.listenerCount(event) > 0
  }

  /** Says whether anybody listens. */
  emit<E extends keyof Events & string>(event: E, detail: Events[E]): boolean {
    const listeners = this.#events.listeners(event)
    for (const listener of listeners) {
      try {
        listener(detail)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
    return listeners.length > 0
  }
}
