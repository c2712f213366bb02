import {
  type ArbitrageCore,
  type ArbitrageKernel,
  type ArbitrageKernelOptions,
  eventsMost,
} from '../arbitrage-core.js'
import { ARBITRAGE_COUNTS, RECORD_BYTES, TOP_DOUBLES } from '../layout.js'
import type { Binding } from './binding.js'

/** The kernels in Rust. */
export function nativeArbitrageCore(binding: Binding): ArbitrageCore {
  return { openArbitrage: (options) => openArbitrage(options, binding) }
}

function openArbitrage(options: ArbitrageKernelOptions, binding: Binding): ArbitrageKernel {
  const view = new Float64Array(new SharedArrayBuffer(8 * (ARBITRAGE_COUNTS + new Set(options.pairs).size * TOP_DOUBLES)))
  const inbox = new Uint8Array(new SharedArrayBuffer(RECORD_BYTES))
  const events = new Uint8Array(new SharedArrayBuffer(eventsMost(options) * RECORD_BYTES))
  return { view, inbox, events, ...binding.openArbitrage(options, new Uint8Array(view.buffer), inbox, events) }
}
