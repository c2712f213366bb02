export { classify, type PatternClass } from './classify.js'
export { JsRoutes } from './routes.js'
