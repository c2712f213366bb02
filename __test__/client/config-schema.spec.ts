import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { fc } from '@fast-check/ava'
import type { ClientConfig } from 'tickbus'
import type { InferInput } from 'valibot'
import { presets } from '../../dist/client/config/index.js'
import { type configSchema, fileSchema } from '../../dist/client/config/schema.js'
import { checkShape } from '../../dist/client/config/shape.js'
import { root, script } from '../house/checkout.js'
import { accepts, type JsonSchema } from './json-schema.js'

const schema = JSON.parse(readFileSync(join(root, 'tickbus.schema.json'), 'utf8')) as JsonSchema
const isSound = (config: unknown): boolean => checkShape(config, fileSchema).faults.length === 0

// Values on the bounds, and now and then one that is beyond them or something else.
const stray = fc.oneof(fc.constantFrom(null, true, '', 'x', 0.5, -1, 1.01, 1_025, 2 ** 24 + 1, [], {}), fc.integer())
const near = (...values: readonly (number | string)[]) =>
  fc.oneof({ weight: 60, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: stray })
const lane = fc.record(
  {
    capacity: near(1, 2, 10_000, 2 ** 24),
    overflow: near('block', 'reject', 'dropOldest', 'dropNewest', 'conflate'),
    timeoutMs: near(0, 0.5, 60_000),
    highWater: near(0, 0.5, 1),
    lowWater: near(0, 0.5, 1),
    weight: near(1, 65_535),
    shed: fc.record({ targetMs: near(0.001, 5), intervalMs: near(100) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
)
const own = fc.oneof(
  { weight: 30, arbitrary: fc.tuple(lane, near(0, 2.5, 15)).map(([lane, priority]) => ({ ...lane, priority })) },
  { weight: 1, arbitrary: lane },
)
const known = fc.record(
  {
    $schema: near('./tickbus.schema.json'),
    preset: near('development', 'production', 'highFrequency'),
    lanes: fc.record({ low: lane, critical: lane, cancels: own, fills: own }, { requiredKeys: [] }),
    policy: near('strict', 'weighted', 'deadline', 'fifo'),
    ageMs: near(0, 86_400_000),
    workers: fc.record({ min: near(1, 1_024), max: near(1, 1_024) }, { requiredKeys: [] }),
    autoscale: fc.oneof(fc.boolean(), stray),
    memoryMb: near(1, 65_536),
    payloadBytes: near(64, 2 ** 24),
    routes: fc.array(fc.record({ pattern: near('a.*'), lane: near('low') }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
)
const config = fc.oneof(
  { weight: 20, arbitrary: known },
  { weight: 1, arbitrary: known.map((config) => ({ ...config, polcy: 'fifo' })) },
)

test('the schema for editors accepts and refuses the same files as the validator', (t) => {
  let sound = 0
  const agree = fc.property(config, (config) => {
    if (isSound(config)) sound += 1
    return accepts(schema, config) === isSound(config)
  })
  fc.assert(agree, { numRuns: 5_000, seed: 20_261_122 })
  t.true(sound > 500 && sound < 4_500, `${sound} of 5,000 were sound`)
})

test('the schema for editors accepts every preset', (t) => {
  for (const preset of Object.values(presets)) t.true(accepts(schema, preset))
})

test('the schema for editors refuses what is not called as a lane is', (t) => {
  t.false(accepts(schema, { lanes: { 'My lane': { priority: 4 } } }))
  t.true(accepts(schema, { lanes: { 'my-lane': { priority: 4 } } }))
})

test('every option is described in the schema for editors', (t) => {
  const undescribed = (part: JsonSchema & { description?: string }, path: string): string[] => {
    const below = Object.entries(part.properties ?? {}).flatMap(([name, inner]) =>
      undescribed(inner, `${path}.${name}`),
    )
    const isLane = /^\.lanes\.\w+$/.test(path)
    return path === '' || isLane || part.description ? below : [path, ...below]
  }
  t.deepEqual(undescribed(schema, ''), [])
})

test('tickbus.schema.json and docs/configuration.md are what the script makes', (t) => {
  const { status, stderr } = script('config-schema.mjs', '--check')
  t.is(status, 0, stderr)
})

test('the types say what the validator takes', (t) => {
  type Given = InferInput<typeof configSchema>
  const asTyped = (config: Omit<ClientConfig, 'lanes'>): Omit<Given, 'lanes'> => config as Omit<Given, 'lanes'>
  const asChecked = (config: Given): ClientConfig => config as ClientConfig
  t.deepEqual([asTyped({}), asChecked({})], [{}, {}])
})
