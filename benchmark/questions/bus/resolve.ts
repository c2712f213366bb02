import { type PatternClass, exact, infix, mixed, segmentSafe, suffix } from '../../bus/patterns.js'
import { type Table, listOf, qlobberOf, resolving, routesOf } from '../../bus/resolving.js'
import { arrivedWhole, question } from '../../question.js'

const classes: Record<string, { of: PatternClass; isBySegments: boolean }> = {
  exact: { of: exact, isBySegments: true },
  'whole segments': { of: segmentSafe, isBySegments: true },
  suffix: { of: suffix, isBySegments: false },
  infix: { of: infix, isBySegments: false },
  '? and mixed stars': { of: mixed, isBySegments: false },
}

const sizes = {
  '1,000 patterns': { patterns: 1_000, quickly: 200 },
  '10,000 patterns': { patterns: 10_000, quickly: 1_000 },
}

const rowsOf = (size: keyof typeof sizes) => Object.keys(classes).map((name) => `${name}, ${size}`)
const LARGEST = 'whole segments, 100,000 patterns'

export default question<Table>({
  name: 'bus/resolve',
  asks: 'What does it cost to find the patterns that match a topic seen for the first time?',
  how:
    'Up to 4,096 topics in turn, one match each, for each class of patterns. The linear scan is the greedy matcher over a list; `js` is the best index that we can write in JavaScript; qlobber, a trie over words, takes part where its wildcards mean the same. ' +
    'For reference: measured apart on its Python packages, on a 2-vCPU AMD EPYC, the first publish of a topic takes NautilusTrader 21 us (2.0.0rc7) and 37 us (1.231.0) with 1,000 patterns, 280 and 362 us with 10,000.',
  figures: { resolve: { unit: 'ns', better: 'less' } },
  rows: {
    ...Object.fromEntries(
      Object.entries(sizes).flatMap(([size, table]) =>
        Object.entries(classes).map(([name, each]) => [`${name}, ${size}`, { ...each, ...table }]),
      ),
    ),
    [LARGEST]: { of: segmentSafe, isBySegments: true, patterns: 100_000, quickly: 2_000 },
  },
  rivals: { 'linear scan': resolving(listOf), qlobber: resolving(qlobberOf) },
  ours: { native: resolving(routesOf('native')), js: resolving(routesOf('js')) },
  targets: [
    ...['native', 'js'].flatMap((ours) => [
      { ours, rival: 'linear scan', rows: rowsOf('1,000 patterns'), must: 100 },
      { ours, rival: 'linear scan', rows: [...rowsOf('10,000 patterns'), LARGEST], must: 500 },
    ]),
    { ours: 'native', rival: 'js', must: 1.5, aim: 2.5 },
  ],
  bounds: [{ ours: 'native', figure: 'resolve', rows: ['whole segments, 10,000 patterns'], aim: 300 }],
  check: arrivedWhole,
})
