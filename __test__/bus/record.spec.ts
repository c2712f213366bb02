// Records of one's own, as bytes: random layouts and values, in memory that held something else before.
import test from 'ava'
import { fc } from '@fast-check/ava'
import { Epoch, type Fields, type FieldType, record, topics, viewsOf } from '../../dist/bus/index.js'
import { codeOf } from '../conformance/backends.js'

const epoch = new Epoch(1_700_000_000_000_000_000n)
const whole = (min: number, max: number) => fc.oneof(fc.integer({ min, max }), fc.constantFrom(0, min, max))
const big = (min: bigint, max: bigint) => fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max))
const reach = 2n ** 53n - 1n

/** What each type can hold, and what it cannot. */
const kinds: Record<string, { good: fc.Arbitrary<unknown>; bad: readonly unknown[] }> = {
  f64: { good: fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, 2 ** 53)), bad: ['1', 1n, null, undefined] },
  i8: { good: whole(-128, 127), bad: [128, -129, 0.5, NaN, '1', 1n] },
  i16: { good: whole(-32_768, 32_767), bad: [32_768, -32_769, Infinity] },
  i32: { good: whole(-(2 ** 31), 2 ** 31 - 1), bad: [2 ** 31, -(2 ** 31) - 1, 0.5, null] },
  u8: { good: whole(0, 255), bad: [256, -1, true] },
  u16: { good: whole(0, 65_535), bad: [65_536, -1, 0.1] },
  u32: { good: whole(0, 2 ** 32 - 1), bad: [2 ** 32, -1, Symbol('s'), {}] },
  i64: { good: big(-(2n ** 63n), 2n ** 63n - 1n), bad: [2n ** 63n, -(2n ** 63n) - 1n, 1, '1'] },
  u64: { good: big(0n, 2n ** 64n - 1n), bad: [2n ** 64n, -1n, 0] },
  bool: { good: fc.boolean(), bad: [1, 'true', undefined] },
  ns: { good: big(epoch.unixNs - reach, epoch.unixNs + reach), bad: [1, undefined] },
  'text(1)': { good: fc.constantFrom('', 'a', '\0'), bad: ['ab', 'é', '\ud800', 5] },
  'text(12)': { good: text(12), bad: ['x'.repeat(13), 'é'.repeat(7), 'a\udc00', null] },
  'text(255)': { good: text(255), bad: ['x'.repeat(256), ['x']] },
}

function text(most: number): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme', maxLength: most }).filter((value) => Buffer.byteLength(value) <= most)
}

const name = fc.oneof(
  fc.stringMatching(/^[a-z]{1,3}$/),
  fc.constantFrom('tsEvent', 'tsInit', 'constructor', 'at', 'epoch', 'field0'),
)
const layout = fc
  .dictionary(name, fc.constantFrom(...Object.keys(kinds)), { minKeys: 1, maxKeys: 12 })
  .map((fields) => ({ ...fields }) as Record<string, FieldType>)

const codecOf = (fields: Fields) => topics({ a: record(fields) }).typeOf('a').codec!

/** Memory in which every byte says something already, as in a ring. */
function used(bytes: number) {
  const views = viewsOf(new ArrayBuffer(bytes))
  views.bytes.fill(0xa5)
  return views
}

test('records come out as they went in, whatever their layout, and write nothing else', (t) => {
  const pair = layout.chain((fields) =>
    fc.tuple(
      fc.constant(fields),
      fc.record(Object.fromEntries(Object.entries(fields).map(([key, type]) => [key, kinds[type]!.good]))),
    ),
  )
  fc.assert(
    fc.property(pair, fc.integer({ min: 0, max: 3 }), ([fields, message], at) => {
      const codec = codecOf(fields)
      const bytes = codec.slabBytes === 0 ? 56 : codec.slabBytes
      const views = used(8 * (at + 1) + bytes + 64)
      const head = codec.write(views, at, message, epoch)
      const outside = [...views.bytes.subarray(0, 8 * (at + 1)), ...views.bytes.subarray(8 * (at + 1) + bytes)]
      t.true(outside.every((byte) => byte === 0xa5))
      const read = codec.read(views, at, epoch, head)
      t.deepEqual(read, { ...message })
      t.deepEqual(Object.keys(read as object), Object.keys(fields))
    }),
    { numRuns: 300 },
  )
})

test('fields lie apart and aligned, and as close as they can', (t) => {
  fc.assert(
    fc.property(layout, (fields) => {
      const places = topics({ a: record(fields) }).toData()[0]!.fields!
      const size = (type: FieldType) => (type.startsWith('text') ? 1 + Number(type.slice(5, -1)) : sizes[type]!)
      const sorted = places.toSorted((a, b) => a.offset - b.offset)
      let end = 0
      for (const { type, offset } of sorted) {
        t.is(offset, end)
        if (!type.startsWith('text')) t.is(offset % sizes[type]!, 0)
        end += size(type)
      }
      t.is(codecOf(fields).slabBytes, end <= 56 ? 0 : Math.ceil(end / 8) * 8)
    }),
    { numRuns: 200 },
  )
})

test('a value that a field cannot hold is refused before anything is written', (t) => {
  for (const [type, { bad }] of Object.entries(kinds)) {
    const codec = codecOf({ first: 'f64', last: type as FieldType })
    for (const last of bad) {
      const views = used(512)
      t.is(
        codeOf(() => codec.write(views, 0, { first: 1, last }, epoch)),
        'TICKBUS_RECORD_FIELD',
        `${type} ${String(last)}`,
      )
      t.true(views.bytes.every((byte) => byte === 0xa5))
    }
  }
  const timed = codecOf({ at: 'ns' })
  for (const at of [epoch.unixNs + reach + 1n, epoch.unixNs - reach - 1n]) {
    t.is(
      codeOf(() => timed.write(used(64), 0, { at }, epoch)),
      'TICKBUS_RECORD_TIME',
    )
  }
  for (const message of [null, undefined, 5, 'text']) {
    t.is(
      codeOf(() => timed.write(used(64), 0, message, epoch)),
      'TICKBUS_RECORD_FIELD',
    )
  }
})

test('reading torn bytes never throws, and reads nothing beyond the record', (t) => {
  const fields = Object.fromEntries(Object.keys(kinds).map((type, i) => [`f${i}`, type])) as Fields
  const codec = codecOf(fields)
  fc.assert(
    fc.property(fc.uint8Array({ minLength: codec.slabBytes, maxLength: codec.slabBytes }), (torn) => {
      const views = viewsOf(new ArrayBuffer(8 + codec.slabBytes))
      views.bytes.set(torn, 8)
      const read = codec.read(views, 0, epoch, 0) as Record<string, unknown>
      for (const [name, type] of Object.entries(fields)) {
        if (type.startsWith('text')) t.true((read[name] as string).length <= Number(type.slice(5, -1)))
      }
    }),
    { numRuns: 100 },
  )
})

const sizes: Record<string, number> = {
  f64: 8,
  i64: 8,
  u64: 8,
  ns: 8,
  i32: 4,
  u32: 4,
  i16: 2,
  u16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
}
