import { REJECT_SAMPLES_MOST } from '../../layout.js'
import type { ClockJump } from '../../market-core.js'

/** Where the clock of whoever received the frames went back: counted, and the first few described. */
export class ClockJumps {
  readonly samples: ClockJump[] = []
  count = 0
  #lastNs = -Infinity

  /** Forgets the last time, because those that follow count from another instant. */
  restart(): void {
    this.#lastNs = -Infinity
  }

  /** Looks at a frame's receive time. */
  see(initNs: number, frame: number, offset: number): void {
    if (initNs < this.#lastNs) {
      this.count += 1
      if (this.samples.length < REJECT_SAMPLES_MOST) {
        this.samples.push({ frame, offset, backNs: this.#lastNs - initNs })
      }
    }
    this.#lastNs = initNs
  }
}
