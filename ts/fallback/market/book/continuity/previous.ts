import { GAP, LATE, NEXT, type Position, type Verdict } from './verdict.js'

/**
 * Each update names the one before it. Its own number may be the same, where nothing changed, or less, where the venue
 * began to count anew.
 */
export function judgePrevious(at: Position, _first: number, last: number, previous: number): Verdict {
  if (previous === at.last) return NEXT
  return last <= at.last ? LATE : GAP
}
