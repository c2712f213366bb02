export { jsCore } from './core.js'
export { checkJoin } from './join.js'
