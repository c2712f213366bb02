import test from 'ava'
import { TickbusError } from 'tickbus'
import { type Autoscaler, type AutoscalerOptions, scaleReasons } from '../../dist/autoscale-core.js'
import type { Core } from '../../dist/core.js'
import * as layout from '../../dist/layout.js'
import { Random } from '../../dist/simulation/random.js'
import { codeOf } from '../conformance/backends.js'
import { cores, forEachCore } from './cores.js'

const limits = { min: 1, max: 50, cores: 2, cpuTarget: 0.8, reserved: 0, criticalMs: 0 }

interface Law extends Autoscaler {
  readonly page: Float64Array
}

function open(core: Core, options: Partial<AutoscalerOptions> = {}): Law {
  const page = new Float64Array(new SharedArrayBuffer(8 * layout.AUTOSCALE_DOUBLES))
  return { page, ...core.openAutoscaler({ page, ...limits, ...options }) }
}

/** What a pool measures: handlers of 1 ms that wait. */
const calm = { now: 0, rate: 1_000, service: 1, depth: 0, oldest: 0, critical: 0, cpu: 0.02 }

function tell({ page }: Law, { now, rate, service, depth, oldest, critical, cpu }: typeof calm): void {
  page[layout.AUTOSCALE_DOUBLE_NOW] = now
  page[layout.AUTOSCALE_DOUBLE_RATE] = rate
  page[layout.AUTOSCALE_DOUBLE_SERVICE] = service
  page[layout.AUTOSCALE_DOUBLE_DEPTH] = depth
  page[layout.AUTOSCALE_DOUBLE_OLDEST] = oldest
  page[layout.AUTOSCALE_DOUBLE_OLDEST_CRITICAL] = critical
  page[layout.AUTOSCALE_DOUBLE_CPU_SHARE] = cpu
}

forEachCore('autoscaler', (test, core) => {
  test('Little’s law and the square root make the size, and the page says with what', (t) => {
    const law = open(core)
    tell(law, { ...calm, rate: 10_000 })
    law.tick()
    const answer = [...law.page.subarray(layout.AUTOSCALE_DOUBLE_WANTED)]
    t.deepEqual(answer, [15, 50, layout.SCALE_LOAD, 0, 15, 10_000, 1, 0.02])
  })

  test('a backlog grows the pool, computing handlers shrink it to the cores', (t) => {
    const law = open(core)
    const ask = (told: Partial<typeof calm>): unknown[] => {
      tell(law, { ...calm, ...told })
      law.tick()
      const reason = law.page[layout.AUTOSCALE_DOUBLE_REASON]!
      return [law.page[layout.AUTOSCALE_DOUBLE_WANTED], scaleReasons[reason]!.name]
    }
    t.deepEqual(ask({ now: 0 }), [3, 'load'])
    t.deepEqual(ask({ now: 20 }), [3, 'steady'])
    t.deepEqual(ask({ now: 40, depth: 500 }), [13, 'backlog'])
    t.deepEqual(ask({ now: 60 }), [13, 'hold'])
    t.deepEqual(ask({ now: 80, rate: NaN }), [13, 'unmeasured'])
    t.deepEqual(ask({ now: 10_000, cpu: 1 }), [2, 'cores'])
  })

  test('a tick is due after 20 ms, and after 1 ms when a critical message has waited half of what it may', (t) => {
    const law = open(core, { criticalMs: 2 })
    const isDue = (now: number, critical: number): boolean => {
      tell(law, { ...calm, now, critical })
      return law.isDue()
    }
    t.true(isDue(0, 0), 'before the first tick')
    law.tick()
    t.deepEqual([isDue(19, 1), isDue(20, 1), isDue(0.5, 1.1), isDue(1, 1.1)], [false, true, false, true])
  })

  test('slots for critical lanes come on top, and are kept as soon as there are two', (t) => {
    const law = open(core, { reserved: 1 })
    tell(law, { ...calm, rate: 0 })
    law.tick()
    t.deepEqual([...law.page.subarray(8, 12)], [1, 50, layout.SCALE_STEADY, 0])
    tell(law, { ...calm, now: 20, rate: 10_000 })
    law.tick()
    t.deepEqual([...law.page.subarray(8, 12)], [16, 50, layout.SCALE_LOAD, 1])
  })

  test('options that cannot be are refused, all of them at once', (t) => {
    const error = t.throws(() => open(core, { min: 0, max: 1_025, cores: 0, cpuTarget: 1.1, criticalMs: -1 }), {
      instanceOf: TickbusError,
    })
    t.is((error as TickbusError).code, 'TICKBUS_AUTOSCALE')
    for (const name of ['min', 'max', 'cores', 'cpuTarget', 'criticalMs'])
      t.regex(error.message, new RegExp(`- ${name}: `))
    t.regex(t.throws(() => open(core, { min: 9, max: 8 })).message, /min: expected at most max, which is 8, got 9/)
    t.is(
      codeOf(() => open(core, { min: 1.5 })),
      'TICKBUS_AUTOSCALE',
    )
    t.is(
      codeOf(() => open(core, { max: 4, reserved: 4 })),
      'TICKBUS_AUTOSCALE',
    )
    t.is(
      codeOf(() => core.openAutoscaler({ page: new Float64Array(16), ...limits })),
      'TICKBUS_AUTOSCALE',
    )
  })
})

