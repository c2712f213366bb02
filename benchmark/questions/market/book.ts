import { records } from '../../market/book-records.js'
import { type Load, loads, objects, orders, scannedMaps, sortedObjects, splicedArrays } from '../../market/books.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Load>({
  name: 'market/book',
  asks: 'What does it cost to apply an update to an order book, and to read its best bid and ask?',
  how: 'Half bids and half asks, a third of the changes taking levels out, to a book of 1,000 levels a side. Rivals get an update as a JavaScript object with numbers in it, ours as the records that a decoder has written, one update or 16 in a call, or as the same object. The top is read after each call. All play the same 512 updates over and over, in whole passes, for as long. Ours also checks numbers and crossed prices. nodejs-order-book is a matching engine: each level is one order of it, cancelled and placed anew.',
  figures: { update: { unit: 'ns', better: 'less' } },
  rows: loads,
  rivals: {
    'Map, scanned': scannedMaps,
    'object, sorted': sortedObjects,
    'array, spliced': splicedArrays,
    'nodejs-order-book': orders,
  },
  ours: {
    native: records('native', 1),
    'native, 16 at a time': records('native', 16),
    js: records('js', 1),
    objects: objects,
  },
  targets: [
    { ours: 'native', rival: 'object, sorted', must: 10, aim: 30 },
    { ours: 'native', rival: 'Map, scanned', must: 10, aim: 30 },
    { ours: 'native', rival: 'nodejs-order-book', must: 10, aim: 30 },
  ],
  check: arrivedWhole,
})
