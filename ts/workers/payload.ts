import { Packr, Unpackr } from 'msgpackr'
import { TickbusError } from '../errors.js'

/** Property names of the objects that a writer has sent so far; objects refer to them by number. */
export type StructureTable = readonly (readonly string[])[]

/**
 * Encodes free-form messages as MessagePack. Property names travel once, in a table beside the data, which must reach
 * the readers before the first message that refers to it.
 */
export class PayloadEncoder {
  readonly #structures: string[][] = []
  readonly #packr: Packr
  readonly #announce: (table: StructureTable) => void
  #announced = 0

  /** `announce` gets the whole table each time it has grown, before `encode` returns. */
  constructor(announce: (table: StructureTable) => void) {
    this.#announce = announce
    this.#packr = new Packr({
      structures: this.#structures as unknown as object[],
      saveStructures: () => true,
      ...OPTIONS,
    })
    Object.assign(this.#packr, { writeFunction: refuseFunction })
  }

  /** How long a reader's table must be to decode what was encoded so far. */
  get tableLength(): number {
    return this.#announced
  }

  /** The table as plain data. */
  get table(): StructureTable {
    return this.#structures.map((names) => [...names])
  }

  /**
   * The message's bytes, valid until the next call.
   *
   * @throws {TickbusError} `TICKBUS_ENCODE` for what is no data: functions, symbols, cycles.
   */
  encode(topic: string, message: unknown): Uint8Array {
    let bytes: Uint8Array
    try {
      bytes = this.#packr.pack(message)
    } catch (error) {
      const reason =
        error instanceof RangeError ? 'it refers to itself, or is nested too deeply' : String((error as Error).message)
      throw new TickbusError('TICKBUS_ENCODE', { topic, reason }, error)
    }
    // By length and not by the encoder's own call-back, which keeps quiet when the message that grew the table failed.
    if (this.#structures.length > this.#announced) {
      this.#announced = this.#structures.length
      this.#announce(this.table)
    }
    return bytes
  }
}

/** Decodes what another thread's {@link PayloadEncoder} made. */
export class PayloadDecoder {
  readonly tableLength: number
  readonly #unpackr: Unpackr

  constructor(table: StructureTable) {
    this.tableLength = table.length
    this.#unpackr = decoderOf(table)
  }

  /**
   * The message in the first `length` bytes: to make a view of them for each takes as long as to decode a small one. Throws
   * what the MessagePack library throws for bytes that it cannot read.
   */
  decode(bytes: Uint8Array, length = bytes.length): unknown {
    return this.#unpackr.unpack(bytes, length)
  }
}

/** Sets, errors, regular expressions and typed arrays keep their class. */
const OPTIONS = { moreTypes: true } as const

function decoderOf(table: StructureTable): Unpackr {
  const structures = table.map((names) => [...names]) as unknown as object[]
  // Binary fields are copied, since the bytes are overwritten after the call.
  return new Unpackr({ structures, copyBuffers: true, ...OPTIONS })
}

function refuseFunction(): never {
  throw new TypeError('it contains a function')
}
