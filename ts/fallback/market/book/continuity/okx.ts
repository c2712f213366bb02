import { judgePrevious } from './previous.js'
import { NEXT, type Position, type Verdict } from './verdict.js'

/**
 * OKX: each update names the one before it. Before 2023 none did, and only the checksum told of a gap; the decoder rejects
 * those that have neither.
 */
export function judgeOkx(at: Position, first: number, last: number, previous: number): Verdict {
  return Number.isNaN(previous) ? NEXT : judgePrevious(at, first, last, previous)
}
