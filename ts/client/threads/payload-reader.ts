import { type Codecs, type Epoch, type Views, viewsOf } from '../../bus/index.js'
import {
  ENVELOPE_BYTES,
  ENVELOPE_FLAG_BYTES,
  ENVELOPE_FLAG_RECORD,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_KEY_BYTES,
  ENVELOPE_WORD_LENGTH,
  ENVELOPE_WORD_PAYLOAD,
  ENVELOPE_WORDS,
  KIND_BYTES,
  KIND_JSON,
  KIND_PAYLOAD,
  RECORD_WORD_KIND,
  SLAB_UNIT_BYTES,
} from '../../layout.js'
import { decodeBytes, decodeJson, PayloadDecoder, type StructureTable } from '../../workers/index.js'
import type { ExpiredCopy } from './control.js'
import { alignedUp, recordOf } from './payload-writer.js'

export interface PayloadReaderOptions {
  readonly envelopes: Views
  readonly slabMemory: ArrayBufferLike
  readonly epoch: Epoch
  readonly codecs: Codecs
  /** Takes in what the writer has announced so far, now. */
  readonly pullDefinitions: () => void
}

/** Reads what a {@link PayloadWriter} wrote, as fresh objects. */
export class PayloadReader {
  readonly #options: PayloadReaderOptions
  readonly #slab: Views
  readonly #buffer: Buffer
  #scratch = scratchOf(4_096)
  #decoder = new PayloadDecoder([])

  constructor(options: PayloadReaderOptions) {
    this.#options = options
    this.#slab = viewsOf(options.slabMemory)
    this.#buffer = Buffer.from(options.slabMemory)
  }

  setStructures(table: StructureTable): void {
    this.#decoder = new PayloadDecoder(table)
  }

  /** The text of an envelope's key, if it has one. */
  key(envelope: number): string | undefined {
    const { words } = this.#options.envelopes
    const head = envelope * ENVELOPE_WORDS
    if ((words[head + ENVELOPE_WORD_HEAD] & (ENVELOPE_FLAG_BYTES << 8)) === 0) return undefined
    const length = words[head + ENVELOPE_WORD_KEY_BYTES]
    if (length === 0) return undefined
    const start = words[head + ENVELOPE_WORD_PAYLOAD] * SLAB_UNIT_BYTES
    return this.#buffer.toString('utf8', start, start + length)
  }

  /** The envelope and its block in the slab, for another thread to read. */
  copy(envelope: number): ExpiredCopy {
    const { words, bytes } = this.#options.envelopes
    const head = envelope * ENVELOPE_WORDS
    const hasBytes = (words[head + ENVELOPE_WORD_HEAD] & (ENVELOPE_FLAG_BYTES << 8)) !== 0
    const start = hasBytes ? words[head + ENVELOPE_WORD_PAYLOAD] * SLAB_UNIT_BYTES : 0
    const end = hasBytes ? start + alignedUp(words[head + ENVELOPE_WORD_LENGTH]) : 0
    const at = envelope * ENVELOPE_BYTES
    return {
      number: envelope,
      generation: words[head + ENVELOPE_WORD_GENERATION],
      envelope: new Uint8Array(bytes.subarray(at, at + ENVELOPE_BYTES)).buffer,
      bytes: new Uint8Array(this.#slab.bytes.subarray(start, end)).buffer,
    }
  }

  /** The message in an envelope. Throws if it cannot be decoded. */
  message(envelope: number): unknown {
    const { envelopes, epoch, codecs } = this.#options
    const { words } = envelopes
    const at = recordOf(envelope)
    const kind = words[2 * at + RECORD_WORD_KIND]
    const head = envelope * ENVELOPE_WORDS
    const codec = codecs.find(kind)
    if ((words[head + ENVELOPE_WORD_HEAD] & (ENVELOPE_FLAG_RECORD << 8)) !== 0) {
      if (codec === undefined) throw unknownKind(kind)
      return codec.read(envelopes, at, epoch, kind)
    }
    const block = words[head + ENVELOPE_WORD_PAYLOAD] * SLAB_UNIT_BYTES
    const start = block + alignedUp(words[head + ENVELOPE_WORD_KEY_BYTES])
    if (codec !== undefined) return codec.read(this.#slab, start / 8 - 1, epoch, kind)
    return this.#decode(kind, start, block + words[head + ENVELOPE_WORD_LENGTH] - start)
  }

  #decode(kind: number, start: number, length: number): unknown {
    this.#copy(start, length)
    const { bytes } = this.#scratch
    if ((kind & 0xff) === KIND_JSON) return decodeJson(bytes.subarray(0, length))
    if ((kind & 0xff) === KIND_BYTES) return decodeBytes(bytes.subarray(0, length))
    if ((kind & 0xff) !== KIND_PAYLOAD) throw unknownKind(kind)
    if (this.#decoder.tableLength < kind >>> 16) this.#options.pullDefinitions()
    return this.#decoder.decode(bytes, length)
  }

  /** Into the scratch, since the libraries' text decoders refuse bytes in shared memory. */
  #copy(start: number, length: number): void {
    if (length > this.#scratch.bytes.length) this.#scratch = scratchOf(2 ** Math.ceil(Math.log2(length)))
    const { bytes, words } = this.#scratch
    if (length > WORD_BY_WORD_MOST) {
      this.#buffer.copy(bytes, 0, start, start + length)
      return
    }
    const slab = this.#slab.words
    for (let i = 0, from = start / 4; 4 * i < length; i += 1) words[i] = slab[from + i]
  }
}

/** Up to so many bytes it takes longer to make a view of them than to copy them one word after the other. */
const WORD_BY_WORD_MOST = 256

/** Memory that is not shared. */
interface Scratch {
  readonly bytes: Buffer
  readonly words: Uint32Array
}

function scratchOf(length: number): Scratch {
  const memory = new ArrayBuffer(length)
  return { bytes: Buffer.from(memory), words: new Uint32Array(memory) }
}

function unknownKind(kind: number): Error {
  return new Error(`a message of kind ${kind & 0xff} is unknown here`)
}
