import { type FirstPublish, busOf, publishingFirst, qlobberBus, scanningBus } from '../../bus/first-publish.js'
import { arrivedWhole, question } from '../../question.js'

export default question<FirstPublish>({
  name: 'bus/first-publish',
  asks: 'What does the first publish on a topic cost in all, from its name to its handler?',
  how:
    'Each topic is published on once, by a name that was put together for it, and one handler gets the message. Patterns are those of whole segments of `bus/resolve`. The rivals are buses by hand that keep routes in a Map, and forget none. ' +
    'For reference: measured apart on its Python packages, on a 2-vCPU AMD EPYC, NautilusTrader takes 21 us (2.0.0rc7) and 37 us (1.231.0) with 1,000 patterns, 280 and 362 us with 10,000.',
  figures: { publish: { unit: 'ns', better: 'less' } },
  rows: {
    '1,000 patterns': { patterns: 1_000, quickly: 200 },
    '10,000 patterns': { patterns: 10_000, quickly: 1_000 },
    '100,000 patterns': { patterns: 100_000, quickly: 2_000 },
  },
  rivals: {
    'Map and linear scan': publishingFirst(scanningBus),
    'Map and qlobber': publishingFirst(qlobberBus),
  },
  ours: { native: publishingFirst(busOf('native')), js: publishingFirst(busOf('js')) },
  targets: [],
  check: arrivedWhole,
})
