import { maps, ours, type Stock, stocks } from '../../market/book-memory.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Stock>({
  name: 'market/book-memory',
  asks: 'What memory does an order book take?',
  how: 'Growth of the process by the book of each instrument, all that belongs to it included: levels, row, name. That of 10 levels a side is what an instrument costs. Ours have room for half as many levels again as the snapshot had, and a table beside them in which a price is found; the JavaScript backend has prices and sizes alone.',
  figures: { book: { unit: 'B', better: 'less' } },
  rows: stocks,
  rivals: { Map: maps },
  ours: { native: ours('native'), js: ours('js') },
  targets: [],
  freshRounds: 3,
  check: arrivedWhole,
})
