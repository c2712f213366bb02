// The slab of worker groups on the JavaScript backend.
import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import { BuddySlab, EnvelopeSlab } from '../../dist/client/threads/slab.js'

const LARGEST = 4096

/** The power of two that a block of so many bytes takes. */
const blockOf = (bytes: number) => Math.max(64, 2 ** Math.ceil(Math.log2(bytes)))

testProp(
  'blocks in use never overlap, and all memory comes back whole',
  [fc.array(fc.record({ bytes: fc.integer({ min: 1, max: LARGEST }), frees: fc.nat() }), { maxLength: 200 })],
  (t, steps) => {
    const memory = new SharedArrayBuffer(4 * LARGEST)
    const slab = new BuddySlab(memory, LARGEST)
    const used: { from: number; to: number }[] = []
    for (const { bytes, frees } of steps) {
      const taken = slab.alloc(bytes)
      if (taken > 0) {
        const block = { from: taken - 1, to: taken - 1 + blockOf(bytes) }
        t.true(block.to <= memory.byteLength)
        t.false(used.some(({ from, to }) => block.from < to && from < block.to))
        new Uint8Array(memory).fill(0xff, block.from, block.to)
        used.push(block)
      }
      if ((taken === 0 || frees % 3 === 0) && used.length > 0) slab.free(used.splice(frees % used.length, 1)[0]!.from)
    }
    for (const { from } of used) slab.free(from)
    t.deepEqual(
      Array.from({ length: 5 }, () => slab.alloc(LARGEST) > 0),
      [true, true, true, true, false],
    )
  },
)

test('what is larger than the largest block, or does not fit, gets nothing', (t) => {
  const slab = new BuddySlab(new SharedArrayBuffer(LARGEST), LARGEST)
  t.is(slab.alloc(LARGEST + 1), 0)
  t.is(slab.alloc(LARGEST), 1)
  t.is(slab.alloc(1), 0)
  slab.free(0)
  t.is(slab.alloc(1), 1)
})

test('to free what is not in use changes nothing', (t) => {
  const slab = new BuddySlab(new SharedArrayBuffer(LARGEST), LARGEST)
  slab.free(64)
  slab.alloc(64)
  slab.free(64)
  slab.free(8)
  slab.free(0)
  slab.free(0)
  t.is(slab.alloc(LARGEST), 1)
})

test('an envelope has one block: a second one takes the place of the first', (t) => {
  const slab = new EnvelopeSlab(new SharedArrayBuffer(LARGEST), LARGEST, 2)
  t.is(slab.alloc(0, LARGEST), 1)
  t.is(slab.alloc(0, LARGEST), 1)
  t.is(slab.alloc(1, 64), 0)
  t.is(slab.alloc(0, 0), 0)
  t.is(slab.alloc(1, 64), 1)
  t.is(slab.alloc(0, 64), 64 / 8 + 1)
})
