/**
 * Messages at a steady rate, sent whether or not the receiver keeps up. Each is stamped with the time at which it was
 * meant to leave, so that a sender that is held up counts against the way it was held up by (no coordinated omission).
 *
 * Every turn of the sender's event loop spins until the next message is due, sends all that are due by then, and ends.
 * So the loop turns once for each batch, as it does in a feed handler, and nobody waits for a turn to end.
 */
import type { Open, Round } from '../question.js'
import type { Crossing } from './crossing.js'
import type { Latency } from './tally.js'

export interface Load {
  /** Messages a second. */
  rate: number
  seconds: number
  /** Whether the receiver times every message, which costs it a clock read. */
  isTimed: boolean
}

export function loading(open: () => Promise<Crossing>): Open<Load> {
  return async ({ rate, seconds, isTimed }, quick) => {
    const crossing = await open()
    const load = { rate, seconds: quick ? 0.04 : seconds, isTimed }
    return { round: () => playLoad(crossing, load), close: () => crossing.close() }
  }
}

export async function playLoad(crossing: Crossing, { rate, seconds, isTimed }: Load): Promise<Round> {
  const count = Math.ceil(rate * seconds)
  await crossing.control.arm(count, isTimed)
  let pace: Pace = { elapsedNs: 0, sendingNs: 0 }
  const arrivals = await crossing.control.arrivals(async () => {
    pace = await send(crossing, count, 1e9 / rate)
  })
  return {
    figures: {
      ...microseconds(arrivals.latencyNs),
      rate: (count / pace.elapsedNs) * 1e9,
      publish: pace.sendingNs / count,
    },
    published: count,
    delivered: arrivals.count,
    sentChecksum: crossing.checksum(count),
    receivedChecksum: arrivals.checksum,
  }
}

function microseconds(latencyNs: Latency | null): Record<string, number> {
  if (latencyNs === null) return {}
  const { p50, p90, p99, max } = latencyNs
  return { p50: p50 / 1e3, p90: p90 / 1e3, p99: p99 / 1e3, max: max / 1e3 }
}

interface Pace {
  /** From the first intended time until the last message had been sent. */
  elapsedNs: number
  /** Of it, the time inside send and flush, one clock read for each batch included. */
  sendingNs: number
}

function send(crossing: Crossing, count: number, intervalNs: number): Promise<Pace> {
  const { nowNs } = crossing
  const start = nowNs() + 1e6
  let next = 0
  let sendingNs = 0
  return new Promise((resolve) => {
    const turn = () => {
      const due = start + next * intervalNs
      let before = nowNs()
      while (before < due) before = nowNs()
      const end = Math.min(count, Math.floor((before - start) / intervalNs) + 1)
      for (; next < end; next++) crossing.send(next, start + next * intervalNs)
      crossing.flush()
      const after = nowNs()
      sendingNs += after - before
      if (next === count) resolve({ elapsedNs: after - start, sendingNs })
      else setImmediate(turn)
    }
    setImmediate(turn)
  })
}
