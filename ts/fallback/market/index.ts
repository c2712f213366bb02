export { jsMarketCore } from './decoder.js'
