/** Our books fed with records as decoders write them, which is what a venue's frame carries. */
import type { Backend } from 'tickbus'
import type { BookUpdate } from 'tickbus/market'
import type { Books } from '../../dist/market-core.js'
import { loadMarketCore } from '../boundary/inside.js'
import type { Open } from '../question.js'
import { type Load, measure, type Passing, sumOfTops, UPDATES, updatesOf } from './books.js'

/** Applies so many updates in one call, then reads the best bid and ask where the books write them. */
export function records(backend: Backend, updatesAtOnce: number): Open<Load> {
  return async ({ changes }, quick) => {
    const expected = sumOfTops(changes, updatesAtOnce)
    const replay = await RecordReplay.open(backend, changes, updatesAtOnce)
    return { round: async () => measure(replay, expected, quick), close: async () => {} }
  }
}

const RECORD_BYTES = 64
const RECORD_DOUBLES = 8
const [FIRST_SEQUENCE, LAST_SEQUENCE, PREVIOUS_SEQUENCE] = [5, 6, 7]
/** With one book its row begins behind one place of the list of changes. */
const [ROW_BID_PRICE, ROW_ASK_PRICE] = [1 + 2, 1 + 4]

/** The same updates over and over, under numbers that go on. */
class RecordReplay implements Passing {
  readonly #books: Books
  readonly #bytes: Uint8Array
  readonly #doubles: Float64Array
  /** Where each update begins, and where the last one ends. */
  readonly #starts: readonly number[]
  readonly #atOnce: number
  #number = 1

  static async open(backend: Backend, changes: number, atOnce: number): Promise<RecordReplay> {
    const core = await loadMarketCore(backend)
    const decoder = core.openDecoder({ venue: 'BINANCE', symbols: [], instrumentsMost: 1 })
    decoder.setEpoch(1_723_161_253, 0)
    const room = new Uint8Array(MOST_LEVELS * RECORD_BYTES)
    const runs = updatesOf(changes).map((update) => {
      decoder.decodeFrames([frameOf(update)], 0, new Float64Array(1), room)
      return room.slice(0, decoder.counts[0] * RECORD_BYTES)
    })
    const settings = { continuity: 'binance-futures', checksum: undefined, limit: 4_096 } as const
    const books = core.openBooks({ booksMost: 1, instrumentsMost: 1 })
    books.open(0, { ...settings, window: Infinity, snapshotLevels: Infinity })
    books.apply(runs[0]!, 0, runs[0]!.length / RECORD_BYTES)
    return new RecordReplay(books, runs.slice(1), atOnce)
  }

  private constructor(books: Books, runs: readonly Uint8Array[], atOnce: number) {
    this.#books = books
    this.#bytes = new Uint8Array(Buffer.concat(runs))
    this.#doubles = new Float64Array(this.#bytes.buffer)
    const starts = [0]
    for (const { length } of runs) starts.push(starts.at(-1)! + length / RECORD_BYTES)
    this.#starts = starts
    this.#atOnce = atOnce
    this.pass()
  }

  pass(): number {
    const { page } = this.#books
    let sum = 0
    for (let first = 0; first < UPDATES; first += this.#atOnce) {
      for (let update = first; update < first + this.#atOnce; update += 1) this.#renumber(this.#starts[update])
      const start = this.#starts[first]
      this.#books.apply(this.#bytes, start, this.#starts[first + this.#atOnce] - start)
      sum += Math.round((page[ROW_BID_PRICE] + page[ROW_ASK_PRICE]) * 100)
    }
    return sum
  }

  #renumber(record: number): void {
    const at = record * RECORD_DOUBLES
    this.#doubles[at + PREVIOUS_SEQUENCE] = this.#number
    this.#number += 1
    this.#doubles[at + FIRST_SEQUENCE] = this.#number
    this.#doubles[at + LAST_SEQUENCE] = this.#number
  }
}

const MOST_LEVELS = 4_096

/** A frame of Binance's coin-margined futures. */
function frameOf({ kind, bids, asks }: BookUpdate): Buffer {
  const times = { E: 1_723_161_256_313, T: 1_723_161_256_313 }
  const frame =
    kind === 'snapshot'
      ? { lastUpdateId: 1, ...times, symbol: 'X', pair: 'X', bids: textsOf(bids), asks: textsOf(asks) }
      : { e: 'depthUpdate', ...times, s: 'X', ps: 'X', U: 2, u: 2, pu: 1, b: textsOf(bids), a: textsOf(asks) }
  return Buffer.from(JSON.stringify(frame))
}

function textsOf(levels: BookUpdate['bids']): string[][] {
  return levels.map((level) => level.map(String))
}
