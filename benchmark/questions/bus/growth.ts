import { type Growth, growing } from '../../bus/growth.js'
import { segmentSafe } from '../../bus/patterns.js'
import { listOf, qlobberOf, routesOf } from '../../bus/resolving.js'
import { arrivedWhole, question } from '../../question.js'

const table = { of: segmentSafe, isBySegments: true }

export default question<Growth>({
  name: 'bus/growth',
  asks: 'How much longer does finding the patterns of a topic take when there are a hundred times as many?',
  how: 'Two tables of `bus/resolve` in one process, asked one after the other in each round.',
  figures: { growth: { unit: 'x', better: 'less' } },
  rows: {
    'whole segments, 1,000 to 100,000 patterns': {
      small: { ...table, patterns: 1_000, quickly: 100 },
      large: { ...table, patterns: 100_000, quickly: 1_000 },
    },
  },
  rivals: { 'linear scan': growing(listOf), qlobber: growing(qlobberOf) },
  ours: { native: growing(routesOf('native')), js: growing(routesOf('js')) },
  targets: [],
  bounds: [{ ours: 'native', figure: 'growth', aim: 1.25 }],
  check: arrivedWhole,
})
