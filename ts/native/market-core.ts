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

  decodeFrames(frames: readonly Uint8Array[], first: number, receivedNs: Float64Array, out: Uint8Array): number {
    if (first + 1 === frames.length && first < receivedNs.length) {
      return this.#handle.decodeFrame(frames[first], out, receivedNs[first])
    }
    const together = writeSpans(frames, first, receivedNs)
    if (together >= RUN_LEAST || first + together === frames.length) {
      return this.#handle.decodeSpans(new Uint8Array(frames[first].buffer), out, spans, together)
    }
    const end = nextRun(frames, first + together)
    // A copy has no getters: reading it there runs no JavaScript that could take the memory away.
    return this.#handle.decodeFrames(frames.slice(first, end), out, receivedNs.subarray(first, end))
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

/** From so many frames in the same memory on it is worth a call of its own. */
const RUN_LEAST = 4
const RUN_MOST = 256

/** Where each frame of a run begins and ends, and when it was received. For the call under way, which runs no JavaScript. */
const spans = new Float64Array(3 * RUN_MOST)

/**
 * Writes down the frames from one on that lie in the same memory, as one read of a socket brings them: they are found there
 * without asking for each. Returns how many.
 */
function writeSpans(frames: readonly Uint8Array[], first: number, receivedNs: Float64Array): number {
  const { buffer } = frames[first]
  const most = Math.min(frames.length - first, RUN_MOST)
  let count = 0
  for (; count < most; count += 1) {
    const frame = frames[first + count]
    // To ask for the buffer takes as long as all the rest here, so it is done once.
    if (frame.buffer !== buffer) break
    const { byteOffset } = frame
    spans[3 * count] = byteOffset
    spans[3 * count + 1] = byteOffset + frame.length
    spans[3 * count + 2] = receivedNs[first + count]
  }
  return count
}

/** Where the next run begins that is worth a call of its own; the end if there is none. */
function nextRun(frames: readonly Uint8Array[], from: number): number {
  let start = from
  for (let next = from + 1; next < frames.length; next += 1) {
    if (frames[next].buffer !== frames[start].buffer) start = next
    else if (next - start + 1 >= RUN_LEAST) return start
  }
  return frames.length
}
