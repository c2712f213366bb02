export { jsArbitrageCore } from './arbitrage/index.js'
export { jsMarketCore } from './decoder.js'
