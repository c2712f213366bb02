/** A handler that threw, or whose promise rejected, as far as a warning speaks of it. */
export interface HandlerFault {
  readonly error: unknown
  readonly topic: string
  readonly pattern: string
  readonly handler: object
}

/** Process warnings for faults that nobody listens to: one for each handler. */
export class HandlerWarnings {
  readonly #whose: string
  readonly #warned = new WeakSet<object>()

  /** `whose` names what to listen to, such as `bus`. */
  constructor(whose: string) {
    this.#whose = whose
  }

  warn({ error, topic, pattern, handler }: HandlerFault): void {
    if (this.#warned.has(handler)) return
    this.#warned.add(handler)
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.emitWarning(`A handler of "${pattern}" failed on "${topic}": ${reason}`, {
      type: 'TickbusWarning',
      code: 'TICKBUS_HANDLER_ERROR',
      detail: `Listen to ${this.#whose}.on('handlerError') to handle this.`,
    })
  }
}
