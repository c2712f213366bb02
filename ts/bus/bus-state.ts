import { Counters } from './counters.js'
import { HandlerWarnings } from './handler-warnings.js'
import { Listeners } from './listeners.js'
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
  /** Whether a client of this thread keeps a journal, so that topics which may not lose messages are published through it. */
  isJournalled = false
  handlerErrors = 0
  readonly freezes: boolean
  readonly letsThrow: boolean
  readonly counters = new Counters()
  /** How long the handlers of one publish took together. */
  readonly dispatchTimes = new WaitTimes()
  /** Last messages of the topics that keep them. */
  readonly lastMessages = new Map<TopicHandle, unknown>()
  readonly events = new Listeners<Record<string, unknown>>()
  readonly #warnings = new HandlerWarnings('bus')

  constructor({ freezes, letsThrow }: BusStateOptions) {
    this.freezes = freezes
    this.letsThrow = letsThrow
  }

  /** Counts the fault and hands it to the listeners of `handlerError`; without one, warns once for each handler. */
  reportHandlerError(fault: HandlerError): void {
    this.handlerErrors += 1
    if (!this.emit('handlerError', fault)) this.#warnings.warn(fault)
  }

  /** Says whether anybody listens. */
  emit(name: string, detail: unknown): boolean {
    return this.events.emit(name, detail)
  }
}
