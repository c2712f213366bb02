/** What an update is to a book: the one that comes next, one that it has already, one before which another is missing. */
export const NEXT = 0
export const LATE = 1
export const GAP = 2
export type Verdict = typeof NEXT | typeof LATE | typeof GAP

/** How far a book has come. */
export interface Position {
  /** Number of the last change in the book. */
  last: number
  /** Whether nothing followed the snapshot yet. */
  isAtSnapshot: boolean
}

/** Judges an update by its first and last number and that of the one before it, NaN where the venue gives none. */
export type Judge = (at: Position, first: number, last: number, previous: number) => Verdict
