export { checkSchedule } from './check.js'
export { JsSchedule } from './schedule.js'
