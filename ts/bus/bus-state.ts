import { EventEmitter } from 'node:events'
import type { Handler } from './subscription.js'

/** A handler that threw, or whose promise rejected. */
export interface HandlerError {
  error: unknown
  topic: string
  pattern: string
  handler: Handler
}

/** What the topic handles of one bus share with it: whether it is open, and where faults go. */
export class BusState {
  closed = false
  handlerErrors = 0
  readonly events = new EventEmitter()
  readonly #warned = new WeakSet<Handler>()

  /** Counts the fault and hands it to the listeners of `handlerError`; without one, warns once for each handler. */
  reportHandlerError(fault: HandlerError): void {
    this.handlerErrors += 1
    if (this.emit('handlerError', fault) || this.#warned.has(fault.handler)) return
    this.#warned.add(fault.handler)
    const reason = fault.error instanceof Error ? (fault.error.stack ?? fault.error.message) : String(fault.error)
    process.emitWarning(`A handler of "${fault.pattern}" failed on "${fault.topic}": ${reason}`, {
      type: 'TickbusWarning',
      code: 'TICKBUS_HANDLER_ERROR',
      detail: "Listen to bus.on('handlerError') to handle this.",
    })
  }

  /** Emits an event; a listener that throws is reported as an uncaught exception and stops nobody. */
  emit(name: string, detail: unknown): boolean {
    try {
      return this.events.emit(name, detail)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
      return true
    }
  }
}
