export type { Binding, EchoOptions, NativeEcho } from './binding.js'
export { backend, binary, loadCore, loadNative, reason } from './load.js'
export { loadJournalCore } from './load-journal.js'
export { loadArbitrageCore, loadMarketCore } from './load-market.js'
