const ZERO = 0x30
const POINT = 0x2e
const HYPHEN = 0x2d
const COLON = 0x3a
const TIME = 0x54
const DATE_AND_TIME = 19
const UTC = 0x5a
/** More than any time that is near enough to an epoch. */
const SECONDS_DIGITS = 12
const NANOS_DIGITS = 9
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/**
 * Reads times as venues write them where they write no milliseconds: ISO 8601 in UTC, or seconds with a point;
 * crates/market/src/moment.rs rule for rule.
 */
export class MomentReader {
  /** The time that was read: whole seconds on the UNIX clock, and nanoseconds of that second. */
  seconds = 0
  nanos = 0

  /** Reads `2021-04-17T16:43:30.244075Z`, with up to 9 digits of a second or none. Says whether it is that. */
  readIso(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < DATE_AND_TIME + 1 || bytes[end - 1] !== UTC) return false
    if (bytes[start + 4] !== HYPHEN || bytes[start + 7] !== HYPHEN || bytes[start + 10] !== TIME) return false
    if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return false
    const year = number(bytes, start, start + 4)
    const month = number(bytes, start + 5, start + 7)
    const day = number(bytes, start + 8, start + 10)
    const hour = number(bytes, start + 11, start + 13)
    const minute = number(bytes, start + 14, start + 16)
    const second = number(bytes, start + 17, start + 19)
    if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false
    if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false
    this.seconds = ((daysTo(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
    return this.#readFraction(bytes, start + DATE_AND_TIME, end - 1)
  }

  /** Reads `1534614057.321597`, with up to 9 digits behind the point or none. Says whether it is that. */
  readDecimal(bytes: Uint8Array, start: number, end: number): boolean {
    let point = start
    while (point < end && bytes[point] !== POINT) point += 1
    if (point === start || point - start > SECONDS_DIGITS) return false
    this.seconds = number(bytes, start, point)
    return this.seconds >= 0 && this.#readFraction(bytes, point, end)
  }

  /** Reads what stands behind whole seconds: nothing, or a point and digits. */
  #readFraction(bytes: Uint8Array, start: number, end: number): boolean {
    this.nanos = 0
    if (start === end) return true
    const digits = end - start - 1
    if (bytes[start] !== POINT || digits < 1 || digits > NANOS_DIGITS) return false
    this.nanos = number(bytes, start + 1, end) * POWERS[NANOS_DIGITS - digits]!
    return this.nanos >= 0
  }
}

const POWERS = Array.from({ length: NANOS_DIGITS }, (_, power) => 10 ** power)

/** The whole number between `start` and `end`, or -1 if there are other characters than digits. */
function number(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at] - ZERO
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return DAYS[month - 1] + (isLeap && month === 2 ? 1 : 0)
}

/**
 * Days from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"): the year begins in March, so that the
 * leap day is its last one, and the months before a month have 153/5 days on average.
 */
function daysTo(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 719_469
}
