import { KIND_RECORD, KIND_WIDE_RECORD } from '../layout.js'
import { Bar, barCodec } from './bar.js'
import { Depth, depthCodec } from './depth.js'
import { Quote, quoteCodec } from './quote.js'
import type { RecordCodec } from './record.js'
import { Trade, tradeCodec } from './trade.js'

/** Finds out how to read a record: the fixed kinds, and the records that a schema defines. */
export class Codecs {
  readonly #byKind: (RecordCodec<unknown> | undefined)[] = Array.from({ length: 256 })
  readonly #records: readonly RecordCodec<unknown>[]

  /** `records` are the schema's, by their numbers. */
  constructor(records: readonly RecordCodec<unknown>[], fixed: readonly RecordCodec<unknown>[] = FIXED) {
    this.#records = records
    for (const codec of fixed) this.#byKind[codec.kind] = codec
  }

  /** By the record's kind word; undefined for what is encoded, and for what is unknown here. */
  find(head: number): RecordCodec<unknown> | undefined {
    const kind = head & 0xff
    if (kind !== KIND_RECORD && kind !== KIND_WIDE_RECORD) return this.#byKind[kind]
    const codec = this.#records[head >>> 16]
    return codec?.kind === kind ? codec : undefined
  }
}

const FIXED = [quoteCodec, tradeCodec, barCodec, depthCodec] as unknown as readonly RecordCodec<unknown>[]

/** Market data travels with its fixed layout on topics without a schema, too. */
export function marketCodecOf(message: unknown): RecordCodec<unknown> | undefined {
  if (message instanceof Quote) return quoteCodec as RecordCodec<unknown>
  if (message instanceof Trade) return tradeCodec as RecordCodec<unknown>
  if (message instanceof Bar) return barCodec as RecordCodec<unknown>
  if (message instanceof Depth) return depthCodec as RecordCodec<unknown>
  return undefined
}
