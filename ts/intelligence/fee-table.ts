import { show, TickbusError } from '../errors.js'
import { microBpsOf } from './basis-points.js'

/** What the user really pays, and as of when. None is built in: fees change, and depend on who trades. */
export interface FeeTable {
  /** The day on which they were looked up, `YYYY-MM-DD`, at most a year ago. */
  readonly asOf: string
  /** Taker fees by the instruments' ids, in basis points, -1,000 to 1,000 with at most six places behind the point. */
  readonly takerBps: Readonly<Record<string, number>>
}

const FEE_MOST_BPS = 1_000
const YEAR_MS = 366 * 86_400_000

/**
 * Refuses what cannot be a fee table. `nowMs` is the present, in UNIX milliseconds.
 *
 * @throws {TickbusError} `TICKBUS_FEES`
 */
export function checkFees(table: unknown, nowMs: number): asserts table is FeeTable {
  if (!isPlain(table)) throw unusable('it is no object')
  const { asOf, takerBps } = table
  if (asOf === undefined) throw unusable('it has no date, asOf')
  const ms = dayMs(asOf)
  if (ms === undefined) throw unusable(`its date ${show(asOf)} is no day, YYYY-MM-DD`)
  if (nowMs - ms > YEAR_MS)
    throw unusable(`it is as of ${asOf as string}, more than a year ago: look the fees up again`)
  if (!isPlain(takerBps)) throw unusable('it has no object of fees, takerBps')
  for (const [id, fee] of Object.entries(takerBps)) {
    if (typeof fee !== 'number' || !Number.isFinite(fee)) throw unusable(`the fee of ${show(id)} is no number`)
    if (Math.abs(fee) > FEE_MOST_BPS) {
      throw unusable(`the fee of ${show(id)} is ${fee} basis points, more than 10 %: fees are in basis points`)
    }
    if (microBpsOf(fee) === undefined)
      throw unusable(`the fee of ${show(id)} has more than six places behind the point`)
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The beginning of a day that there is; `2026-02-30` is none. */
function dayMs(day: unknown): number | undefined {
  if (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined
  const ms = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? undefined : ms
}

function unusable(reason: string): TickbusError {
  return new TickbusError('TICKBUS_FEES', { reason })
}
