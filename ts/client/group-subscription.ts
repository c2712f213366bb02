import type { Consumer, GroupHandler } from './work.js'

/** One (pattern, handler) pair of a group. */
export class GroupSubscription implements Consumer {
  readonly pattern: string
  readonly handler: GroupHandler
  readonly group: string
  #end: ((subscription: GroupSubscription) => void) | undefined
  #signal: AbortSignal | undefined

  /** @internal */
  constructor(
    pattern: string,
    handler: GroupHandler,
    group: string,
    end: (subscription: GroupSubscription) => void,
    signal: AbortSignal | undefined,
  ) {
    this.pattern = pattern
    this.handler = handler
    this.group = group
    this.#end = end
    this.#signal = signal
    signal?.addEventListener('abort', this)
  }

  /** Whether messages still arrive. */
  get active(): boolean {
    return this.#end !== undefined
  }

  /**
   * Ends it: counts from the next publish. What waits already is still handled; if this was the group's last subscription,
   * the group is gone once it has been. A second call changes nothing.
   */
  unsubscribe(): void {
    const end = this.#end
    this.#end = undefined
    this.#signal?.removeEventListener('abort', this)
    this.#signal = undefined
    end?.(this)
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }

  /** @internal The signal has aborted. */
  handleEvent(): void {
    this.unsubscribe()
  }

  /** @internal The client was closed. */
  end(): void {
    this.#end = undefined
    this.#signal?.removeEventListener('abort', this)
    this.#signal = undefined
  }
}
