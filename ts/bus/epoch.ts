import { badArgument, show, TickbusError } from '../errors.js'

/** 2^53 ns: the longest distance from the epoch at which a double still holds every nanosecond, about 104 days. */
const REACH_NS = Number.MAX_SAFE_INTEGER

/**
 * The instant from which a bus counts its times. Records carry nanoseconds since then as doubles, exact within
 * 104 days; users see UNIX nanoseconds as `bigint`. One object per bus and thread, so that codecs compare by identity.
 */
export class Epoch {
  /** The instant, in UNIX nanoseconds. */
  readonly unixNs: bigint

  constructor(unixNs: bigint) {
    if (typeof unixNs !== 'bigint') {
      throw badArgument('epoch', 'UNIX nanoseconds as a bigint', unixNs)
    }
    this.unixNs = unixNs
  }

  /**
   * Nanoseconds from the epoch to `unixNs`, negative before it.
   *
   * @throws {TickbusError} `TICKBUS_RECORD_FIELD` if it is not a bigint, `TICKBUS_RECORD_TIME` if it is out of reach.
   */
  offsetNs(unixNs: bigint, field: string, kind: string): number {
    if (typeof unixNs !== 'bigint') {
      throw new TickbusError('TICKBUS_RECORD_FIELD', {
        kind,
        field,
        expected: 'UNIX nanoseconds as a bigint',
        got: show(unixNs),
      })
    }
    const offset = Number(unixNs - this.unixNs)
    if (offset > REACH_NS || offset < -REACH_NS) throw new TickbusError('TICKBUS_RECORD_TIME', { field })
    return offset
  }

  /** UNIX nanoseconds of a finite offset from this epoch. */
  unixNsAt(offsetNs: number): bigint {
    return this.unixNs + BigInt(Math.trunc(offsetNs))
  }
}
