/** What the in-thread questions publish, and how they know that the right handlers got it. */

/**
 * A best bid and offer as feeds hand it over: made anew for every publish. Prices are whole ticks, because V8 allocates each
 * fraction apart, which would cost everybody the same and say nothing of a bus.
 */
export interface Tick {
  symbol: string
  bid: number
  ask: number
  /** Number of the message within its round. */
  sequence: number
}

export type TickHandler = (tick: Tick) => void

export function makeTick(sequence: number): Tick {
  const bid = 6_000_000 + (sequence & 1023)
  return { symbol: 'BTCUSDT', bid, ask: bid + 1, sequence }
}

/**
 * Counts deliveries. The checksum is a sum over pairs of message and handler: one pair more, less or of another handler
 * changes it, the order in which the handlers of one message run does not, because the rivals promise none.
 */
export class Tally {
  count = 0
  checksum = 0
  /** One of the last messages stays reachable: what may be kept, no compiler can leave out making. */
  kept: Tick | undefined

  /** A handler of its own kind: handlers that share a weight are interchangeable in the checksum. */
  handler(weight: number): TickHandler {
    return (tick) => {
      this.count += 1
      this.checksum = (this.checksum + Math.imul(tick.sequence + 1, weight)) | 0
      if ((tick.sequence & 1023) === 0) this.kept = tick
    }
  }

  clear(): void {
    this.count = 0
    this.checksum = 0
  }
}

/** What is due for one message: how many handlers get it, and the sum of their weights. */
export interface Due {
  handlers: number
  weight: number
}

/** What a tally has to say after `count` messages, the topics taken in turn. */
export function expected(due: readonly Due[], count: number): { count: number; checksum: number } {
  const sum = { count: 0, checksum: 0 }
  for (let sequence = 0; sequence < count; sequence++) {
    const { handlers, weight } = due[sequence % due.length]
    sum.count += handlers
    sum.checksum = (sum.checksum + Math.imul(sequence + 1, weight)) | 0
  }
  return sum
}
