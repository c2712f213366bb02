import { availableParallelism } from 'node:os'
import { show, TickbusError } from '../errors.js'

/**
 * How long a thread that found nothing to read looks again before it sleeps. `'auto'`: 0 to 200 us, as long as it has
 * paid off lately, by at most one thread less than there are cores. `{ us }`: always that long. `'off'`: not at all.
 */
export type Polling = 'auto' | 'off' | { readonly us: number }

const LONGEST_US = 200
const SHORTEST_US = 12.5
const MOST_US = 1_000_000

/** Most threads of a bus that `'auto'` lets poll at the same time on this machine. */
export const pollingThreads = Math.max(0, availableParallelism() - 1)

/** @throws {TickbusError} `TICKBUS_POLLING` */
export function checkPolling(polling: Polling): Polling {
  if (polling === 'auto' || polling === 'off') return polling
  const us: unknown = polling?.us
  if (typeof us === 'number' && us >= 0 && us <= MOST_US) return polling
  throw new TickbusError('TICKBUS_POLLING', { got: typeof us === 'number' ? `{ us: ${us} }` : show(polling) })
}

/** Decides how long to poll: a window that halves each time it was in vain and doubles each time it would have paid. */
export class PollingWindow {
  readonly #adaptive: boolean
  #windowMs: number

  constructor(polling: Polling) {
    this.#adaptive = polling === 'auto'
    this.#windowMs = (polling === 'off' ? 0 : polling === 'auto' ? LONGEST_US : polling.us) / 1000
  }

  /** Milliseconds to poll for, 0 for none. `othersPolling` threads do so already. */
  lengthMs(othersPolling: () => number): number {
    if (this.#windowMs === 0) return 0
    return this.#adaptive && othersPolling() >= pollingThreads ? 0 : this.#windowMs
  }

  /** A record came `idleMs` after the last one: polling that long would have found it, or did. */
  paid(idleMs: number): void {
    if (this.#adaptive && idleMs <= LONGEST_US / 1000) {
      this.#windowMs = Math.min(2 * this.#windowMs, LONGEST_US / 1000)
    }
  }

  /** The window passed and nothing came. */
  inVain(): void {
    if (this.#adaptive) this.#windowMs = Math.max(this.#windowMs / 2, SHORTEST_US / 1000)
  }
}
