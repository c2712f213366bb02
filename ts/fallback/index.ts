export { jsCore } from './core.js'
export { checkJoin } from './join.js'
export { jsMarketCore } from './market/index.js'
