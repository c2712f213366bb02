import test from 'ava'
import { type ArbitrageTerms, ArbitragePlan, ArbitrageRouter } from 'tickbus/intelligence'
import { codeOf } from '../conformance/backends.js'

const NOW = Date.parse('2026-11-22')
const pairs = { BTC: ['A.X', 'B.Y'] }
const fees = (takerBps: object, asOf: unknown = '2026-11-01') => ({ asOf, takerBps }) as ArbitrageTerms['fees']

const refused: Record<string, [string, unknown]> = {
  'no pairs': ['TICKBUS_PAIRS', { pairs: {} }],
  'a list': ['TICKBUS_PAIRS', { pairs: [['A.X', 'B.Y']] }],
  'a pair of one': ['TICKBUS_PAIRS', { pairs: { BTC: ['A.X'] } }],
  'a pair of 33': ['TICKBUS_PAIRS', { pairs: { BTC: Array.from({ length: 33 }, (_, i) => `A${i}.X`) } }],
  'a pair that is no list': ['TICKBUS_PAIRS', { pairs: { BTC: 'A.X' } }],
  'an instrument in two pairs': ['TICKBUS_PAIRS', { pairs: { ...pairs, ETH: ['A.X', 'C.Y'] } }],
  'an instrument twice': ['TICKBUS_PAIRS', { pairs: { BTC: ['A.X', 'A.X'] } }],
  'an instrument without a venue': ['TICKBUS_PAIRS', { pairs: { BTC: ['A.X', 'B'] } }],
  'a pair whose name is a pattern': ['TICKBUS_PAIRS', { pairs: { '*': ['A.X', 'B.Y'] } }],
  'fees without a date': ['TICKBUS_FEES', { pairs, fees: { takerBps: {} } }],
  'fees with a date that is none': ['TICKBUS_FEES', { pairs, fees: fees({}, '2026-02-30') }],
  'fees older than a year': ['TICKBUS_FEES', { pairs, fees: fees({}, '2025-11-20') }],
  'a fee above 10 %': ['TICKBUS_FEES', { pairs, fees: fees({ 'A.X': 1_000.1 }) }],
  'a fee that is no number': ['TICKBUS_FEES', { pairs, fees: fees({ 'A.X': '10' }) }],
  'a fee with seven places': ['TICKBUS_FEES', { pairs, fees: fees({ 'A.X': 0.1234567 }) }],
  'fees that are no object': ['TICKBUS_FEES', { pairs, fees: fees([]) }],
  'a threshold that is no number': ['TICKBUS_ARGUMENT', { pairs, minNetBps: NaN }],
  'a threshold with seven places': ['TICKBUS_ARGUMENT', { pairs, minNetBps: 0.1234567 }],
  'no age': ['TICKBUS_ARGUMENT', { pairs, staleMs: 0 }],
  'a half-life of 0': ['TICKBUS_ARGUMENT', { pairs, basisHalfLifeS: 0 }],
}

for (const [what, [code, terms]] of Object.entries(refused)) {
  test(`${what} is refused`, (t) => {
    t.is(
      codeOf(() => new ArbitragePlan(terms as ArbitrageTerms, NOW)),
      code,
    )
  })
}

test('instruments without a fee, and fees of others, are told', (t) => {
  const plan = new ArbitragePlan({ pairs, fees: fees({ 'A.X': 10, 'C.Z': 1_000 })! }, NOW)
  t.deepEqual(plan.withoutFee, ['B.Y'])
  t.deepEqual(plan.feesOfOthers, ['C.Z'])
  t.deepEqual(plan.feesBps, [10, 0])
})

test('records that are cut, or shared with other threads, are refused', (t) => {
  const router = new ArbitrageRouter({ pairs })
  t.is(
    codeOf(() => router.update(new Uint8Array(65))),
    'TICKBUS_ARGUMENT',
  )
  t.is(
    codeOf(() => router.update(new Uint8Array(new SharedArrayBuffer(64)))),
    'TICKBUS_ARGUMENT',
  )
  t.is(
    codeOf(() => router.best('ETH')),
    'TICKBUS_ARGUMENT',
  )
})
