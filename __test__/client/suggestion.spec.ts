import test from 'ava'
import { fc } from '@fast-check/ava'
import { closest, editDistance, suggestion } from '../../dist/client/config/suggestion.js'

for (const [a, b, edits] of [
  ['', '', 0],
  ['', 'abc', 3],
  ['lane', 'lane', 0],
  ['kitten', 'sitting', 3],
  ['hihg', 'high', 1],
  ['critcal', 'critical', 1],
  ['ca', 'abc', 3],
] as const) {
  test(`from "${a}" to "${b}" it takes ${edits} edits`, (t) => {
    t.is(editDistance(a, b), edits)
    t.is(editDistance(b, a), edits)
  })
}

test('one edit makes a distance of one at most, and a word is as far from itself as from nothing', (t) => {
  const word = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(word, fc.nat(12), fc.string({ minLength: 1, maxLength: 1 }), (word, at, letter) => {
      const longer = word.slice(0, at) + letter + word.slice(at)
      return editDistance(word, longer) === 1 && editDistance(word, '') === word.length
    }),
  )
  t.pass()
})

test('the closest word is suggested, whatever the case, and none that is far off', (t) => {
  const lanes = ['low', 'normal', 'high', 'critical']
  t.is(closest('HIGH', lanes), 'high')
  t.is(closest('nromal', lanes), 'normal')
  t.is(closest('crit', lanes), 'critical')
  t.is(closest('orders', lanes), undefined)
  t.is(closest('', lanes), undefined)
  t.is(closest('x', []), undefined)
  t.is(closest('l'.repeat(10_000), lanes), undefined)
})

test('what is no text gets no suggestion', (t) => {
  t.is(suggestion('lwo', ['low']), '; did you mean "low"?')
  t.is(suggestion(5, ['low']), '')
})
