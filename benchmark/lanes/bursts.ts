/**
 * So many messages are published at once, then all of them handled: what does one cost, from making it to its handler's
 * return? The first of a burst meets an empty queue, the last one all the others.
 */
import type { Open, Round } from '../question.js'
import { checksumOf, laneOf, makeTick, Tally, type Tick } from './work.js'

export interface Bursts {
  /** Messages that wait at once. */
  depth: number
  /** Messages of a round, in bursts of `depth`. */
  messages: number
}

/** A queue with priorities, empty. */
export interface Queue {
  /** Takes message number `sequence` of a round. */
  publish(tick: Tick, lane: number): void
  /** Handles all that there is, or sees to it that it is handled. */
  drain(): void
  close(): Promise<void>
}

export type OpenQueue = (tally: Tally, bursts: Bursts) => Promise<Queue>

export function bursting(open: OpenQueue): Open<Bursts> {
  return async (bursts, quick) => {
    const tally = new Tally()
    const queue = await open(tally, bursts)
    const depth = quick ? Math.min(bursts.depth, 20_000) : bursts.depth
    const rounds = quick ? 1 : bursts.messages / bursts.depth
    const checksum = checksumOf(depth * rounds)
    return { round: () => play(queue, tally, depth, rounds, checksum), close: () => queue.close() }
  }
}

async function play(queue: Queue, tally: Tally, depth: number, bursts: number, checksum: number): Promise<Round> {
  tally.clear()
  const start = performance.now()
  let sequence = 0
  for (let burst = 1; burst <= bursts; burst++) {
    for (const end = burst * depth; sequence < end; sequence++) queue.publish(makeTick(sequence), laneOf(sequence))
    queue.drain()
    await tally.reached(sequence)
  }
  return {
    figures: { message: ((performance.now() - start) * 1e6) / sequence },
    published: sequence,
    delivered: tally.count,
    sentChecksum: checksum,
    receivedChecksum: tally.checksum,
  }
}
