export type { Binding, EchoOptions, NativeEcho } from './binding.js'
export { backend, binary, loadCore, loadMarketCore, loadNative, reason } from './load.js'
