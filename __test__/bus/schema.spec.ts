import test from 'ava'
import { fc } from '@fast-check/ava'
import {
  bar,
  type Definition,
  depth,
  json,
  type MessageType,
  msgpack,
  Priority,
  quote,
  record,
  Schema,
  topics,
  trade,
} from '../../dist/bus/index.js'
import { codeOf } from '../conformance/backends.js'

const refusal = (definition: unknown): string => codeOf(() => topics(definition as Definition))

test('malformed templates are refused', (t) => {
  const bad = [
    '',
    ' ',
    '.',
    'a.',
    '.a',
    'a..b',
    '{a',
    'a}',
    '{}',
    '{a b}',
    '{{a}}',
    'x{a}',
    '{a}x',
    '{a}{b}',
    'a.*',
    'a.?',
    '{*}',
    '{a}.{a}',
    'x.{a}.y.{a}',
    '\ud800',
    'a.\udc00.b',
    'x'.repeat(256),
    'é'.repeat(128),
  ]
  for (const template of bad) t.is(refusal({ [template]: quote() }), 'TICKBUS_SCHEMA', template)
})

test('hostile and long names are ordinary', (t) => {
  const names = [
    '__proto__',
    'constructor',
    'toString.{__proto__}',
    'hasOwnProperty',
    'x'.repeat(255),
    'é'.repeat(127),
    '😀',
  ]
  const schema = topics(Object.fromEntries(names.map((name) => [name, trade()])))
  for (const name of ['__proto__', 'constructor', 'toString.x', 'hasOwnProperty', 'x'.repeat(255), '😀']) {
    t.is(schema.typeOf(name).kind, 'trade', name)
  }
  for (const name of ['valueOf', 'toString', 'toString.', 'x'.repeat(254), 'constructor.x']) {
    t.is(schema.typeOf(name).kind, 'msgpack', name)
  }
})

test('two templates that fit the same topics are refused', (t) => {
  t.is(refusal({ 'a.{x}': quote(), 'a.{y}': trade() }), 'TICKBUS_SCHEMA')
  t.is(refusal({ '{x}.b.{z}': quote(), '{y}.b.{x}': quote() }), 'TICKBUS_SCHEMA')
  t.is(refusal({ 'a.{x}': quote(), 'a.{x}.{y}': trade(), 'a.b': bar() }), 'nothing was thrown')
})

test('what is no message type is refused', (t) => {
  for (const type of [undefined, null, 'quote', quote, {}, { kind: 'quote', options: {} }, topics({})]) {
    t.is(refusal({ a: type }), 'TICKBUS_SCHEMA')
  }
  for (const definition of [undefined, null, 5, 'a']) t.is(refusal(definition), 'TICKBUS_ARGUMENT')
})

test('options of any type are refused if they are unknown or wrong', (t) => {
  const bad: unknown[] = [
    5,
    null,
    'wait',
    { lane: 1 },
    { slowReader: 'block' },
    { replay: 'all' },
    { replay: true },
    { delivery: 'maybe' },
    { priority: 4 },
    { priority: -1 },
    { priority: 0.5 },
    { priority: 'HIGH' },
    { key: 'id' },
    { key: true },
    JSON.parse('{ "__proto__": 1 }'),
  ]
  const types = [quote, trade, bar, depth, json, msgpack, (options: object) => record({ a: 'f64' }, options)]
  for (const make of types) {
    for (const options of bad) t.is(refusal({ a: make(options as object) }), 'TICKBUS_SCHEMA', JSON.stringify(options))
    const all = {
      slowReader: 'wait',
      replay: 'last',
      delivery: 'effectively-once',
      priority: 0,
      key: () => '',
    } as const
    t.is(refusal({ a: make(all), b: make({}) }), 'nothing was thrown')
  }
})

