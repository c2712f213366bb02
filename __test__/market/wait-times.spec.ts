import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { WaitTimes } from 'tickbus/market'

const waits = fc.array(fc.double({ min: 1, max: 1e13, noNaN: true }), { minLength: 1, maxLength: 300 })

testProp(
  'a percentile is the sorted list’s own, to 0.8 %',
  [waits, fc.double({ min: 0.001, max: 1, noNaN: true })],
  (t, list, p) => {
    const times = new WaitTimes()
    for (const wait of list) times.record(wait)
    const exact = list.toSorted((a, b) => a - b)[Math.ceil(p * list.length) - 1]!
    t.true(times.percentileNs(p) >= exact)
    t.true(times.percentileNs(p) <= exact * (1 + 1 / 128))
    t.is(times.longestNs, Math.max(...list))
    t.is(times.count, list.length)
  },
)

testProp('two added up are as if one had counted all', [waits, waits], (t, one, other) => {
  const [a, b, both] = [new WaitTimes(), new WaitTimes(), new WaitTimes()]
  for (const wait of one) a.record(wait)
  for (const wait of other) b.record(wait)
  for (const wait of [...one, ...other]) both.record(wait)
  a.add(b)
  t.deepEqual(
    [0.5, 0.9, 0.999].map((p) => a.percentileNs(p)),
    [0.5, 0.9, 0.999].map((p) => both.percentileNs(p)),
  )
  t.is(a.longestNs, both.longestNs)
})

test('without a wait everything is 0, and again after clear', (t) => {
  const times = new WaitTimes()
  t.is(times.percentileNs(0.5), 0)
  times.record(5)
  times.clear()
  t.is(times.percentileNs(0.5), 0)
  t.is(times.longestNs, 0)
  t.is(times.count, 0)
})

test('waits out of range count at its ends', (t) => {
  const times = new WaitTimes()
  times.record(-3)
  t.is(times.percentileNs(1), 1)
  times.record(1e20)
  t.is(times.count, 2)
  t.true(times.longestNs > 1e13)
})

test('what one view counts in shared memory another reads', (t) => {
  const memory = new SharedArrayBuffer(8 + WaitTimes.BYTES)
  new WaitTimes(memory, 8).record(1000)
  t.is(new WaitTimes(memory, 8).longestNs, 1000)
})
