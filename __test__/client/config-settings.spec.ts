import test from 'ava'
import { type ClientConfig, isMatching, type PresetName } from 'tickbus'
import { resolveSettings } from '../../dist/client/config/index.js'
import { envelopeBytes, envelopeCount, requireMemory } from '../../dist/client/config/memory.js'
import { LaneTable } from '../../dist/client/lane-table.js'
import { faultsOf } from './config-faults.js'

const presets: PresetName[] = ['development', 'production', 'highFrequency']
const laneOf = (preset: PresetName, topic: string): string | undefined =>
  resolveSettings({ preset }, {}).routes.find(({ pattern }) => isMatching(topic, pattern))?.lane

for (const preset of presets) {
  test(`${preset} is a configuration without a fault and without a warning`, (t) => {
    t.deepEqual(resolveSettings({ preset }, {}).warnings, [])
  })

  test(`${preset} never makes market data critical`, (t) => {
    for (const topic of [
      'data.quotes.BINANCE.BTCUSDT',
      'data.trades.BINANCE.BTCUSDT',
      'data.book.deltas.BINANCE.BTCUSDT',
      'data.bars.ESZ24.XCME-1-MINUTE-LAST-INTERNAL',
      'market-data.BTCUSDT',
      'tick.BTCUSDT',
      'quotes.BTCUSDT',
    ]) {
      t.is(laneOf(preset, topic), 'low', topic)
    }
  })

  test(`${preset} puts orders above market data, and alarms into the critical lane`, (t) => {
    const settings = resolveSettings({ preset }, {})
    const numbers = new LaneTable(settings)
    for (const topic of ['orders.A1', 'events.order.S-001', 'events.order_filled.BTCUSDT.BINANCE']) {
      t.true(numbers.withName(laneOf(preset, topic)!) >= numbers.withName('high'), topic)
    }
    t.is(laneOf(preset, 'risk.limit'), 'critical')
    t.is(laneOf(preset, 'alerts.feed'), 'critical')
  })

  test(`${preset} has four lanes, loses nothing in critical, and has 50 workers at most`, (t) => {
    const { lanes, urgent, workers } = resolveSettings({ preset }, {})
    t.deepEqual(
      lanes.map(({ name, priority }) => [name, priority]),
      [
        ['low', 0],
        ['normal', 1],
        ['high', 2],
        ['critical', 3],
      ],
    )
    t.is(urgent, 3)
    t.is(lanes[3]!.overflow, 'block')
    t.true(workers.min === 1 && workers.max <= 50)
  })
}

test('only the highest frequency has 50 workers and makes orders critical', (t) => {
  t.deepEqual(
    presets.map((preset) => resolveSettings({ preset }, {}).workers.max),
    [10, 20, 50],
  )
  t.deepEqual(
    presets.map((preset) => laneOf(preset, 'orders.A1')),
    ['high', 'high', 'critical'],
  )
})

test('a range of workers scales unless it is said not to; without one the preset decides', (t) => {
  const scales = (config: ClientConfig, env = {}): boolean => resolveSettings(config, env).autoscale
  t.true(scales({ workers: { min: 1, max: 50 } }))
  t.true(scales({ workers: { min: 2 } }, { TICKBUS_WORKERS_MAX: '8' }))
  t.false(scales({ workers: { min: 1, max: 50 }, autoscale: false }))
  t.false(scales({ workers: { min: 5, max: 5 } }))
  t.false(scales({ workers: { max: 5 } }))
  t.false(scales({}))
  t.true(scales({ preset: 'production', workers: { max: 5 } }))
})

test('code wins over the environment, the environment over the preset', (t) => {
  const env = {
    TICKBUS_ENV: 'production',
    TICKBUS_WORKERS_MAX: '30',
    TICKBUS_POLICY: 'weighted',
    TICKBUS_MEMORY_MB: '300',
  }
  const { preset, workers, policy, memoryMb, autoscale } = resolveSettings(
    { policy: 'deadline', workers: { min: 2 } },
    env,
  )
  t.deepEqual(
    { preset, workers, policy, memoryMb, autoscale },
    { preset: 'production', workers: { min: 2, max: 30 }, policy: 'deadline', memoryMb: 300, autoscale: true },
  )
})

