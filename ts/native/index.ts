export type { Binding, EchoOptions, NativeEcho } from './binding.js'
export { backend, binary, isMatching, loadCore, loadNative, reason } from './load.js'
