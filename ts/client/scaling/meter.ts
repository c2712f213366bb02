import {
  METER_DOUBLE_AWAITED,
  METER_DOUBLE_BATCH_SINCE,
  METER_DOUBLE_BEGUN,
  METER_DOUBLE_BUSY,
  METER_DOUBLE_CALLED,
  METER_DOUBLE_ENDED,
  METER_DOUBLE_OCCUPIED,
  METER_DOUBLE_SLOTS,
} from '../../layout.js'

/** What handlers have taken so far. */
export interface Spent {
  /** Handlers that were called, and how long they took until they returned, in nanoseconds. */
  begun: number
  calledNs: number
  /** Handlers that came to their end, and how long their promises took to be settled after they returned. */
  ended: number
  awaitedNs: number
  /** Of worker threads: how long handlers were under way, and how long their threads computed meanwhile. */
  occupiedNs: number
  busyNs: number
}

/**
 * What the handlers of one runner take: written by its thread, in memory that others may read. It is updated once a batch
 * where handlers return at once, and twice a message where they return promises.
 */
export class Meter {
  /** Whether promises are timed to the nanosecond, which costs a reading of the clock for each. */
  readonly isExact: boolean
  readonly #page: Float64Array

  constructor(memory: ArrayBufferLike, isExact: boolean) {
    this.#page = new Float64Array(memory)
    this.isExact = isExact
  }

  /** Memory for so many slots. */
  static bytes(slots: number): number {
    return 8 * (METER_DOUBLE_SLOTS + slots)
  }

  /** Handlers are called from now on. */
  calls(nowNs: number): void {
    this.#page[METER_DOUBLE_BATCH_SINCE] = nowNs
  }

  /** So many have returned, `promises` of them with promises; `ns` have passed meanwhile. */
  called(begun: number, promises: number, ns: number): void {
    const page = this.#page
    page[METER_DOUBLE_BATCH_SINCE] = 0
    page[METER_DOUBLE_BEGUN] += begun
    page[METER_DOUBLE_CALLED] += ns
    page[METER_DOUBLE_ENDED] += begun - promises
  }

  /** The promise in a slot is waited for from now on. */
  awaits(slot: number, nowNs: number): void {
    this.#page[METER_DOUBLE_SLOTS + slot] = nowNs
  }

  /** It was settled. */
  settled(slot: number, nowNs: number): void {
    this.#page[METER_DOUBLE_ENDED] += 1
    this.#page[METER_DOUBLE_AWAITED] += nowNs - this.#page[METER_DOUBLE_SLOTS + slot]
  }

  /** Nothing is in the slot any more. */
  clear(slot: number): void {
    this.#page[METER_DOUBLE_SLOTS + slot] = 0
  }

  /**
   * Between two batches: the thread, which does nothing but run handlers, has computed for so long in all. Both are written
   * down at the same moment, so that the one can be divided by the other whenever they are read.
   */
  takeStock(nowNs: number, busyNs: number): void {
    const page = this.#page
    let occupiedNs = page[METER_DOUBLE_CALLED] + page[METER_DOUBLE_AWAITED]
    for (let i = METER_DOUBLE_SLOTS; i < page.length; i += 1) if (page[i] > 0) occupiedNs += nowNs - page[i]
    page[METER_DOUBLE_OCCUPIED] = occupiedNs
    page[METER_DOUBLE_BUSY] = busyNs
  }

  /** Takes over what another one has counted, whose thread has ended. */
  add(other: Meter): void {
    for (let i = METER_DOUBLE_BEGUN; i <= METER_DOUBLE_BUSY; i += 1) this.#page[i] += other.#page[i]
  }

  addTo(spent: Spent): void {
    const page = this.#page
    spent.begun += page[METER_DOUBLE_BEGUN]
    spent.calledNs += page[METER_DOUBLE_CALLED]
    spent.ended += page[METER_DOUBLE_ENDED]
    spent.awaitedNs += page[METER_DOUBLE_AWAITED]
    spent.busyNs += page[METER_DOUBLE_BUSY]
    spent.occupiedNs += page[METER_DOUBLE_OCCUPIED]
  }

  /** Since when the oldest handler that has come to no end is under way; `Infinity` if none is. */
  oldestNs(): number {
    let oldest = Infinity
    for (let i = METER_DOUBLE_BATCH_SINCE; i < this.#page.length; i += 1) {
      const since = this.#page[i]
      if (since > 0 && since < oldest) oldest = since
    }
    return oldest
  }
}

export function nothingSpent(): Spent {
  return { begun: 0, calledNs: 0, ended: 0, awaitedNs: 0, occupiedNs: 0, busyNs: 0 }
}
