import { Listeners } from '../../bus/index.js'
import type { TickbusError } from '../../errors.js'
import type { StateChange } from './connection.js'
import type { Gap } from './gap.js'
import type { Resynced } from './venue-books.js'

/** What a venue client emits. */
export interface VenueEvents {
  /** The connection's state has changed. */
  state: StateChange
  /** Something of the venue's is missing; emitted before the message that shows it is published. */
  gap: Gap
  /** A book that was stale or begun anew is the venue's again. */
  resynced: Resynced
  /** Something went wrong that no promise tells. With no listener one process warning for each code says so. */
  fault: TickbusError
  /** The consumer is behind: the socket is not read for now. */
  pause: undefined
  resume: undefined
}

/** A venue client's listeners, and what is said where there are none. */
export class VenueEmitter extends Listeners<VenueEvents> {
  readonly #warned = new Set<string>()

  fault(error: TickbusError): void {
    if (this.emit('fault', error) || this.#warned.has(error.code)) return
    this.#warned.add(error.code)
    process.emitWarning(error.message, { type: 'TickbusWarning', code: error.code })
  }
}
