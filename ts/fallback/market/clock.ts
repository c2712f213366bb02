/** Longest distance from the epoch, 104 days: up to there a double holds every nanosecond. */
const REACH_SECONDS = 9_000_000
const ZERO = 0x30

/** No number of nanoseconds: the time is not one, or too far from the epoch. */
export const NO_TIME = NaN
export const OUT_OF_REACH = Infinity

/** Whether it is a number of nanoseconds from the epoch, and near enough. */
export function isInReach(ns: number): boolean {
  return Math.abs(ns) <= REACH_SECONDS * 1e9
}

/** Times as nanoseconds since an epoch, in doubles that hold every one of them. */
export class Clock {
  #seconds = 0
  #nanos = 0

  /** Sets the epoch by whole UNIX seconds and the nanoseconds of that second. */
  set(seconds: number, nanos: number): void {
    this.#seconds = seconds
    this.#nanos = nanos
  }

  /**
   * Nanoseconds from the epoch to the receive time of 19 digits at `start`; `NO_TIME` if it is not that, `OUT_OF_REACH`
   * if it is too far away.
   */
  received(bytes: Uint8Array, start: number): number {
    // Two numbers, because the 19 digits together do not fit one double.
    const seconds = digits(bytes, start, start + 10)
    const nanos = digits(bytes, start + 10, start + 19)
    if (seconds < 0 || nanos < 0) return NO_TIME
    const distance = seconds - this.#seconds
    if (Math.abs(distance) > REACH_SECONDS) return OUT_OF_REACH
    return distance * 1e9 + nanos - this.#nanos
  }

  /** Nanoseconds from the epoch to a venue's UNIX milliseconds; `OUT_OF_REACH` if they are too far away. */
  event(unixMs: number): number {
    const ms = unixMs - this.#seconds * 1_000
    return Math.abs(ms) > REACH_SECONDS * 1_000 ? OUT_OF_REACH : ms * 1e6 - this.#nanos
  }

  /** The same for UNIX microseconds. */
  eventOfUs(unixUs: number): number {
    const us = unixUs - this.#seconds * 1e6
    return Math.abs(us) > REACH_SECONDS * 1e6 ? OUT_OF_REACH : us * 1e3 - this.#nanos
  }

  /** Nanoseconds from the epoch to a venue's time; `OUT_OF_REACH` if it is too far away. */
  at(seconds: number, nanos: number): number {
    const distance = seconds - this.#seconds
    return Math.abs(distance) > REACH_SECONDS ? OUT_OF_REACH : distance * 1e9 + nanos - this.#nanos
  }
}

/** The whole number between `start` and `end`, or -1 if there are other characters than digits. */
function digits(bytes: Uint8Array, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at] - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return number
}
