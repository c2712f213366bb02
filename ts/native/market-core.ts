import { COUNTS } from '../layout.js'
import type { Decoder, DecoderReport, MarketCore } from '../market-core.js'
import type { Binding, NativeDecoder } from './binding.js'

/** The decoders in Rust. */
export function nativeMarketCore(binding: Binding): MarketCore {
  return { openDecoder: (options) => new RustDecoder(binding.openDecoder(options)) }
}

class RustDecoder implements Decoder {
  readonly counts = new Float64Array(COUNTS)
  readonly #handle: NativeDecoder

  constructor(handle: NativeDecoder) {
    this.#handle = handle
    handle.decodeFrames([], NOTHING, this.counts, NO_TIMES)
  }

  setEpoch(seconds: number, nanos: number): void {
    this.#handle.setEpoch(seconds, nanos)
  }

  decodeLines(lines: Uint8Array, out: Uint8Array): number {
    return this.#handle.decodeLines(lines, out, this.counts)
  }

  decodeFrames(frames: readonly Uint8Array[], receivedNs: Float64Array, out: Uint8Array): number {
    // A copy has no getters: reading it there runs no JavaScript that could take the memory away.
    return this.#handle.decodeFrames(frames.slice(), out, this.counts, receivedNs)
  }

  report(): DecoderReport {
    return this.#handle.report()
  }
}

const NOTHING = new Uint8Array(0)
const NO_TIMES = new Float64Array(0)
