/**
 * Whether a book can be relied on:
 * - `empty`: it waits for its first snapshot;
 * - `live`: it is what the venue has;
 * - `thinned`: it follows the venue, but so many levels went that those which the depth limit or the snapshot left out may
 *   belong near the top. A snapshot makes it whole;
 * - `stale`: it is not what the venue has, and needs a snapshot.
 */
export type BookState = 'empty' | 'live' | 'thinned' | 'stale'

/** Whether a book follows the venue's updates, and so has something to say. */
export function isFollowing(state: BookState): boolean {
  return state === 'live' || state === 'thinned'
}

/**
 * Why a book is stale:
 * - `gap`: an update is missing;
 * - `crossed`: the best bid was not below the best ask;
 * - `checksum`: the venue's checksum was another one;
 * - `level`: an update held a price that is not more than 0, or a size that is less, or either was no finite number;
 * - `invalidated`: whoever keeps it said so: its connection was lost, say.
 */
export type BookFault = 'gap' | 'crossed' | 'checksum' | 'level' | 'invalidated'

/** What a book met since it was made; under the name of a fault, how often it went stale because of it. */
export interface BookCounts extends Record<BookFault, number> {
  /** Snapshots taken. */
  snapshots: number
  /** Updates applied. */
  updates: number
  /** Updates and snapshots dropped because the book had more already. */
  late: number
  /** Updates dropped because no snapshot had come, or for want of room while they waited for it. */
  early: number
  /** Checksums that were right. */
  verified: number
  /** Levels given up because of the depth limit. */
  givenUp: number
  /** How often the book became thinned. */
  thinned: number
}

export function noCounts(): BookCounts {
  return {
    snapshots: 0,
    updates: 0,
    late: 0,
    early: 0,
    verified: 0,
    givenUp: 0,
    gap: 0,
    crossed: 0,
    checksum: 0,
    level: 0,
    thinned: 0,
    invalidated: 0,
  }
}
