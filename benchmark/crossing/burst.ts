/** As many messages as fast as they go: what does one cost from end to end? */
import type { Open, Round } from '../question.js'
import { type Crossing, WINDOW } from './crossing.js'

export interface Burst {
  messages: number
}

export function bursting(open: () => Promise<Crossing>): Open<Burst> {
  return async ({ messages }, quick) => {
    const crossing = await open()
    const count = quick ? 5_000 : messages
    return { round: () => play(crossing, count), close: () => crossing.close() }
  }
}

async function play(crossing: Crossing, count: number): Promise<Round> {
  await crossing.control.arm(count, false)
  const start = crossing.nowNs()
  let sent = start
  const arrivals = await crossing.control.arrivals(async () => {
    for (let sequence = 0; sequence < count; sequence++) {
      crossing.send(sequence, start)
      if (sequence % WINDOW === WINDOW - 1) await crossing.ready()
    }
    crossing.flush()
    sent = crossing.nowNs()
  })
  return {
    figures: { endToEnd: (arrivals.lastNs - start) / count, sender: (sent - start) / count },
    published: count,
    delivered: arrivals.count,
    sentChecksum: crossing.checksum(count),
    receivedChecksum: arrivals.checksum,
  }
}
