import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { decimal } from 'tickbus/market'

/** The text of a whole number of steps of ten to the minus `places`, as anybody would write it. */
function written(steps: bigint, places: number): string {
  const digits = String(steps < 0n ? -steps : steps).padStart(places + 1, '0')
  const cut = digits.length - places
  return `${steps < 0n ? '-' : ''}${digits.slice(0, cut)}${places > 0 ? '.' : ''}${digits.slice(cut)}`
}

const steps = fc.bigInt({ min: -999_999_999_999_999n, max: 999_999_999_999_999n })

testProp(
  'value and precision of a decimal of up to 15 digits give its text back, without its trailing zeros',
  [steps, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 20 })],
  (t, whole, places, zeros) => {
    const text = written(whole, places)
    const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text
    const { value, precision } = decimal(text + (text.includes('.') ? '0'.repeat(zeros) : ''))!
    t.is(value, Number(text) || 0)
    t.is(value.toFixed(precision), plain === '-0' ? '0' : plain)
  },
  { numRuns: 300 },
)

testProp(
  'an exponent says the same as moving the point',
  [steps, fc.integer({ min: 0, max: 30 })],
  (t, whole, places) => {
    t.deepEqual(decimal(`${whole}e-${places}`), decimal(written(whole, places)))
  },
  { numRuns: 200 },
)

testProp(
  'any text is either refused or restored to a number that JavaScript reads from it too',
  [fc.oneof(fc.string(), fc.stringMatching(/^-?[\d.eE+-]{0,24}$/))],
  (t, text) => {
    const found = decimal(text)
    if (found === undefined) return t.pass()
    t.is(found.value, Number(text) || 0)
    t.is(Number(found.value.toFixed(found.precision)), found.value)
  },
  { numRuns: 500 },
)

test('precision counts the decimals that are needed, not those that are written', (t) => {
  const precisions = ['0.00010000', '1e-8', '1E-8', '0.50', '100', '100.000', '12.5e1', '2.5e-3', '0', '-0.0'].map(
    (text) => decimal(text)?.precision,
  )
  t.deepEqual(precisions, [4, 8, 8, 1, 0, 0, 0, 4, 0, 0])
})

test('zero has no sign', (t) => {
  t.is(Object.is(decimal('-0')?.value, 0), true)
})

const refused = ['', ' ', '1 ', '+1', '.5', '5.', '1,5', '0x10', 'NaN', 'Infinity', '1e999', '1e-999', '1e21', '1e-101']
for (const text of [...refused, '1.2.3', '1e', '--1', '١', '1234567890.123456', '9'.repeat(40), '9'.repeat(100_000)]) {
  test(`what its double does not restore is no decimal: ${JSON.stringify(text.slice(0, 50))}${text.length}`, (t) => {
    t.is(decimal(text), undefined)
  })
}
