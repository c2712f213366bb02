import test from 'ava'
import * as fc from 'fast-check'
import { queueingOf, readQueued, termsOf, writeQueued } from '../../dist/workers/queued-message.js'

const queueing = fc.record({
  priority: fc.integer({ min: -1, max: 15 }),
  // Half of a surrogate pair is a key of its own.
  key: fc.option(
    fc.string({ unit: 'binary' }).chain((text) => fc.constantFrom(text, `${text}\uD800`)),
    { nil: undefined },
  ),
  expiresNs: fc.oneof(fc.constant(-1), fc.double({ min: 0, max: 2 ** 53, noNaN: true })),
  id: fc.maxSafeNat(),
})

test('what a publisher said comes out as it went in, and the message behind it', (t) => {
  fc.assert(
    fc.property(queueing, fc.nat(2 ** 32 - 1), fc.uint8Array(), (said, head, content) => {
      const read = readQueued(writeQueued(said, head, content))
      t.deepEqual(read.queueing, said)
      t.is(read.head, head)
      t.deepEqual(new Uint8Array(read.content), content)
    }),
  )
})

test('a deadline is a length of time here and there, and an instant on the way', (t) => {
  const terms = { priority: -1, key: undefined, deadlineMs: 5, id: 1 }
  const said = queueingOf(terms, () => 1e9)!
  t.is(said.expiresNs, 1.005e9)
  t.is(termsOf(said, () => 1.002e9).deadlineMs, 3)
  t.is(termsOf(said, () => 2e9).deadlineMs, 0)
  t.is(
    queueingOf({ ...terms, deadlineMs: -1 }, () => 1e9),
    undefined,
  )
  t.is(termsOf({ ...said, expiresNs: -1 }, () => 2e9).deadlineMs, -1)
})
