export type { Clock, Timer } from '../client/index.js'
export { collect, Collected } from './collected.js'
export { openTestBus, type TestBus } from './test-bus.js'
export { VirtualClock } from './virtual-clock.js'
