import { badArgument } from '../errors.js'

/** Millionths of a basis point: fees and thresholds are whole numbers of them, so that decisions can be exact. */
const MICRO = 1_000_000

/** Basis points as whole millionths; undefined if they have more than six places behind the point. */
export function microBpsOf(bps: number): number | undefined {
  const micro = Math.round(bps * MICRO)
  return micro / MICRO === bps ? micro : undefined
}

/**
 * A threshold in basis points as whole millionths.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT`
 */
export function thresholdMicroBps(name: string, bps: number): number {
  const micro = typeof bps === 'number' && bps >= -1_000 && bps <= 10_000 ? microBpsOf(bps) : undefined
  if (micro !== undefined) return micro
  throw badArgument(name, 'basis points from -1,000 to 10,000 with at most six places behind the point', bps)
}
