import { topicOf } from '../../bus/patterns.js'
import { type Change, busDesk, changing, rescanningDesk } from '../../bus/subscribing.js'
import { arrivedWhole, question } from '../../question.js'

const sizes = { topics: 100_000, patterns: 10_000, quickly: { topics: 10_000, patterns: 1_000 } }

export default question<Change>({
  name: 'bus/subscribe',
  asks: 'How long do a subscribe and its unsubscribe take until all routes are right, with 100,000 topics in use and 10,000 patterns?',
  how:
    'Each change is proven by a message that reaches the new handler, and one afterwards that does not. Clear and rescan empties a Map of routes and matches every topic against every pattern, greedily, once for each of the two; it really does so for 100 of the topics, and its time is multiplied. ' +
    'For reference: measured apart on its Python packages, on a 2-vCPU AMD EPYC, to subscribe a wildcard for 25 of 500 topics takes NautilusTrader 20 us (2.0.0rc7) and 80 us (1.231.0).',
  figures: { change: { unit: 'us', better: 'less' } },
  rows: {
    'for 10 of the topics': { ...sizes, pattern: (symbol) => topicOf(symbol, 't*') },
    'for 10,000 of the topics': { ...sizes, pattern: (symbol) => `data.quotes.VENUE${symbol % 10}.*` },
  },
  rivals: { 'clear and rescan': changing(rescanningDesk) },
  ours: { native: changing(busDesk('native')), js: changing(busDesk('js')) },
  targets: ['native', 'js'].map((ours) => ({ ours, rival: 'clear and rescan', must: 100, aim: 1_000 })),
  check: arrivedWhole,
})
