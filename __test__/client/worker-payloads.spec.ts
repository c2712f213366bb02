// What crosses from a publisher to a worker, as bytes.
import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import {
  Bar,
  bytes,
  Codecs,
  Depth,
  Epoch,
  json,
  msgpack,
  type MessageType,
  Quote,
  record,
  topics,
  Trade,
  viewsOf,
} from '../../dist/bus/index.js'
import { PayloadReader } from '../../dist/client/threads/payload-reader.js'
import { PayloadWriter } from '../../dist/client/threads/payload-writer.js'
import { EnvelopeSlab } from '../../dist/client/threads/slab.js'
import { ENVELOPE_BYTES, ENVELOPE_WORD_HEAD, ENVELOPE_WORDS } from '../../dist/layout.js'
import { codeOf } from '../conformance/backends.js'

const epoch = new Epoch(1_700_000_000_000_000_000n)
const schema = topics({
  'small.{n}': record({ price: 'f64', symbol: 'text(12)' }),
  'wide.{n}': record({ price: 'f64', note: 'text(200)' }),
})
const small = schema.typeOf('small.1') as MessageType<unknown>
const wide = schema.typeOf('wide.1') as MessageType<unknown>
const freeForm = msgpack() as MessageType<unknown>

/** A writer and a reader over the same memory; the reader is told of structures when it asks. */
function wire({ slabBytes = 1 << 20, payloadBytes = 1 << 16 } = {}) {
  const envelopes = viewsOf(new SharedArrayBuffer(8 * ENVELOPE_BYTES))
  const slabMemory = new SharedArrayBuffer(slabBytes)
  let announced: readonly (readonly string[])[] = []
  const writer = new PayloadWriter({
    envelopes,
    slab: new EnvelopeSlab(slabMemory, payloadBytes, 8),
    slabMemory,
    epoch,
    payloadBytes,
    announceStructures: (table) => (announced = table),
  })
  const reader = new PayloadReader({
    envelopes,
    slabMemory,
    epoch,
    codecs: new Codecs(schema.records),
    pullDefinitions: () => reader.setStructures(announced),
  })
  const send = (envelope: number, type: MessageType<unknown>, message: unknown, key?: string): number => {
    const flags = writer.write(envelope, 'a', type, message, key)
    envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD] = 3 | (flags << 8)
    return flags
  }
  return { writer, reader, send }
}

const quote = new Quote(1, 2, 3, 4, 5, 6, epoch)
const level = { price: 1.5, size: 2, count: 3 }
const contents: [title: string, type: MessageType<unknown>, message: unknown][] = [
  ['a quote on a free-form topic', freeForm, quote],
  ['a trade on a free-form topic', freeForm, new Trade(1, 2, 'BUYER', 'x1', 5, 6, epoch)],
  ['a bar on a free-form topic', freeForm, new Bar(1, 3, 0.5, 2, 9, 5, 6, epoch)],
  ['a depth on a free-form topic', freeForm, new Depth([level], [level, level], 5, 6, epoch)],
  ['a record in the envelope', small, { price: 0.1, symbol: 'BTC' }],
  ['a record in the slab', wide, { price: 0.1, note: 'é'.repeat(100) }],
  ['an object', freeForm, { id: 'A1', legs: [{ qty: 1 }, { qty: 2n }], at: new Date(5), set: new Set([1]) }],
  ['undefined', freeForm, undefined],
  ['JSON', json() as MessageType<unknown>, { a: [1, null, 'ä'] }],
  ['bytes', bytes() as MessageType<unknown>, new Uint8Array([1, 2, 255])],
  ['no bytes', bytes() as MessageType<unknown>, new Uint8Array(0)],
]

for (const [title, type, message] of contents) {
  for (const key of [undefined, 'k', 'key of 12 by', 'é€𝄞']) {
    test(`${title} arrives equal, ${key === undefined ? 'without a key' : `with the key ${key}`}`, (t) => {
      const { reader, send } = wire()
      // Next to another one, which must not be touched.
      send(3, wide, { price: 7, note: 'before' }, 'other')
      t.not(send(4, type, message, key), 0)
      send(5, wide, { price: 8, note: 'behind' })
      t.deepEqual(reader.message(4), message)
      t.is(reader.key(4), key)
      t.deepEqual([reader.message(3), reader.key(3)], [{ price: 7, note: 'before' }, 'other'])
      t.deepEqual([reader.message(5), reader.key(5)], [{ price: 8, note: 'behind' }, undefined])
    })
  }
}

