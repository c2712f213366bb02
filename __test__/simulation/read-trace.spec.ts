import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { TickbusError } from 'tickbus'
import { readTrace, type TraceFault } from '../../dist/simulation/index.js'
import { root } from '../house/checkout.js'
import { scenario } from './scenarios.js'

/** The trace that the issue and the help show. */
const sound = {
  cores: 2,
  spawnMs: 25,
  service: { kind: 'lognormal', meanMs: 1, cv: 0.5, cpuShare: 0.02 },
  arrivals: [
    { untilMs: 5_000, ratePerS: 1_000 },
    { untilMs: 10_000, ratePerS: 10_000, burst: { everyMs: 2_000, forMs: 200, ratePerS: 30_000 } },
  ],
  seed: 1,
}

function faults(given: unknown): readonly TraceFault[] {
  try {
    readTrace(given, 'x.json')
    return []
  } catch (error) {
    if (!(error instanceof TickbusError) || error.code !== 'TICKBUS_TRACE') throw error
    return error.details.faults as TraceFault[]
  }
}

function paths(given: unknown): string[] {
  return faults(given).map(({ path }) => path)
}

test('a sound trace is read, and so is every one that comes with Tickbus', (t) => {
  t.deepEqual(readTrace(sound, 'x.json'), sound as never)
  const names = readdirSync(join(root, 'examples/autoscale')).map((name) => name.replace('.json', ''))
  t.deepEqual(names.toSorted(), ['a-steps', 'b-bursts', 'c-computing', 'd-slow'])
  for (const name of names) t.notThrows(() => scenario(name))
})

test('everything that is wrong is said at once', (t) => {
  const bad = {
    cores: 0,
    spawnMs: -1,
    service: { kind: 'pareto', meanMs: 0, cv: -1, cpuShare: 1.5 },
    arrivals: [
      { untilMs: 0, ratePerS: -1 },
      { untilMs: 100, ratePerS: 1, burst: { everyMs: 10, forMs: 20, ratePerS: NaN } },
    ],
    seed: 0.5,
    speed: 1,
  }
  t.deepEqual(paths(bad).toSorted(), [
    'arrivals[0].ratePerS',
    'arrivals[0].untilMs',
    'arrivals[1].burst.forMs',
    'arrivals[1].burst.ratePerS',
    'cores',
    'seed',
    'service.cpuShare',
    'service.cv',
    'service.kind',
    'service.meanMs',
    'spawnMs',
    'speed',
  ])
})

for (const [what, arrivals, path] of [
  ['a stretch that ends where it begins', [sound.arrivals[0], { untilMs: 5_000, ratePerS: 1 }], 'arrivals[1].untilMs'],
  ['a stretch that runs backwards', [sound.arrivals[1], { untilMs: 5_000, ratePerS: 1 }], 'arrivals[1].untilMs'],
  ['a stretch without an end', [{ ratePerS: 1 }], 'arrivals[0].untilMs'],
  ['a stretch that is none', [null], 'arrivals[0]'],
  ['no stretch', [], 'arrivals'],
  ['stretches that are no list', {}, 'arrivals'],
  ['arrivals of nothing', [{ untilMs: 1_000, ratePerS: 0 }], 'arrivals'],
  ['more messages than memory', [{ untilMs: 3_600_000, ratePerS: 1e6 }], 'arrivals'],
] as const) {
  test(`${what} is refused`, (t) => {
    t.deepEqual(paths({ ...sound, arrivals }), [path])
  })
}

test('more work than anybody waits for is refused', (t) => {
  t.deepEqual(paths({ ...sound, service: { ...sound.service, meanMs: 60_000 } }), [''])
})

test('what is no object, or lacks its parts, is refused', (t) => {
  for (const given of [null, 3, [], 'x']) t.deepEqual(paths(given), [''], JSON.stringify(given))
  t.deepEqual(paths({}), ['cores', 'spawnMs', 'service', 'arrivals', 'seed'])
  t.deepEqual(paths({ ...sound, service: 3 }), ['service'])
})