test('the preset is the one that code names, or TICKBUS_ENV, or development', (t) => {
  t.is(resolveSettings({}, {}).preset, 'development')
  t.is(resolveSettings({}, { TICKBUS_ENV: '' }).preset, 'development')
  t.is(resolveSettings({}, { TICKBUS_ENV: 'production' }).preset, 'production')
  t.is(resolveSettings({}, { TICKBUS_ENV: 'hft' }).preset, 'highFrequency')
  t.is(resolveSettings({}, { TICKBUS_ENV: 'highFrequency' }).preset, 'highFrequency')
  t.is(resolveSettings({ preset: 'production' }, { TICKBUS_ENV: 'hft' }).preset, 'production')
})

for (const [variable, text, path, problem] of [
  ['TICKBUS_ENV', 'producton', 'preset', /; did you mean "production"\?$/],
  ['TICKBUS_POLICY', 'strikt', 'policy', /; did you mean "strict"\?$/],
  ['TICKBUS_WORKERS_MIN', '0', 'workers.min', /^expected a whole number from 1 to 1,024, got 0$/],
  ['TICKBUS_WORKERS_MAX', '0x10', 'workers.max', /got "0x10"$/],
  ['TICKBUS_MEMORY_MB', '1e3', 'memoryMb', /^expected a number from 1 to 65,536, got "1e3"$/],
] as const) {
  test(`${variable}=${text} is refused, and named as the one to blame`, (t) => {
    const faults = faultsOf(t, {}, { [variable]: text })
    t.deepEqual(
      faults.map(({ path, origin }) => [path, origin]),
      [[path, variable]],
    )
    t.regex(faults[0]!.problem, problem)
  })
}

test('options that clash name the variable that takes part', (t) => {
  const faults = faultsOf(t, { workers: { max: 4 } }, { TICKBUS_WORKERS_MIN: '8' })
  t.is(faults[0]?.problem, 'min 8 (TICKBUS_WORKERS_MIN) is more than max 4 (the options)')
})

test('lanes of one’s own stand between the others, and those from critical on are urgent', (t) => {
  const settings = resolveSettings({ lanes: { fills: { priority: 2.5, capacity: 7 }, cancels: { priority: 15 } } }, {})
  t.deepEqual(
    settings.lanes.map(({ name, overflow }) => `${name} ${overflow}`),
    ['low reject', 'normal reject', 'high reject', 'fills reject', 'critical block', 'cancels block'],
  )
  t.is(settings.urgent, 4)
  t.is(settings.lanes[3]!.capacity, 7)
  const numbers = new LaneTable(settings)
  t.deepEqual(
    [
      numbers.withName('fills'),
      numbers.withPriority(2.5),
      numbers.withPriority(3),
      numbers.withName('cancels'),
      numbers.withPriority(15),
    ],
    [3, 3, 4, 5, 5],
  )
  t.throws(() => numbers.withPriority(4), { code: 'TICKBUS_LANE' })
})

test('one option of a lane leaves the others as the preset has them', (t) => {
  const low = resolveSettings({ preset: 'production', lanes: { low: { overflow: 'conflate' } } }, {}).lanes[0]!
  t.deepEqual([low.overflow, low.capacity], ['conflate', 50_000])
})

test('an option that is undefined is one that was not given', (t) => {
  const options = {
    policy: undefined,
    lanes: { low: { capacity: undefined }, high: undefined, mine: undefined },
  } as unknown as ClientConfig
  t.deepEqual(resolveSettings(options, {}), resolveSettings({}, {}))
})

test('routes are looked through before those of the preset', (t) => {
  const { routes } = resolveSettings({ routes: [{ pattern: 'data.signals.*', lane: 'high' }] }, {})
  t.deepEqual(routes[0], { pattern: 'data.signals.*', lane: 'high' })
  t.true(routes.some(({ pattern }) => pattern === 'data.*'))
})

