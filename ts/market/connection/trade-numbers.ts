import type { Epoch } from '../../bus/index.js'
import type { FeedInstrument } from '../feed-instrument.js'
import type { Gap } from './gap.js'

/** Watches the ids of trades where a venue counts them, also across connections: every trade that is missing shows. */
export class TradeNumbers {
  /** Trades that came again. */
  repeated = 0
  readonly #last = new Map<string, number>()
  readonly #symbols: { has(symbol: string): boolean }
  readonly #epoch: Epoch
  readonly #onGap: (gap: Gap) => void

  /** Watches the instruments in `symbols` alone, so that what nobody asked for takes no memory. */
  constructor(symbols: { has(symbol: string): boolean }, epoch: Epoch, onGap: (gap: Gap) => void) {
    this.#symbols = symbols
    this.#epoch = epoch
    this.#onGap = onGap
  }

  /** Takes the id of a trade, NaN if it is no number, and when it was received, in nanoseconds since the epoch. */
  see(instrument: FeedInstrument, id: number, receivedNs: number): void {
    if (!Number.isSafeInteger(id) || !this.#symbols.has(instrument.symbol)) return
    const last = this.#last.get(instrument.symbol)
    if (last !== undefined && id <= last) {
      this.repeated += 1
      return
    }
    this.#last.set(instrument.symbol, id)
    if (last === undefined || id === last + 1) return
    const tsInit = this.#epoch.unixNsAt(receivedNs)
    this.#onGap({
      kind: 'trades',
      reason: 'number',
      instrument,
      after: last,
      before: id,
      missing: id - last - 1,
      tsInit,
    })
  }

  /** Begins anew with the next trade: it was unsubscribed. */
  forget(symbol: string): void {
    this.#last.delete(symbol)
  }
}
