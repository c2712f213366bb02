import { GAP, LATE, NEXT, type Position, type Verdict } from './verdict.js'

/**
 * Binance futures: the first update holds the snapshot's last change, each other one names the update before it. One that
 * names the snapshot's own number follows it too.
 */
export function judgeBinanceFutures(at: Position, first: number, last: number, previous: number): Verdict {
  if (at.isAtSnapshot && last >= at.last && first <= at.last) return NEXT
  if (last <= at.last) return LATE
  return previous === at.last ? NEXT : GAP
}
