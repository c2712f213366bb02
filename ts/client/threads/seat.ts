import type { Membership } from '../../core.js'
import { WAKE_ASLEEP, WAKE_BUSY, WAKE_POLLING } from '../../layout.js'
import type { MemberId, Roster } from '../../workers/index.js'
import type { Bell } from './thread-port.js'
import type { Reach } from './thread-system.js'

/** A thread's place among the threads of one group: the doorbell and the sleep flag. */
export class Seat implements Bell {
  readonly id: MemberId
  readonly #roster: Roster
  readonly #membership: Membership
  /** What this thread stored last. Others change only `WAKE_ASLEEP`, to `WAKE_BUSY`. */
  #isAsleep = false
  #isPolling = false

  /**
   * Takes a place; `wake` is called on the event loop each time this thread was rung.
   *
   * @throws {TickbusError} `TICKBUS_MEMBERS` if all are taken.
   */
  constructor(reach: Reach, roster: Roster, wake: () => void) {
    this.#roster = roster
    this.id = roster.claim(reach.thread)
    this.#membership = reach.join({ roster: new Uint8Array(roster.memory), ...this.id, wake })
    roster.goLive(this.id.slot)
  }

  /** Wakes a thread, whatever it does. */
  readonly ring = (slot: number): void => {
    this.#membership.ring(slot)
  }

  /** Wakes a thread if it sleeps. */
  readonly ringIfAsleep = (slot: number): void => {
    const { control } = this.#roster
    const word = this.#roster.wakeWord(slot)
    if (Atomics.load(control, word) !== WAKE_ASLEEP) return
    if (Atomics.compareExchange(control, word, WAKE_ASLEEP, WAKE_BUSY) === WAKE_ASLEEP) this.ring(slot)
  }

  /** From now on whoever has something for this thread rings it. Look once more before you rest. */
  sleep(): void {
    this.#isAsleep = true
    this.#store(WAKE_ASLEEP)
  }

  /** Awake: nobody need ring. */
  stayAwake(): void {
    if (this.#isAsleep) this.#store(WAKE_BUSY)
    this.#isAsleep = false
  }

  /** Awake with nothing to do: nobody rings, and others do not poll as well. */
  setPolling(isPolling: boolean): void {
    if (isPolling !== this.#isPolling) this.#store(isPolling ? WAKE_POLLING : WAKE_BUSY)
    this.#isPolling = isPolling
  }

  /** How many other threads of the group poll. */
  othersPolling(): number {
    return this.#roster.othersPolling(this.id.slot)
  }

  leave(): void {
    this.#roster.release(this.id.slot)
    this.#membership.leave()
  }

  #store(wake: number): void {
    Atomics.store(this.#roster.control, this.#roster.wakeWord(this.id.slot), wake)
  }
}
