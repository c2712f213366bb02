import { GAP, LATE, NEXT, type Position, type Verdict } from './verdict.js'

/** Numbers without a hole: an update begins with the number after the last one. */
export function judgePlusOne(at: Position, first: number, last: number): Verdict {
  if (last <= at.last) return LATE
  return first === at.last + 1 ? NEXT : GAP
}
