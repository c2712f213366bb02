import { type Load, loads, ours, scannedMaps, sortedObjects, splicedArrays } from '../../market/books.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Load>({
  name: 'market/book',
  asks: 'What does it cost to apply an update to an order book, and to read its best bid and ask?',
  how: 'Updates as JavaScript objects, half bids and half asks, a third of the changes taking levels out, to a book of 1,000 levels a side. Ours also checks numbers and crossed prices.',
  figures: { update: { unit: 'ns', better: 'less' } },
  rows: loads,
  rivals: { 'Map, scanned': scannedMaps, 'object, sorted': sortedObjects, 'array, spliced': splicedArrays },
  ours: { js: ours },
  targets: [
    { ours: 'js', rival: 'object, sorted', must: 10, aim: 30 },
    { ours: 'js', rival: 'Map, scanned', must: 10, aim: 30 },
  ],
  check: arrivedWhole,
})
