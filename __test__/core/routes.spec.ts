import { fc, testProp } from '@fast-check/ava'
import type { Routes } from '../../dist/core.js'
import { cores, forEachCore } from './cores.js'

/** The ids that match, in the order given. */
function resolve(routes: Routes, topic: string): number[] {
  const out = new Uint32Array(64)
  return [...out.subarray(0, routes.resolve(topic, out))]
}

const pattern = fc
  .array(fc.constantFrom('a', 'b', '.', '*', '?', 'é', '\ud800'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
const step = fc.oneof(fc.record({ add: pattern }), fc.record({ remove: fc.nat(12) }), fc.record({ resolve: pattern }))

for (const core of cores) {
  testProp(
    `routes: a table agrees with a list that is searched from end to end [${core.backend}]`,
    [fc.array(step, { maxLength: 60 })],
    (t, steps) => {
      const routes = core.openRoutes()
      const list: (string | undefined)[] = []
      t.deepEqual(resolve(routes, 'a'), [])
      for (const step of steps) {
        if ('add' in step) {
          const text = Buffer.from(step.add).toString()
          const known = list.indexOf(text)
          const free = list.indexOf(undefined)
          const id = known >= 0 ? known : free >= 0 ? free : list.length
          t.is(routes.add(step.add), id)
          list[id] = text
        } else if ('remove' in step) {
          routes.remove(step.remove)
          if (step.remove < list.length) list[step.remove] = undefined
        } else {
          const matching = list.flatMap((held, id) =>
            held !== undefined && core.isMatching(step.resolve, held) ? [id] : [],
          )
          t.deepEqual(resolve(routes, step.resolve), matching)
        }
      }
    },
    { numRuns: 300 },
  )
}

forEachCore('routes', (test, core) => {
  test('what does not fit is counted and not written', (t) => {
    const routes = core.openRoutes()
    for (const pattern of ['*', 'a*', 'ab']) routes.add(pattern)
    const out = new Uint32Array(2)
    t.is(routes.resolve('ab', out), 3)
    t.deepEqual([...out], [0, 1])
  })

  test('tables know nothing of each other', (t) => {
    const [one, other] = [core.openRoutes(), core.openRoutes()]
    one.add('a')
    t.is(other.add('b'), 0)
    t.deepEqual(resolve(other, 'a'), [])
  })
})
