import { testProp, fc } from '@fast-check/ava'
import test from 'ava'
import { SampledTimes } from '../../dist/bus/sampled-times.js'

test('nothing measured is nothing', (t) => {
  t.deepEqual(new SampledTimes().summary(), { samples: 0, p50: 0, p90: 0, p99: 0, max: 0 })
})

test('times below a nanosecond and above the longest one are counted', (t) => {
  const times = new SampledTimes()
  for (const ns of [0, -5, 0.25, 1e300]) times.add(ns)
  t.is(times.summary().samples, 4)
  t.is(times.summary().max, 1e300)
})

testProp(
  'percentiles are those of the sorted times, an eighth more at most',
  [fc.array(fc.double({ min: 1, max: 1e11, noNaN: true }), { minLength: 1, maxLength: 200 })],
  (t, times) => {
    const sampled = new SampledTimes()
    for (const ns of times) sampled.add(ns)
    const sorted = times.toSorted((a, b) => a - b)
    const summary = sampled.summary()
    t.is(summary.max, Math.round(sorted.at(-1)!))
    for (const [share, name] of [
      [0.5, 'p50'],
      [0.9, 'p90'],
      [0.99, 'p99'],
    ] as const) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1]!
      t.true(summary[name] >= Math.round(exact) - 1, `${name} ${summary[name]} of ${exact}`)
      t.true(summary[name] <= Math.round(exact * 1.125) + 1, `${name} ${summary[name]} of ${exact}`)
    }
  },
)
