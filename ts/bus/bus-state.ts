import { EventEmitter } from 'node:events'
import { Counters } from './counters.js'
import type { Handler } from './subscription.js'
import type { TopicHandle } from './topic.js'
import { WaitTimes } from './wait-times.js'

/** A handler that threw, or whose promise rejected. */
export interface HandlerError {
  error: unknown
  topic: string
  pattern: string
  handler: Handler
}

export interface BusStateOptions {
  /** Whether messages are frozen when they are published. */
  readonly freezes: boolean
  /** Whether what a handler throws leaves `publish`, instead of being reported. */
  readonly letsThrow: boolean
}

/** What the topic handles of one bus share with it. */
export class BusState {
  closed = false
  handlerErrors = 0
  readonly freezes: boolean
  readonly letsThrow: boolean
  readonly counters = new Counters()
  /** How long the handlers of one publish took together. */
  readonly dispatchTimes = new WaitTimes()
  /** Last messages of the topics that keep them. */
  readonly lastMessages = new Map<TopicHandle, unknown>()
  readonly events = new EventEmitter()
  readonly #warned = new WeakSet<Handler>()

  constructor({ freezes, letsThrow }: BusStateOptions) {
    this.freezes = freezes
    this.letsThrow = letsThrow
  }

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
