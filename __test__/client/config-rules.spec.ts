import test from 'ava'
import { type ClientConfig, type LaneConfig, TickbusError } from 'tickbus'
import { resolveSettings } from '../../dist/client/config/index.js'
import { faultsOf } from './config-faults.js'

/** One option that is wrong, where, and what the error says about it. */
function refuses(
  what: string,
  options: unknown,
  path: string,
  problem: RegExp | string,
  env?: NodeJS.ProcessEnv,
): void {
  test(`refused: ${what}`, (t) => {
    const faults = faultsOf(t, options, env)
    t.deepEqual(
      faults.map(({ path }) => path),
      [path],
    )
    if (typeof problem === 'string') t.is(faults[0]?.problem, problem)
    else t.regex(faults[0]?.problem ?? '', problem)
  })
}

function accepts(what: string, options: ClientConfig): void {
  test(`accepted: ${what}`, (t) => {
    t.deepEqual(faultsOf(t, options), [])
  })
}

const low = (lane: unknown): unknown => ({ lanes: { low: lane } })

for (const [option, range, refused, bounds] of [
  ['capacity', 'a whole number from 1 to 16,777,216', [0, -1, 1.5, 2 ** 24 + 1, NaN, Infinity, 'ten', null, 5n], [1]],
  ['timeoutMs', 'a number from 0 to 60,000', [-1, 60_001, NaN, '5'], [0, 60_000]],
  ['weight', 'a whole number from 1 to 65,535', [0, 0.5, 65_536], [1, 65_535]],
] as const) {
  for (const value of refused) {
    refuses(
      `lanes.low.${option} ${value}`,
      low({ [option]: value }),
      `lanes.low.${option}`,
      new RegExp(`^expected ${range}, got `),
    )
  }
  for (const value of bounds) accepts(`lanes.low.${option} ${value}`, low({ [option]: value }) as ClientConfig)
}

for (const [option, range, refused, bounds] of [
  ['ageMs', 'a number from 0 to 86,400,000', [-1, NaN, '1'], [0, 86_400_000]],
  ['memoryMb', 'a number from 1 to 65,536', [0, 65_537, -256], [65_536]],
  ['payloadBytes', 'a whole number from 64 to 16,777,216', [63, 2 ** 24 + 1, 1_000.5], [64, 2 ** 24]],
  ['autoscale', 'true or false', [1, 'true', null], [true, false]],
] as const) {
  for (const value of refused)
    refuses(`${option} ${value}`, { [option]: value }, option, new RegExp(`^expected ${range}, got `))
  for (const value of bounds) accepts(`${option} ${value}`, { [option]: value })
}

refuses('workers.min 0', { workers: { min: 0 } }, 'workers.min', 'expected a whole number from 1 to 1,024, got 0')
refuses(
  'workers.max 1,025',
  { workers: { max: 1_025 } },
  'workers.max',
  'expected a whole number from 1 to 1,024, got 1025',
)
refuses('workers as a number', { workers: 8 }, 'workers', 'expected an object with min and max, got 8')
refuses(
  'more workers at least than at most',
  { workers: { min: 3, max: 2 } },
  'workers',
  'min 3 (the options) is more than max 2 (the options)',
)
refuses(
  'more workers at least than the preset has at most',
  { preset: 'production', workers: { min: 21 } },
  'workers',
  'min 21 (the options) is more than max 20 (preset production)',
)
accepts('1,024 workers', { workers: { min: 1_024, max: 1_024 } })

refuses(
  'an unknown policy',
  { policy: 'wieghted' },
  'policy',
  'expected "strict", "weighted", "deadline" or "fifo", got "wieghted"; did you mean "weighted"?',
)
refuses('an unknown overflow', low({ overflow: 'dropoldest' }), 'lanes.low.overflow', /; did you mean "dropOldest"\?$/)
accepts('overflow to disk', { lanes: { low: { overflow: 'spill', spillMb: 0.1 } } })
refuses(
  'overflow of critical to disk',
  { lanes: { critical: { overflow: 'spill' } } },
  'lanes.critical.overflow',
  'an urgent lane waits for no disk: expected "block" or "reject", got "spill"',
)
refuses(
  'a spill file of no size',
  low({ overflow: 'spill', spillMb: 0 }),
  'lanes.low.spillMb',
  'expected a number from 0.1 to 1,048,576, got 0',
)
refuses('a journal without a directory', { journal: {} }, 'journal.dir', 'is missing')
accepts('a journal', { journal: { dir: './wal', sync: 'always' } })
refuses('an unknown preset', { preset: 'prod' }, 'preset', /; did you mean "production"\?$/)
refuses('an unknown option', { memoryMB: 256 }, 'memoryMB', 'there is no such option; did you mean "memoryMb"?')
refuses('an unknown option that is like no other', { colour: 'red' }, 'colour', 'there is no such option')
refuses(
  'an unknown option of a lane',
  low({ capactiy: 5 }),
  'lanes.low.capactiy',
  'there is no such option; did you mean "capacity"?',
)
refuses('an option that every object has', { toString: 1 }, 'toString', 'there is no such option')

