import test from 'ava'
import { estimate, estimateRatio, generator, median, percentile } from '../../benchmark/statistics.js'

const oneToNine = [5, 1, 9, 2, 8, 3, 7, 4, 6]

test('the median of an even number of values lies between the two in the middle', (t) => {
  t.is(median([4, 1, 3]), 3)
  t.is(median([4, 1, 3, 2]), 2.5)
})

test('a percentile lies between its neighbours by proportion', (t) => {
  t.is(percentile([10, 20, 30, 40, 50], 100), 50)
  t.is(percentile([10, 20, 30, 40, 50], 50), 30)
  t.is(percentile([10, 20], 90), 19)
  t.is(percentile([], 50), Number.NaN)
})

test('the interval of nine rounds runs from the second to the eighth', (t) => {
  // Exactly: the median of nine draws is at most the k-th value with probability P(Binomial(9, k / 9) >= 5), which is
  // 0.001 for the first and 0.030 for the second value, so the 2.5 % point is the second, and 97.5 % its mirror image.
  t.deepEqual(estimate(oneToNine), { median: 5, low: 2, high: 8 })
})

test('one seed gives one interval, another seed another', (t) => {
  // Fifteen rounds, because there the 2.5 % point lies so near to a step of the median that the draws decide.
  const values = Array.from({ length: 15 }, (_, round) => round + 1)
  t.deepEqual(estimate(values, 7), { median: 8, low: 5, high: 12 })
  t.deepEqual(estimate(values, 8), { median: 8, low: 4, high: 12 })
})

test('rounds that do not differ leave no doubt', (t) => {
  t.deepEqual(estimate([4, 4, 4]), { median: 4, low: 4, high: 4 })
})

test('a ratio compares round with round, so that a machine that changes cancels out', (t) => {
  const ours = [10, 40, 20, 80, 10]
  const rival = ours.map((value) => value * 3)
  t.deepEqual(estimateRatio(rival, ours), { median: 3, low: 3, high: 3 })
  // The ratio of the medians would be 20 / 9.
  t.is(estimateRatio([10, 20, 90], [1, 20, 9]).median, 10)
})

test('the generator is the xorshift it says, and starts from any seed', (t) => {
  t.is(generator(1)() * 2 ** 32, 270_369)
  t.is(generator(0)(), generator(1)())
})
