/** What the questions about queues in one thread put into them: ticks with one of four priorities, and what has to come out. */
import { type Tick, type TickHandler, makeTick } from '../bus/tick.js'

/** Numbers of the lanes, by the share of messages that take them: 10 % low, 70 % normal, 15 % high, 5 % critical. */
const SHARES = [10, 70, 15, 5]
export const LANES = SHARES.length

/** The lane of each of a hundred messages in turn, in an order that is random once and for all. */
const MIX = mixed(SHARES.flatMap((share, lane) => Array.from({ length: share }, () => lane)))

export function laneOf(sequence: number): number {
  return MIX[sequence % MIX.length]
}

/** How long a message has until its deadline, in milliseconds: 10 to 20 minutes, in no order. */
export function deadlineOf(sequence: number): number {
  return 600_000 + ((Math.imul(sequence, 0x9e3779b1) >>> 0) % 600_000)
}

/** Counts what was handled; the checksum does not depend on the order, since priorities change it. */
export class Tally {
  count = 0
  checksum = 0
  /** One of the last messages stays reachable: what may be kept, no compiler can leave out making. */
  kept: Tick | undefined
  #expected = Infinity
  #whole: () => void = () => {}

  readonly take: TickHandler = (tick) => {
    this.checksum = (this.checksum + Math.imul(tick.sequence + 1, 31)) | 0
    if ((tick.sequence & 1023) === 0) this.kept = tick
    this.count += 1
    if (this.count === this.#expected) this.#whole()
  }

  clear(): void {
    this.count = 0
    this.checksum = 0
    this.#expected = Infinity
  }

  /** Resolves when `count` messages have been handled since it was cleared. */
  reached(count: number): Promise<void> {
    if (this.count >= count) return Promise.resolve()
    this.#expected = count
    return new Promise((resolve) => {
      this.#whole = resolve
    })
  }
}

export function checksumOf(count: number): number {
  let checksum = 0
  for (let sequence = 0; sequence < count; sequence++) checksum = (checksum + Math.imul(sequence + 1, 31)) | 0
  return checksum
}

export { makeTick, type Tick, type TickHandler }

function mixed(lanes: number[]): number[] {
  let state = 12345
  for (let i = lanes.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    const j = state % (i + 1)
    const lane = lanes[i]
    lanes[i] = lanes[j]
    lanes[j] = lane
  }
  return lanes
}