refuses(
  'an unknown lane',
  { lanes: { critcal: { capacity: 5 } } },
  'lanes.critcal',
  /^there is no such lane; did you mean "critical"\?/,
)
refuses(
  'a lane of one’s own without a place',
  { lanes: { cancels: {} } },
  'lanes.cancels',
  'a lane of your own needs a priority from 0 to 15',
)
refuses('another place for a standard lane', low({ priority: 7 }), 'lanes.low.priority', /stay what they are/)
refuses(
  'a place beyond the last',
  { lanes: { cancels: { priority: 15.5 } } },
  'lanes.cancels.priority',
  'expected a number from 0 to 15, got 15.5',
)
refuses(
  'a place that is taken',
  { lanes: { cancels: { priority: 3 } } },
  'lanes.cancels.priority',
  '3 is the place of "critical"',
)
refuses(
  'seventeen lanes',
  { lanes: Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`own${i}`, { priority: i / 13 + 0.01 }])) },
  'lanes',
  /^there are 17 lanes, and 16 at most/,
)
accepts('sixteen lanes', {
  lanes: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`own${i}`, { priority: i / 12 + 0.01 }])),
})
for (const name of ['', 'Own', 'my lane', '1st', 'x'.repeat(33), '__proto__', 'constructor', 'toString']) {
  const lanes = JSON.parse(`{ ${JSON.stringify(name)}: { "priority": 4 } }`) as unknown
  refuses(`a lane called ${JSON.stringify(name)}`, { lanes }, `lanes.${name}`, /^a lane is called by 1 to 32 letters/)
}

refuses(
  'water marks that touch',
  low({ highWater: 0.5, lowWater: 0.5 }),
  'lanes.low',
  'lowWater 0.5 is not below highWater 0.5',
)
refuses(
  'a high water mark below the low one of the preset',
  low({ highWater: 0.1 }),
  'lanes.low',
  'lowWater 0.2 is not below highWater 0.1',
)
refuses(
  'a water mark above the brim',
  low({ highWater: 1.1 }),
  'lanes.low.highWater',
  'expected a number from 0 to 1, got 1.1',
)
accepts('water marks at bottom and brim', low({ highWater: 1, lowWater: 0 }) as ClientConfig)

for (const overflow of ['dropOldest', 'dropNewest', 'conflate'] as const) {
  refuses(
    `a critical lane that may lose by ${overflow}`,
    { lanes: { critical: { overflow } } },
    'lanes.critical.overflow',
    /^an urgent lane loses nothing/,
  )
  refuses(
    `a lane above critical that may lose by ${overflow}`,
    { lanes: { cancels: { priority: 3.5, overflow } } },
    'lanes.cancels.overflow',
    /^an urgent lane loses nothing/,
  )
  accepts(`a lane that sheds and may lose by ${overflow}`, low({ overflow, shed: {} }) as ClientConfig)
}
for (const overflow of ['block', 'reject'] as const) {
  refuses(
    `a lane that sheds and may not lose by ${overflow}`,
    low({ overflow, shed: {} }),
    'lanes.low.shed',
    /^a lane that sheds is one that may lose/,
  )
  refuses(
    `a critical lane that sheds, with ${overflow}`,
    { lanes: { critical: { overflow, shed: {} } } },
    'lanes.critical.shed',
    'an urgent lane never sheds',
  )
}
refuses(
  'no acceptable wait',
  low({ overflow: 'conflate', shed: { targetMs: 0 } }),
  'lanes.low.shed.targetMs',
  /^expected a number from 0.001 to 60,000/,
)
refuses(
  'shedding as a word',
  low({ overflow: 'conflate', shed: true }),
  'lanes.low.shed',
  'expected an object with targetMs and intervalMs, got true',
)

