import { COUNTS, FRAME_BYTES_MOST } from '../layout.js'
import type {
  Books,
  ControlEvent,
  Decoder,
  DecoderOptions,
  DecoderReport,
  MarketCore,
  PlantedDislocation,
  Simulation,
} from '../market-core.js'
import type { Binding, NativeDecoder, NativeSimulation } from './binding.js'
import { nativeOptions, RustBooks } from './books.js'

/** The decoders, the books and the simulator in Rust. */
export function nativeMarketCore(binding: Binding): MarketCore {
  return {
    openDecoder: (options) => new RustDecoder(binding, options),
    openBooks: (options) => new RustBooks(binding.openBooks(nativeOptions(options)), options.booksMost),
    openSimulation: (options) => new RustSimulation(binding.openSimulation(options)),
  }
}

class RustDecoder implements Decoder {
  readonly counts = new Float64Array(new SharedArrayBuffer(COUNTS * Float64Array.BYTES_PER_ELEMENT))
  readonly books: Books | undefined
  readonly #handle: NativeDecoder

  constructor(binding: Binding, { books, frameBytesMost = FRAME_BYTES_MOST, ...options }: DecoderOptions) {
    const all = { ...options, frameBytesMost, ...(books && { books: nativeOptions(books) }) }
    const handle = binding.openDecoder(all, new Uint8Array(this.counts.buffer))
    this.#handle = handle
    this.books = books && new RustBooks(handle.books!, books.booksMost)
  }

  setEpoch(seconds: number, nanos: number): void {
    this.#handle.setEpoch(seconds, nanos)
  }

  decodeLines(lines: Uint8Array, out: Uint8Array): number {
    return this.#handle.decodeLines(lines, out)
  }

  decodeFrames(frames: readonly Uint8Array[], receivedNs: Float64Array, out: Uint8Array): number {
    if (frames.length === 1 && receivedNs.length > 0) return this.#handle.decodeFrame(frames[0], out, receivedNs[0])
    if (areTogether(frames)) return this.#decodeTogether(frames, receivedNs, out)
    // A copy has no getters: reading it there runs no JavaScript that could take the memory away.
    return this.#handle.decodeFrames(frames.slice(), out, receivedNs)
  }

  /** Frames that lie in the same memory, as one read of a socket brings them: found there without asking for each. */
  #decodeTogether(frames: readonly Uint8Array[], receivedNs: Float64Array, out: Uint8Array): number {
    const spans = new Float64Array(3 * frames.length)
    for (let i = 0; i < frames.length; i += 1) {
      const { byteOffset, byteLength } = frames[i]
      spans[3 * i] = byteOffset
      spans[3 * i + 1] = byteOffset + byteLength
      spans[3 * i + 2] = receivedNs[i]
    }
    return this.#handle.decodeSpans(new Uint8Array(frames[0].buffer), out, spans)
  }

  report(): DecoderReport {
    return this.#handle.report()
  }

  takeControls(): ControlEvent[] {
    return this.#handle.takeControls()
  }
}

class RustSimulation implements Simulation {
  readonly #handle: NativeSimulation

  constructor(handle: NativeSimulation) {
    this.#handle = handle
  }

  write(out: Uint8Array, untilNs: number): number {
    return this.#handle.write(out, untilNs)
  }

  dislocations(): readonly PlantedDislocation[] {
    return this.#handle.dislocations()
  }
}

/** Whether several frames lie in the same memory. */
function areTogether(frames: readonly Uint8Array[]): boolean {
  const buffer = frames[0]?.buffer
  return buffer !== undefined && frames.every((frame) => frame.buffer === buffer)
}
