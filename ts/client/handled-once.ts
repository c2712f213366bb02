import { IdempotencyWindow, type WindowBounds } from '../delivery/index.js'

/** A message of which a copy is under way is looked at again after so many microseconds. */
export const UNDER_WAY_US = 10_000

/** Which messages of a group's effectively-once topics were handled. */
export interface Once {
  /** Deliveries that did not begin, since a copy was acknowledged. */
  readonly duplicates: number
  /** Deliveries that had begun in threads that died, so that nobody knows whether their messages were handled. */
  readonly inDoubt: number
  /** One was handled before. */
  recall(identity: string, nowNs: number): void
  /** The message in an envelope is settled. */
  end(envelope: number, isAcknowledged: boolean, now: () => number): void
  /** The thread has died that had it in hand. */
  bereft(envelope: number): void
}

/** Of a group whose handlers run in this thread: what is under way as well, and in which envelopes. */
export class HandledOnce implements Once {
  duplicates = 0
  readonly inDoubt = 0
  readonly #window: IdempotencyWindow
  /** By envelope what identifies the message that is under way in it. */
  readonly #identities = new Map<number, string>()

  constructor(bounds: WindowBounds) {
    this.#window = new IdempotencyWindow(bounds)
  }

  begin(envelope: number, identity: string, nowNs: number): 'fresh' | 'underWay' | 'done' {
    const state = this.#window.begin(identity, nowNs)
    if (state === 'fresh') this.#identities.set(envelope, identity)
    else if (state === 'done') this.duplicates += 1
    return state
  }

  recall(identity: string, nowNs: number): void {
    this.#window.end(identity, true, nowNs)
  }

  end(envelope: number, isAcknowledged: boolean, now: () => number): void {
    if (this.#identities.size === 0) return
    const identity = this.#identities.get(envelope)
    if (identity === undefined) return
    this.#identities.delete(envelope)
    this.#window.end(identity, isAcknowledged, now())
  }

  /** There is no other thread. */
  bereft(): void {}
}
