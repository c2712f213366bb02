// What the law is held to, on the virtual clock: docs/workers.md has the whole table, of 20 seeds.
import test from 'ava'
import { compare, type Comparison, type LawResult } from '../../dist/simulation/index.js'
import { cores } from '../core/cores.js'
import { scenario } from './scenarios.js'

const seeds = process.env.TICKBUS_LONG ? 20 : 3
const adaptive = ['threshold', 'utilisation', 'backlog per worker', 'PID on age']

function of({ laws }: Comparison, name: string): LawResult {
  return laws.find(({ law }) => law === name)!
}

function compared(name: string, fixedSizes = [50]): Comparison {
  return compare(scenario(name), { core: cores[0]!, seeds, fixedSizes })
}

for (const name of ['a-steps', 'b-bursts', 'd-slow']) {
  const saving = { 'a-steps': 0.4, 'd-slow': 0.35 }[name]
  test(`${name}: the longest waits are shorter than under every adaptive rival, with 30 changes of size a minute at most`, (t) => {
    const comparison = compared(name)
    const ours = of(comparison, 'tickbus')
    for (const rival of adaptive) t.true(ours.waitMs.p999 < of(comparison, rival).waitMs.p999, rival)
    t.true(ours.actionsPerMinute <= 30, `${ours.actionsPerMinute} a minute`)
    t.true(ours.waitMs.p99 <= 2, `p99 ${ours.waitMs.p99} ms`)
    if (saving === undefined) return
    const share = ours.workerSeconds / of(comparison, 'fixed 50').workerSeconds
    t.true(share <= 1 - saving, `${share} of the worker-seconds of 50`)
  })
}

test('c-computing: the pool is as good as the best of fixed size, which is as large as the cores', (t) => {
  const sizes = [1, 2, 3, 4, 6, 10, 50]
  const comparison = compared('c-computing', sizes)
  const best = Math.min(...sizes.map((size) => of(comparison, `fixed ${size}`).waitMs.p99))
  const ours = of(comparison, 'tickbus')
  t.is(best, of(comparison, 'fixed 2').waitMs.p99)
  t.true(ours.waitMs.p99 <= 1.05 * best, `${ours.waitMs.p99} ms against ${best}`)
  t.is(ours.peakWorkers, 2)
  t.true(ours.actionsPerMinute <= 30)
})

test('every seed is a run of its own, and the result is their mean', (t) => {
  const slow = scenario('d-slow')
  const one = (seed: number) => compare({ ...slow, seed }, { core: cores[0]!, fixedSizes: [] })
  const [first, second, both] = [one(1), one(2), compare(slow, { core: cores[0]!, fixedSizes: [], seeds: 2 })]
  t.not(first.messages, second.messages)
  t.is(both.messages, (first.messages + second.messages) / 2)
  for (const [i, { waitMs, workerSeconds }] of both.laws.entries()) {
    const [a, b] = [first.laws[i]!, second.laws[i]!]
    t.deepEqual(
      [waitMs.p999, workerSeconds],
      [(a.waitMs.p999 + b.waitMs.p999) / 2, (a.workerSeconds + b.workerSeconds) / 2],
    )
  }
})

test('both backends make the same of a trace', (t) => {
  const results = cores.map((core) => compare(scenario('d-slow'), { core, fixedSizes: [] }))
  for (const result of results) t.deepEqual(result, results[0])
})
