import { Records } from './market-message.js'
import type { RecordRun } from './merge-records.js'

/** Records in a piece of memory, unless a run has more. */
const CHUNK = 16_384

interface Chunk {
  readonly records: Records
  /** Records in it. */
  count: number
}

/**
 * Whole messages that wait as records, first in, first out. All are numbered by the same list of instruments. One that is taken
 * or looked at lasts until the next call.
 */
export class RecordQueue {
  /** How many messages there are. */
  size = 0
  readonly #chunks: Chunk[] = []
  /** The next record of the first chunk. */
  #at = 0
  /** Memory that was read, to be written again. */
  #spare: Records | undefined
  /** One for all messages. */
  readonly #message: { -readonly [Field in keyof RecordRun]: RecordRun[Field] }

  constructor() {
    this.#message = { records: new Records(0), from: 0, to: 0, instruments: [] }
  }

  /** Keeps a copy of a run. */
  add({ records, from, to, instruments }: RecordRun): void {
    const chunk = this.#chunkFor(to - from)
    chunk.records.copy(records, from, to, chunk.count)
    chunk.count += to - from
    this.#message.instruments = instruments
    for (let record = from; record < to; record = records.endOf(record, to)) this.size += 1
  }

  /** The next message, which stays; undefined if there is none. */
  get first(): RecordRun | undefined {
    return this.size === 0 ? undefined : this.#messageAt(this.#chunks[0]!, this.#at)
  }

  /** Takes the next message. */
  take(): RecordRun | undefined {
    const message = this.first
    if (message === undefined) return undefined
    this.size -= 1
    this.#at = message.to
    if (this.#at === this.#chunks[0]!.count) {
      this.#spare = this.#chunks.shift()!.records
      this.#at = 0
    }
    return message
  }

  /** All messages, which stay. */
  *[Symbol.iterator](): Generator<RecordRun> {
    for (const [number, chunk] of this.#chunks.entries()) {
      let at = number === 0 ? this.#at : 0
      while (at < chunk.count) {
        const message = this.#messageAt(chunk, at)
        at = message.to
        yield message
      }
    }
  }

  #messageAt({ records, count }: Chunk, from: number): RecordRun {
    const message = this.#message
    message.records = records
    message.from = from
    message.to = records.endOf(from, count)
    return message
  }

  #chunkFor(records: number): Chunk {
    const last = this.#chunks.at(-1)
    if (last !== undefined && last.count + records <= last.records.capacity) return last
    const chunk = { records: this.#memoryFor(records), count: 0 }
    this.#chunks.push(chunk)
    return chunk
  }

  #memoryFor(records: number): Records {
    const spare = this.#spare
    if (spare === undefined || spare.capacity < records) return new Records(Math.max(CHUNK, records))
    this.#spare = undefined
    return spare
  }
}