refuses(
  'a route to no lane',
  { routes: [{ pattern: 'a.*', lane: 'hihg' }] },
  'routes',
  '"a.*" goes to lane "hihg", which is not there; did you mean "high"?',
)
refuses('a route without a pattern', { routes: [{ lane: 'high' }] }, 'routes[0].pattern', 'is missing')
refuses(
  'a route with a blank pattern',
  { routes: [{ pattern: ' ', lane: 'high' }] },
  'routes',
  /^Pattern " " is not usable: it is empty or blank/,
)
refuses(
  'a route after one that is wrong, by its own number',
  { routes: [{ pattern: 'a', lane: 'high' }, 5] },
  'routes[1]',
  'expected an object with pattern and lane, got 5',
)
refuses('routes by name', { routes: { 'a.*': 'high' } }, 'routes', /^expected a list of \{ pattern, lane \}/)
accepts('a route to a lane of one’s own', {
  lanes: { cancels: { priority: 4 } },
  routes: [{ pattern: 'orders.cancel.*', lane: 'cancels' }],
})

for (const options of [null, 5, 'fifo', () => {}])
  refuses(`${String(options)} for options`, options, '', /^expected an object, got /)
for (const options of [[], [{ policy: 'fifo' }]])
  refuses(`a list of ${options.length} for options`, options, '', 'expected an object, got a list')
refuses('a list for lanes', { lanes: [{ capacity: 5 }] }, 'lanes', 'expected an object, got a list')
refuses(
  'lanes that hold more than a group',
  { memoryMb: 65_536, lanes: { low: { capacity: 2 ** 24 } } },
  'lanes',
  /^a group holds 16,777,216 messages/,
)

test('all faults are listed at once, each with who said it, and those of values do not hide those of rules', (t) => {
  const options = {
    lanes: {
      critcal: {},
      low: { capacity: 0, overflow: 'dropOldest' },
      critical: { overflow: 'conflate', weight: 0.5 },
    },
    workers: { min: 60 },
    polcy: 'fifo',
    routes: [{ pattern: 'x.*', lane: 'critcal' }, 5, { patern: 'y.*', lane: 'low' }],
  }
  const faults = faultsOf(t, options, { TICKBUS_ENV: 'production', TICKBUS_MEMORY_MB: 'much' })
  t.deepEqual(faults.map(({ path, origin }) => `${path} (${origin})`).sort(), [
    'lanes.critcal (the options)',
    'lanes.critical.overflow (the options)',
    'lanes.critical.weight (the options)',
    'lanes.low.capacity (the options)',
    'memoryMb (TICKBUS_MEMORY_MB)',
    'polcy (the options)',
    'routes[1] (the options)',
    'routes[2].patern (the options)',
    'routes[2].pattern (the options)',
    'workers (the options)',
  ])
})

test('the message has a line for each fault', (t) => {
  const error = t.throws(() => resolveSettings({ ageMs: -1, payloadBytes: 1 }, {}), { instanceOf: TickbusError })
  t.deepEqual(error.message.split('\n'), [
    'The configuration is not usable. Mend all of these, then try again:',
    '  - ageMs (the options): expected a number from 0 to 86,400,000, got -1',
    '  - payloadBytes (the options): expected a whole number from 64 to 16,777,216, got 1',
  ])
})

test('lanes that do not fit into memoryMb are a fault of their own, or one among others', (t) => {
  const lanes: Record<string, LaneConfig> = { low: { capacity: 1_000_000 } }
  const alone = t.throws(() => resolveSettings({ lanes, memoryMb: 100 }, {}), { instanceOf: TickbusError })
  t.is(alone.code, 'TICKBUS_MEMORY_LIMIT')
  t.deepEqual(alone.details, { neededMb: 126, memoryMb: 100 })
  const faults = faultsOf(t, { lanes, memoryMb: 100, ageMs: -1 })
  t.deepEqual(
    faults.map(({ path }) => path),
    ['ageMs', 'memoryMb'],
  )
})

test('a value that is wrong by itself is not judged again in company', (t) => {
  const options = { workers: { min: 60, max: 'many' }, lanes: { low: { highWater: 2, lowWater: 0.9 } } }
  t.deepEqual(
    faultsOf(t, options).map(({ path }) => path),
    ['lanes.low.highWater', 'workers.max'],
  )
})

test('a route that is wrong by itself hides nothing about the others', (t) => {
  const routes = [{ pattern: 'a', lane: 'hihg' }, 5, { pattern: ' ', lane: 'high' }, { pattern: 7, lane: 'lwo' }]
  t.deepEqual(
    faultsOf(t, { routes }).map(({ path, problem }) => `${path}: ${problem}`),
    [
      'routes[1]: expected an object with pattern and lane, got 5',
      'routes[3].pattern: expected a text, got 7',
      'routes: "a" goes to lane "hihg", which is not there; did you mean "high"?',
      'routes: Pattern " " is not usable: it is empty or blank. A pattern is 1 to 255 bytes of text; * stands for any run, ? for one byte.',
    ],
  )
})
