export { openAutoscaler } from './autoscaler.js'
export { checkAutoscaler } from './check.js'
