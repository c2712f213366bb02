export { Consolidated } from './consolidated.js'
export { TopQuote } from './top-quote.js'
