import { fc } from '@fast-check/ava'
import test from 'ava'
import { backends } from './backends.js'
import { play, playOn } from './client-play.js'

test.serial('any play keeps every promise, and is the same on all backends', async (t) => {
  let deliveries = 0
  const reasons = new Set<string>()
  let spilled = 0
  await fc.assert(
    fc.asyncProperty(play, async (given) => {
      const traces = await Promise.all(backends.map((backend) => playOn(backend, given)))
      const [first, ...others] = traces
      deliveries += first.filter((line) => line.includes(' got ')).length
      spilled += first.filter((line) => line.endsWith(' spilled')).length
      for (const [, reason] of first.join('\n').matchAll(/"(\w+)":[1-9]/g)) reasons.add(reason)
      t.deepEqual(
        first.filter((line) => line.startsWith('!')),
        [],
      )
      for (const other of others) t.deepEqual(other, first)
    }),
    { numRuns: 200, seed: Number(process.env['TICKBUS_SEED'] ?? 5) },
  )
  t.true(deliveries > 2_000, 'the plays do something')
  t.true(spilled > 50, `${spilled} spilled`)
  for (const reason of ['copies', 'delivered', 'overflow', 'conflated', 'expired', 'failed', 'closed']) {
    t.true(reasons.has(reason), `${reason} happens`)
  }
})
