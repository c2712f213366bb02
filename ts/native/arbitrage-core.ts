import type { ArbitrageCore, ArbitrageKernel, ArbitrageKernelOptions } from '../arbitrage-core.js'
import { ARBITRAGE_COUNTS, TOP_DOUBLES } from '../layout.js'
import type { Binding, NativeArbitrage } from './binding.js'

/** The kernels in Rust. */
export function nativeArbitrageCore(binding: Binding): ArbitrageCore {
  return { openArbitrage: (options) => new RustArbitrage(options, binding) }
}

class RustArbitrage implements ArbitrageKernel {
  readonly view: Float64Array
  readonly #handle: NativeArbitrage

  constructor(options: ArbitrageKernelOptions, binding: Binding) {
    this.#handle = binding.openArbitrage(options)
    this.view = new Float64Array(ARBITRAGE_COUNTS + new Set(options.pairs).size * TOP_DOUBLES)
    this.update(NOTHING, NOTHING)
  }

  update(quotes: Uint8Array, events: Uint8Array): number {
    return this.#handle.update(quotes, events, this.view)
  }

  writeOpen(events: Uint8Array): void {
    this.#handle.writeOpen(events, this.view)
  }
}

const NOTHING = new Uint8Array(0)
