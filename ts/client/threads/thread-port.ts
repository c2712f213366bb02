import type { Schedule } from '../../lane-core.js'

/** A port as a thread sees it that works beside others on the same group. */
export interface ThreadPort extends Schedule {
  /**
   * The thread has nothing to do: from now on whoever brings work rings it, until its next turn. False if there is work
   * after all; messages may be in the lease list then.
   */
  rest(): boolean
  /** The thread takes nothing more; what it was given and has not settled goes back. */
  leave(): void
}

/** How a thread wakes others, and is woken. */
export interface Bell {
  /** Wakes a thread, whatever it does. */
  ring(slot: number): void
  /** Wakes a thread if its sleep flag is up. */
  ringIfAsleep(slot: number): void
  /** Raises the sleep flag. */
  sleep(): void
  /** Takes it down, if it is up. */
  stayAwake(): void
}
