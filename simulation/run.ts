/** Many seeds, one after the other, and what they came to. */
import { type Played, play } from './player.js'
import { Tally } from './tally.js'

export interface Summary {
  readonly seeds: number
  /** Those at which a promise was broken. */
  readonly faults: readonly Played[]
  readonly tally: Tally
}

/** What has to happen in a few hundred seeds: a simulation in which it does not proves nothing about it. */
export const FAULTS = [
  'process killed',
  'power cut',
  'died opening',
  'torn write',
  'names lost',
  'sync error',
  'write error',
  'disk full',
  'slow disk',
  'opened on a full disk',
  'subscribed on a full disk',
  'stall',
  'clock jump',
  'blocking handler',
  'slow handler',
  'hanging handler',
  'given up',
  'late word',
  'threw',
  'rejected',
  'completions reordered',
  'duplicate published',
  'resize',
  'worker killed',
  'worker killed in a handler',
  'worker killed starting',
  'worker stalled',
  'worker refused',
  'worker left',
  'worker lost',
  'workers beyond help',
  'handler killed',
  'recovered',
  'closed',
  'expired',
  'accepted',
  'backpressured',
  'conflated',
  'shed',
  'spilled',
  'spill file',
  'receipt: memory',
  'receipt: written',
  'receipt: synced',
  'refused: TICKBUS_BACKPRESSURED',
  'refused: TICKBUS_JOURNAL_SYNC',
  'refused: TICKBUS_JOURNAL_UNWRITTEN',
  'word: ack',
  'word: nack',
  'word: retryLater',
  'word: terminate',
  'word: extend',
  'dead letter: failed',
  'dead letter: timedOut',
  'dead letter: blocked',
  'dead letter: terminated',
  'dead letter: expired',
  'dead letter: workerLost',
  'quarantined',
] as const

/** Plays the seeds from `first` on. */
export async function playAll(
  first: number,
  count: number,
  onPlayed: (played: Played) => void = () => {},
): Promise<Summary> {
  const tally = new Tally()
  const faults: Played[] = []
  for (let seed = first; seed < first + count; seed += 1) {
    const played = await play(seed)
    tally.take(played.tally)
    if (played.fault !== undefined) faults.push(played)
    onPlayed(played)
  }
  return { seeds: count, faults, tally }
}