test('objects of many shapes arrive equal, in whatever order they are read', (t) => {
  const { reader, send } = wire()
  const shapes = Array.from({ length: 8 }, (_, n) => ({ [`field${n}`]: n, [`more${n % 3}`]: 'x' }))
  for (const [n, shape] of shapes.entries()) send(n, freeForm, shape)
  for (const n of [7, 0, 3, 6, 1]) t.deepEqual(reader.message(n), shapes[n])
})

test('bytes that a handler keeps are its own', (t) => {
  const { reader, send } = wire()
  send(0, bytes() as MessageType<unknown>, new Uint8Array([1, 2]))
  const kept = reader.message(0)
  send(0, bytes() as MessageType<unknown>, new Uint8Array([3, 4]))
  reader.message(0)
  t.deepEqual(kept, new Uint8Array([1, 2]))
})

test('a full slab refuses, and takes again what was given back', (t) => {
  const { writer, send, reader } = wire({ slabBytes: 256, payloadBytes: 256 })
  t.not(send(0, freeForm, 'x'.repeat(200)), 0)
  t.is(send(1, freeForm, 'y'), 0)
  t.is(send(1, small, { price: 1, symbol: 'A' }, 'key'), 0)
  t.not(send(1, small, { price: 1, symbol: 'A' }), 0)
  writer.discard(0)
  t.not(send(2, freeForm, 'z'.repeat(200)), 0)
  t.is(reader.message(2), 'z'.repeat(200))
})

test('what cannot be encoded throws with its code, and takes no room', (t) => {
  const { send } = wire({ slabBytes: 256, payloadBytes: 256 })
  const circular: { self?: unknown } = {}
  circular.self = circular
  t.is(
    codeOf(() => send(0, freeForm, { call: () => {} })),
    'TICKBUS_ENCODE',
  )
  t.is(
    codeOf(() => send(0, json() as MessageType<unknown>, circular)),
    'TICKBUS_ENCODE',
  )
  t.is(
    codeOf(() => send(0, bytes() as MessageType<unknown>, 'text')),
    'TICKBUS_ENCODE',
  )
  t.is(
    codeOf(() => send(0, small, { price: 1 })),
    'TICKBUS_RECORD_FIELD',
  )
  t.is(
    codeOf(() => send(0, wide, { price: 1 })),
    'TICKBUS_RECORD_FIELD',
  )
  t.is(
    codeOf(() => send(0, freeForm, 'x'.repeat(257))),
    'TICKBUS_PAYLOAD_SIZE',
  )
  t.not(send(1, freeForm, 'x'.repeat(200)), 0)
})

testProp('any JSON value arrives equal in either format', [fc.jsonValue(), fc.string()], (t, value, key) => {
  const { reader, send } = wire()
  const text = JSON.stringify(value)
  send(0, json() as MessageType<unknown>, value, key)
  send(1, freeForm, value, key)
  t.deepEqual(reader.message(0), JSON.parse(text))
  t.is(JSON.stringify(reader.message(1)), text.replaceAll('"__proto__":', '"__proto_":'))
})

test('a field named __proto__ arrives as __proto_ in MessagePack: nobody gives a message another prototype', (t) => {
  const { reader, send } = wire()
  send(0, freeForm, JSON.parse('{"a":1,"__proto__":{"isAdmin":true}}'))
  t.is(JSON.stringify(reader.message(0)), '{"a":1,"__proto_":{"isAdmin":true}}')
})

test('messages of any length are read whole, and nothing of the ones before', (t) => {
  const { reader, send, writer } = wire()
  for (const length of [...Array.from({ length: 300 }, (_, i) => i), 4_000, 4_096, 9_000, 100, 5_000, 3]) {
    const message = { text: 'é'.repeat(length >> 1), bytes: new Uint8Array(length).fill(length), after: length }
    send(1, freeForm, message, 'k'.repeat(length % 17))
    t.deepEqual(reader.message(1), message)
    send(1, json() as MessageType<unknown>, { text: message.text })
    t.deepEqual(reader.message(1), { text: message.text })
    writer.discard(1)
  }
})
