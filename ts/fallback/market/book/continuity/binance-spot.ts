import { GAP, LATE, NEXT, type Position, type Verdict } from './verdict.js'

/** Binance spot: the first update holds the change after the snapshot, each other one begins where the last ended. */
export function judgeBinanceSpot(at: Position, first: number, last: number): Verdict {
  const next = at.last + 1
  if (last < next) return LATE
  const isNext = at.isAtSnapshot ? first <= next : first === next
  return isNext ? NEXT : GAP
}
