import type { LaneSettings } from './config/index.js'

/** A lane has filled up, or is relieved again. */
export interface WaterMark {
  group: string
  lane: string
  /** Messages that wait in it. */
  waiting: number
}

/**
 * Tells when a lane fills up and when it is relieved: once for each time that it goes from one mark to the other. Knows as
 * well which lanes have been full and are not relieved yet.
 */
export class WaterMarks {
  readonly #names: readonly string[]
  readonly #capacities: readonly number[]
  readonly #highs: readonly number[]
  readonly #lows: readonly number[]
  /** What still fits each lane, as the port says it. */
  readonly #room: Uint32Array
  readonly #isHigh: boolean[]
  readonly #wasFull: boolean[]

  constructor(lanes: readonly LaneSettings[], room: Uint32Array) {
    this.#names = lanes.map(({ name }) => name)
    this.#capacities = lanes.map(({ capacity }) => capacity)
    this.#highs = lanes.map(({ capacity, highWater }) => Math.max(1, Math.ceil(capacity * highWater)))
    this.#lows = lanes.map(({ capacity, lowWater }) => Math.floor(capacity * lowWater))
    this.#room = room
    this.#isHigh = lanes.map(() => false)
    this.#wasFull = lanes.map(() => false)
  }

  /** Looks at every lane. */
  look(tell: (event: 'highWater' | 'lowWater', lane: string, waiting: number) => void): void {
    for (let lane = 0; lane < this.#capacities.length; lane += 1) {
      const waiting = this.#capacities[lane] - this.#room[lane]
      if (waiting <= this.#lows[lane]) {
        this.#wasFull[lane] = false
        if (!this.#isHigh[lane]) continue
        this.#isHigh[lane] = false
        tell('lowWater', this.#names[lane], waiting)
      } else if (waiting >= this.#highs[lane]) {
        if (this.#room[lane] === 0) this.#wasFull[lane] = true
        if (this.#isHigh[lane]) continue
        this.#isHigh[lane] = true
        tell('highWater', this.#names[lane], waiting)
      }
    }
  }

  /** Somebody was refused. */
  refused(lane: number): void {
    this.#wasFull[lane] = true
  }

  /** Whether a lane has room, and was not full since it was relieved last. */
  isReady(lane: number): boolean {
    return this.#room[lane] > 0 && !this.#wasFull[lane]
  }
}
