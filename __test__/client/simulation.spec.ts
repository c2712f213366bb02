/** Whole clients on simulated time and disks: see docs/simulation.md. Long: TICKBUS_LONG=1. */
import test from 'ava'
import { type Mutant, play } from '../../dist/.simulate/player.js'
import { REGRESSIONS } from '../../dist/.simulate/regressions.js'
import { FAULTS, playAll } from '../../dist/.simulate/run.js'

const isLong = process.env['TICKBUS_LONG'] === '1'
const SEEDS = isLong ? 1_000 : 20
const LONGEST_MS = 1_800_000
/** A mutant is found within so many seeds, or the simulation looks away. */
const MUTANT_SEEDS = 12

test.serial('whatever goes wrong, the promises are kept', async (t) => {
  t.timeout(LONGEST_MS)
  const { faults, tally } = await playAll(1, SEEDS)
  t.deepEqual(
    faults.map(({ seed, fault }) => `seed ${seed}, line ${fault!.step}: ${fault!.what}`),
    [],
  )
  const missing = FAULTS.filter((fault) => tally.of(fault) === 0)
  // A few seeds do not meet everything.
  if (isLong) t.deepEqual(missing, [])
  else
    for (const fault of ['process killed', 'power cut', 'disk full', 'handler killed'])
      t.true(tally.of(fault) > 0, fault)
})

test.serial('seeds that have found something find nothing any more', async (t) => {
  for (const seed of REGRESSIONS.filter((seed) => seed > SEEDS)) {
    const { fault } = await play(seed)
    t.is(fault, undefined, `seed ${seed}`)
  }
})

test.serial('a seed plays the same way each time, line by line', async (t) => {
  const [once, again, other] = [await play(7, true), await play(7, true), await play(8)]
  t.deepEqual(once.lines, again.lines)
  t.is(once.digest, again.digest)
  t.not(once.digest, other.digest)
  t.true(once.lines.length > 100)
  t.true(once.tally.of('handler killed') > 0)
})

const mutants: Record<string, Mutant & { readonly says: RegExp }> = {
  'counts each acknowledgement twice': {
    stats: (stats) => {
      for (const group of Object.values(stats.groups)) group.delivered *= 2
      return stats
    },
    says: /accounts for/,
  },
  'counts none of what it drops': {
    stats: (stats) => {
      for (const group of Object.values(stats.groups)) group.dropped.failed = 0
      return stats
    },
    says: /accounts for/,
  },
  'lets two of a key run': { ignoresKeys: true, says: /are live at once|came after/ },
  'delivers a message twice': { twice: 0.01, says: /delivered after its end|are live at once|attempt|in flight/ },
  'has a journal that forgets': { forgetsWrites: 0.02, says: /is lost|damaged|delivered after its end|no end/ },
  'hears nothing of dead threads': { hidesDeaths: 0.5, says: /no end|in flight|for ever|comes to no rest/ },
  'loses doorbells': { losesRings: 0.2, says: /no end|in flight|for ever|comes to no rest/ },
  'loses timers': { losesTimers: 0.2, says: /no end|in flight|for ever/ },
}
for (const [what, { says, ...mutant }] of Object.entries(mutants)) {
  test.serial(`it finds a client that ${what}`, async (t) => {
    for (let seed = 1; seed <= MUTANT_SEEDS; seed += 1) {
      const { fault } = await play(seed, false, mutant)
      if (fault === undefined) continue
      t.regex(fault.what, says)
      return
    }
    t.fail(`not within ${MUTANT_SEEDS} seeds`)
  })
}
