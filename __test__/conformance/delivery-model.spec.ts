import { fc } from '@fast-check/ava'
import test from 'ava'
import { backends } from './backends.js'
import { play, playOn } from './delivery-play.js'

test.serial('whatever handlers do, every delivery promise is kept, alike on all backends', async (t) => {
  const seen = new Map<string, number>()
  const count = (what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1)
  await fc.assert(
    fc.asyncProperty(play, async (given) => {
      const traces = await Promise.all(backends.map((backend) => playOn(backend, given)))
      const [first, ...others] = traces
      for (const line of first) {
        for (const [what] of line.matchAll(/begin|timed out|dead \d+ \w+|"\w+":[1-9]/g)) count(what.replace(/\d+ /, ''))
      }
      t.deepEqual(
        first.filter((line) => line.startsWith('!')),
        [],
      )
      for (const other of others) t.deepEqual(other, first)
    }),
    { numRuns: 150, seed: Number(process.env['TICKBUS_SEED'] ?? 6) },
  )
  t.true(seen.get('begin')! > 3_000, 'the plays do something')
  for (const what of ['failed', 'timedOut', 'blocked', 'terminated']) t.true(seen.has(`dead ${what}`), what)
  for (const what of ['"fenced":', '"timedOut":', '"failed":', '"retried":']) {
    t.true(
      [...seen.keys()].some((key) => key.startsWith(what)),
      what,
    )
  }
})