test('settings are frozen, and no part of what was given', (t) => {
  const options: ClientConfig = { lanes: { low: { capacity: 5 } }, routes: [{ pattern: 'a', lane: 'low' }] }
  const settings = resolveSettings(options, {})
  for (const part of [
    settings,
    settings.lanes,
    settings.lanes[0],
    settings.workers,
    settings.routes,
    settings.routes[0],
    settings.warnings,
  ]) {
    t.true(Object.isFrozen(part))
  }
  t.false(Object.isFrozen(options.routes![0]))
})

for (const [options, warning] of [
  [
    { autoscale: true, workers: { min: 4, max: 4 } },
    'autoscale changes nothing: workers.min and workers.max are both 4',
  ],
  [{ policy: 'fifo', ageMs: 10 }, 'ageMs changes nothing: policy is "fifo"'],
  [{ lanes: { low: { timeoutMs: 5 } } }, 'lanes.low.timeoutMs changes nothing: overflow is "reject"'],
  [{ lanes: { low: { spillMb: 5 } } }, 'lanes.low.spillMb changes nothing: overflow is "reject"'],
  [{ spillDir: '/tmp' }, 'spillDir changes nothing: no lane spills'],
  [{ lanes: { low: { weight: 5 } } }, 'lanes.low.weight changes nothing: policy is "strict"'],
  [{ memoryMb: 1_001 }, 'memoryMb allows 1001 MiB for each client: is there so much?'],
  [
    { routes: [{ pattern: 'data.*', lane: 'critical' }] },
    '"data.*" sends market data to the urgent lane "critical": a flood of it delays orders and cancels',
  ],
] as [ClientConfig, string][]) {
  test(`warned of, not refused: ${warning}`, (t) => {
    t.deepEqual(resolveSettings(options, {}).warnings, [warning])
  })
}

test('a variable that is nearly ours is warned of, another program’s is not', (t) => {
  const env = { TICKBUS_WORKER_MAX: '5', TICKBUS_BACKEND: 'js', TICKBUS_SOMETHING_ELSE: '1', LOG_LEVEL: 'chatty' }
  t.deepEqual(resolveSettings({}, env).warnings, [
    'TICKBUS_WORKER_MAX does nothing; did you mean TICKBUS_WORKERS_MAX?',
    'LOG_LEVEL=chatty is none of trace, debug, info, warn, error, fatal, silent: nothing is logged',
  ])
})

test('LOG_LEVEL says how much the default logger says; without it, nothing', (t) => {
  t.is(resolveSettings({}, {}).logLevel, 'silent')
  t.is(resolveSettings({}, { LOG_LEVEL: 'Debug' }).logLevel, 'debug')
  t.is(resolveSettings({}, { LOG_LEVEL: 'chatty' }).logLevel, 'silent')
})

test('a schedule gets its lanes by number, with times in nanoseconds', (t) => {
  const settings = resolveSettings({ lanes: { low: { overflow: 'conflate', shed: { targetMs: 2 } } } }, {})
  t.deepEqual(new LaneTable(settings).scheduled()[0], {
    capacity: 10_000,
    overflow: 'conflate',
    weight: 1,
    shedTargetNs: 2e6,
    shedIntervalNs: 100e6,
  })
  t.deepEqual(new LaneTable(settings).scheduled()[3], {
    capacity: 10_000,
    overflow: 'block',
    weight: 20,
    shedTargetNs: 0,
    shedIntervalNs: 0,
  })
})

test('envelopes are there for full lanes, busy slots and the lists of each port', (t) => {
  const settings = resolveSettings({}, {})
  t.is(envelopeCount(settings.lanes, 10), 40_000 + 10 + 448)
  t.is(envelopeCount(settings.lanes, 10, 3), 40_000 + 10 + 3 * 448)
  t.is(envelopeBytes(settings.lanes, 10), 40_458 * 128)
  t.notThrows(() => requireMemory({ memoryMb: 1 }, 2 ** 20))
  t.throws(() => requireMemory({ memoryMb: 1 }, 2 ** 20 + 1), { code: 'TICKBUS_MEMORY_LIMIT' })
})
