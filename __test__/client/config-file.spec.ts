import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type ClientConfig, loadConfig, TickbusError } from 'tickbus'
import { resolveSettings } from '../../dist/client/config/index.js'
import { checkout } from '../house/checkout.js'

const json = (t: ExecutionContext, config: unknown): string =>
  checkout(t, { 'tickbus.config.json': typeof config === 'string' ? config : JSON.stringify(config) })

/** The error of a load that must fail. */
async function failure(t: ExecutionContext, loading: Promise<unknown>): Promise<TickbusError> {
  return t.throwsAsync(loading, { instanceOf: TickbusError }) as Promise<TickbusError>
}

test('without a file, what is loaded is what the environment says', async (t) => {
  const cwd = checkout(t, { 'package.json': '{}' })
  t.deepEqual(await loadConfig({ cwd, env: {} }), { preset: 'development' })
  t.deepEqual(await loadConfig({ cwd, env: { TICKBUS_ENV: 'hft', TICKBUS_WORKERS_MAX: '12' } }), {
    preset: 'highFrequency',
    workers: { max: 12 },
  })
})

for (const [file, text] of [
  ['tickbus.config.json', '{ "$schema": "./tickbus.schema.json", "lanes": { "low": { "capacity": 5 } } }'],
  ['tickbus.config.mjs', 'const capacity = 2 + 3\nexport default { lanes: { low: { capacity } } }'],
] as const) {
  test(`${file} is found and read`, async (t) => {
    const cwd = checkout(t, { [file]: text })
    t.deepEqual(await loadConfig({ cwd, env: {} }), { preset: 'development', lanes: { low: { capacity: 5 } } })
  })
}

test('options win over the environment, the environment over the file, the file over the preset', async (t) => {
  const file: ClientConfig = {
    preset: 'production',
    policy: 'weighted',
    memoryMb: 100,
    workers: { min: 2, max: 5 },
    lanes: { low: { capacity: 7, weight: 3 } },
  }
  const env = { TICKBUS_POLICY: 'deadline', TICKBUS_WORKERS_MAX: '9', TICKBUS_MEMORY_MB: '200' }
  const options: ClientConfig = { memoryMb: 300, lanes: { low: { capacity: 8 } } }
  const config = await loadConfig({ cwd: json(t, file), env, options })
  t.deepEqual(config, {
    preset: 'production',
    policy: 'deadline',
    memoryMb: 300,
    workers: { min: 2, max: 9 },
    lanes: { low: { capacity: 8, weight: 3 } },
  })
  t.is(resolveSettings(config, {}).lanes[0]!.overflow, 'dropOldest')
})

test('TICKBUS_ENV wins over the preset of the file, options over both', async (t) => {
  const cwd = json(t, { preset: 'production' })
  t.is((await loadConfig({ cwd, env: { TICKBUS_ENV: 'hft' } })).preset, 'highFrequency')
  t.is(
    (await loadConfig({ cwd, env: { TICKBUS_ENV: 'hft' }, options: { preset: 'development' } })).preset,
    'development',
  )
})

test('what was loaded opens a client with the same settings, whatever the environment says then', async (t) => {
  const cwd = json(t, { policy: 'fifo' })
  const config = await loadConfig({ cwd, env: { TICKBUS_ENV: 'production', TICKBUS_WORKERS_MIN: '3' } })
  const { preset, policy, workers } = resolveSettings(config, { TICKBUS_ENV: 'hft', TICKBUS_WORKERS_MIN: '9' })
  t.deepEqual({ preset, policy, workers }, { preset: 'production', policy: 'fifo', workers: { min: 3, max: 20 } })
})

test('routes of the options come before those of the file', async (t) => {
  const cwd = json(t, { routes: [{ pattern: 'file.*', lane: 'low' }] })
  const { routes } = await loadConfig({ cwd, env: {}, options: { routes: [{ pattern: 'code.*', lane: 'high' }] } })
  t.deepEqual(
    routes?.map(({ pattern }) => pattern),
    ['code.*', 'file.*'],
  )
})

test('faults of file, environment and options come together, each with its place', async (t) => {
  const cwd = json(t, { lanes: { low: { capacty: 5 } }, workers: { min: 40 } })
  const loading = loadConfig({ cwd, env: { TICKBUS_MEMORY_MB: 'all' }, options: { ageMs: -1, workers: { max: 30 } } })
  const { code, details } = await failure(t, loading)
  t.is(code, 'TICKBUS_CONFIG')
  const file = join(cwd, 'tickbus.config.json')
  const faults = details['faults'] as { path: string; origin: string; problem: string }[]
  t.deepEqual(
    faults.map(({ path, origin }) => [path, origin]),
    [
      ['lanes.low.capacty', file],
      ['memoryMb', 'TICKBUS_MEMORY_MB'],
      ['ageMs', 'the options'],
      ['workers', 'the options'],
    ],
  )
  t.is(faults[3]!.problem, `min 40 (${file}) is more than max 30 (the options)`)
})

test('a route that goes nowhere is blamed on who made it, not on who made another', async (t) => {
  const cwd = json(t, { routes: [{ pattern: 'a', lane: 'hihg' }] })
  const loading = loadConfig({ cwd, env: {}, options: { routes: [{ pattern: 'b', lane: 'high' }] } })
  const faults = (await failure(t, loading)).details['faults'] as { origin: string }[]
  t.deepEqual(
    faults.map(({ origin }) => origin),
    [join(cwd, 'tickbus.config.json')],
  )
})

test('$schema is for files: code that says it is told so', async (t) => {
  const { code } = await failure(t, loadConfig({ env: {}, options: { $schema: 'x' } as ClientConfig }))
  t.is(code, 'TICKBUS_CONFIG')
})

for (const [what, files, reason] of [
  ['no JSON', { 'tickbus.config.json': '{ "policy": }' }, /JSON/],
  ['a folder', { 'tickbus.config.json/x': '' }, /EISDIR/],
  ['a module that throws', { 'tickbus.config.mjs': "throw new Error('no licence')" }, /no licence/],
  ['a module with a syntax error', { 'tickbus.config.mjs': 'export default {' }, /end of input|Unexpected/],
  ['a module without a default export', { 'tickbus.config.mjs': "export const policy = 'fifo'" }, /no default export/],
  ['two files', { 'tickbus.config.mjs': 'export default {}', 'tickbus.config.json': '{}' }, /lies beside it/],
] as const) {
  test(`the file is refused by name: ${what}`, async (t) => {
    const cwd = checkout(t, files)
    const { code, details, message } = await failure(t, loadConfig({ cwd, env: {} }))
    t.is(code, 'TICKBUS_CONFIG_FILE')
    t.true(message.includes(join(cwd, 'tickbus.config.')), message)
    t.regex(details['reason'] as string, reason)
  })
}

test('a file that holds no object is refused', async (t) => {
  const { code, message } = await failure(t, loadConfig({ cwd: json(t, '"fifo"'), env: {} }))
  t.is(code, 'TICKBUS_CONFIG')
  t.regex(message, /tickbus\.config\.json: expected an object, got "fifo"/)
})

test('a folder that is not there is refused', async (t) => {
  t.is((await failure(t, loadConfig({ cwd: '/no/such/folder', env: {} }))).code, 'TICKBUS_ARGUMENT')
})
