export { jsArbitrageCore } from './arbitrage.js'