test('fields of a record that are unknown, odd or too many are refused', (t) => {
  const bad: unknown[] = [
    undefined,
    null,
    'f64',
    {},
    { a: 'float' },
    { a: 8 },
    { a: 'text' },
    { a: 'text(0)' },
    { a: 'text(256)' },
    { a: 'text(08)' },
    { a: 'text(1.5)' },
    { '': 'f64' },
    { 'a b': 'f64' },
    { '1a': 'f64' },
    { 'a-b': 'f64' },
    { "a'": 'f64' },
    { 'a;throw 1': 'f64' },
    { 'a\u2028': 'f64' },
    { é: 'f64' },
    JSON.parse('{ "__proto__": "f64" }'),
    Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`a${i}`, 'u8'])),
  ]
  for (const fields of bad)
    t.is(refusal({ a: record(fields as { a: 'f64' }) }), 'TICKBUS_SCHEMA', JSON.stringify(fields))
  const good = {
    constructor: 'u8',
    class: 'u8',
    $: 'u8',
    _: 'text(255)',
    a: 'text(1)',
    at: 'ns',
    epoch: 'i64',
  } as const
  t.is(refusal({ a: record(good) }), 'nothing was thrown')
})

test('as data a schema has no functions, one order, and comes back the same', (t) => {
  const fields = { at: 'ns', tsInit: 'ns', n: 'u8', tsEvent: 'ns', price: 'f64', name: 'text(12)' } as const
  const options = { priority: Priority.HIGH, slowReader: 'wait', key: () => 'x' } as const
  const schema = topics({
    'b.{x}': record(fields, options),
    'a.{x}': json({ delivery: 'at-least-once', replay: 'last' }),
    c: record(fields),
  })
  const data = schema.toData()
  t.deepEqual(structuredClone(data), data)
  t.deepEqual(
    data.map(({ template, kind, hasKey }) => [template, kind, hasKey]),
    [
      ['a.{x}', 'json', false],
      ['b.{x}', 'record', true],
      ['c', 'record', false],
    ],
  )
  t.deepEqual(data[1]!.options, { slowReader: 'wait', priority: 2 })
  t.deepEqual(Object.fromEntries(data[1]!.fields!.map(({ name, offset }) => [name, offset])), {
    tsEvent: 0,
    tsInit: 8,
    at: 16,
    price: 24,
    n: 32,
    name: 33,
  })
  const other = Schema.fromData(structuredClone(data))
  t.is(JSON.stringify(other.toData()), JSON.stringify(data))
  t.like(other.typeOf('b.1'), { kind: 'record', hasKey: true, fields, codec: { slabBytes: 0 } })
  t.deepEqual(Object.keys(schema.definition).sort(), ['a.{x}', 'b.{x}', 'c'])
  t.is(other.typeOf('b.1').codec, other.typeOf('c').codec, 'equal layouts share a codec')
  const shuffled = topics({
    c: record(fields),
    'b.{x}': record(fields, { key: options.key, slowReader: 'wait', priority: Priority.HIGH }),
    'a.{x}': json({ replay: 'last', delivery: 'at-least-once' }),
  })
  t.is(JSON.stringify(shuffled.toData()), JSON.stringify(data))
})

const word = fc.constantFrom('a', 'b', 'c')
const template = fc
  .array(fc.oneof(word, fc.constant('{}')), { minLength: 1, maxLength: 5 })
  .map((segments) => segments.map((segment, i) => (segment === '{}' ? `{p${i}}` : segment)).join('.'))
const topic = fc.array(fc.oneof(word, fc.constantFrom('', 'd')), { minLength: 1, maxLength: 7 }).map((s) => s.join('.'))

test('a topic has the type of the most specific template, as if all were tried one by one', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(template, { maxLength: 20 }), fc.array(topic, { maxLength: 20 }), (templates, names) => {
      const types = new Map<string, MessageType<unknown>>(templates.map((text) => [text, json()]))
      const schema = topics(Object.fromEntries(types))
      for (const name of names) {
        const [first] = templates.filter((text) => fits(text, name)).sort(bySpecificity)
        const found = schema.typeOf(name)
        if (first === undefined) t.is(found.kind, 'msgpack', name)
        else t.is(found, types.get(first)!, name)
      }
    }),
    { numRuns: 500 },
  )
})

/** As the documentation of `topics` says it. */
function fits(text: string, name: string): boolean {
  const segments = text.split('.').map((segment) => segment.replace(/^\{.*\}$/, '[^.]+'))
  if (segments.at(-1) === '[^.]+') segments[segments.length - 1] = '(.+)'
  return new RegExp(`^${segments.join('\\.')}$`).test(name)
}

function bySpecificity(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')]
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = Number(left[i]!.startsWith('{')) - Number(right[i]!.startsWith('{'))
    if (difference !== 0) return difference
  }
  return right.length - left.length
}
