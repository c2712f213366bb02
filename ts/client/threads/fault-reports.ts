import type { GroupHandlerError } from '../work.js'
import { type Fault, portable } from './control.js'

/** Faults that are told at once, and how many more each second. */
const BURST = 100
const PER_SECOND = 100

/** Tells the owner of a group of the faults in one of its threads, at a bounded rate. */
export class FaultReports {
  readonly #tell: (fault: Fault) => void
  readonly #nowNs: () => number
  #credit = BURST
  #creditedNs = 0
  #untold = 0

  constructor(tell: (fault: Fault) => void, nowNs: () => number) {
    this.#tell = tell
    this.#nowNs = nowNs
  }

  add({ error, topic, pattern }: GroupHandlerError): void {
    if (this.#credit < 1) this.#refill()
    if (this.#credit < 1) {
      this.#untold += 1
      return
    }
    this.#credit -= 1
    this.#tell({ error: portable(error), topic, pattern, untold: this.#untold })
    this.#untold = 0
  }

  #refill(): void {
    const nowNs = this.#nowNs()
    this.#credit = Math.min(BURST, this.#credit + ((nowNs - this.#creditedNs) / 1e9) * PER_SECOND)
    this.#creditedNs = nowNs
  }
}
