import { show, TickbusError } from '../errors.js'
import { PAIR_INSTRUMENTS_MOST } from '../layout.js'

/** Instruments that are traded for each other, by the pair's name: `{ BTC: ['BTCUSDT.BINANCE', 'BTC-USD.COINBASE'] }`. */
export type PairTable = Readonly<Record<string, readonly string[]>>

/** Leaves room for `signals.arbitrage.` in a topic of 255 bytes. */
const NAME_BYTES_MOST = 128

/**
 * Refuses what cannot be a table of pairs: each has a name that can be part of a topic and 2 to 32 instruments by their
 * ids, `NAME.VENUE`, none of which is in the table twice.
 *
 * @throws {TickbusError} `TICKBUS_PAIRS`
 */
export function checkPairs(table: unknown): asserts table is PairTable {
  if (typeof table !== 'object' || table === null || Array.isArray(table)) throw unusable('it is no object of lists')
  const entries = Object.entries(table)
  if (entries.length === 0) throw unusable('it has no pairs')
  const pairOf = new Map<string, string>()
  for (const [pair, ids] of entries) {
    if (!isName(pair)) throw unusable(`${show(pair)} cannot be part of a topic`)
    if (!Array.isArray(ids)) throw unusable(`${show(pair)} has no list of instruments`)
    if (ids.length < 2 || ids.length > PAIR_INSTRUMENTS_MOST) {
      throw unusable(`${show(pair)} has ${ids.length} instruments, and a pair has 2 to ${PAIR_INSTRUMENTS_MOST}`)
    }
    for (const id of ids) {
      if (!isInstrument(id)) throw unusable(`${show(id)} of ${show(pair)} is not the id of an instrument, NAME.VENUE`)
      const other = pairOf.get(id)
      if (other === pair) throw unusable(`${show(id)} is in ${show(pair)} twice`)
      if (other !== undefined) throw unusable(`${show(id)} is in two pairs, ${show(other)} and ${show(pair)}`)
      pairOf.set(id, pair)
    }
  }
}

function isName(name: string): boolean {
  return name.trim() !== '' && !/[*?]/.test(name) && Buffer.byteLength(name) <= NAME_BYTES_MOST
}

function isInstrument(id: unknown): id is string {
  return typeof id === 'string' && /^[^*?]+\.[^.*?]+$/.test(id) && Buffer.byteLength(id) <= NAME_BYTES_MOST
}

function unusable(reason: string): TickbusError {
  return new TickbusError('TICKBUS_PAIRS', { reason })
}
