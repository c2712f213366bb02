export { JsSimulation } from './simulation.js'