/** Measurements of a pool that steps, is overloaded, goes dark; then has little to do; every fourth one is told nonsense. */
function* tale(random: Random, seed: number): Generator<typeof calm> {
  const told = { ...calm }
  for (let i = 0; i < 2_000; i++) {
    const isBusy = i < 800
    const draw = random.uniform()
    if (isBusy && draw < 0.02) told.rate = 40_000 * random.uniform() ** 3
    if (isBusy && draw > 0.98) told.service = 20 * random.uniform() ** 2
    if (draw > 0.5 && draw < 0.51) told.cpu = random.uniform() ** 4
    if (!isBusy) [told.rate, told.service] = [200, 0.1]
    told.depth = draw < 0.1 ? Math.floor((isBusy ? 2_000 : 100) * random.uniform() ** 4) : Math.floor(told.depth / 2)
    told.oldest = told.depth * random.uniform()
    told.critical = told.oldest * random.uniform()
    told.now += draw < 0.9 ? 20 : draw < 0.95 ? 1 + random.uniform() : draw < 0.99 ? 300 * random.uniform() : -5
    const noise = 1 + random.normal() / Math.sqrt(told.rate / 50 + 1)
    yield { ...told, rate: told.rate * noise, ...(seed % 4 === 0 && random.uniform() < 0.05 && nonsense(random)) }
  }
}

function nonsense(random: Random): Partial<typeof calm> {
  const values = [NaN, Infinity, -Infinity, -1, -0, 0, 1e300, 5e-324]
  const names = ['now', 'rate', 'service', 'depth', 'oldest', 'critical', 'cpu'] as const
  const pick = <T>(list: readonly T[]): T => list[Math.floor(list.length * random.uniform())]!
  return { [pick(names)]: pick(values) }
}

const onBoth = cores.length === 2 ? test : test.skip

onBoth('both backends answer the same bits, tick by tick', (t) => {
  const reasons = new Set<number>()
  for (let seed = 1; seed <= 100; seed++) {
    const options = { min: 1 + (seed % 3), max: 3 + ((seed * 7) % 60), reserved: seed % 2, criticalMs: seed % 5 }
    const [first, second] = cores.map((core) => open(core, options)) as [Law, Law]
    for (const told of tale(new Random(seed), seed)) {
      tell(first, told)
      tell(second, told)
      if (first.isDue() !== second.isDue()) return t.fail(`seed ${seed}: due at ${JSON.stringify(told)}`)
      first.tick()
      second.tick()
      if (!first.page.every((value, i) => Object.is(value, second.page[i]))) {
        return t.deepEqual([...second.page], [...first.page], `seed ${seed}`)
      }
      const wanted = first.page[layout.AUTOSCALE_DOUBLE_WANTED]!
      if (!(wanted >= options.min && wanted <= options.max)) return t.fail(`seed ${seed}: ${wanted} slots`)
      reasons.add(first.page[layout.AUTOSCALE_DOUBLE_REASON]!)
    }
  }
  // A comparison of pools that never do anything would show nothing.
  t.is(reasons.size, layout.SCALE_REASONS)
})

test('every reason has a name and a sentence', (t) => {
  t.is(scaleReasons.length, layout.SCALE_REASONS)
  t.is(new Set(scaleReasons.map(({ name }) => name)).size, layout.SCALE_REASONS)
  for (const { text } of scaleReasons) t.regex(text, /^[a-z]/)
})
