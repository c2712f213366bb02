import * as fc from 'fast-check'
import test from 'ava'
import { Earliest } from '../../dist/simulation/earliest.js'
import { quantile } from '../../dist/simulation/quantile.js'

// Whole numbers: those between 0 and 1 that fast-check makes lie nearly all beside 0.
const numbers = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 60 })

test('a quantile is the number at its rank in order', (t) => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 100 }), (list, percent) => {
      const share = percent / 100
      const rank = Math.max(0, Math.ceil(share * list.length) - 1)
      return quantile(Float64Array.from(list), share) === Float64Array.from(list).toSorted()[rank]
    }),
    { numRuns: 1_000 },
  )
  t.is(quantile(new Float64Array(), 0.5), 0)
})

test('the earliest comes first, with its mark', (t) => {
  fc.assert(
    fc.property(numbers, (list) => {
      const earliest = new Earliest(list.length)
      for (const [i, number] of list.entries()) earliest.push(number, i)
      const out = list.map(() => {
        const { first } = earliest
        return [first, list[earliest.shift()]!]
      })
      const sorted = list.toSorted((a, b) => a - b)
      return earliest.first === Infinity && out.every(([first, marked], i) => first === sorted[i] && marked === first)
    }),
  )
  t.is(new Earliest(1).length, 0)
})
