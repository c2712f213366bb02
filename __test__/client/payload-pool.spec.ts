import { fc } from '@fast-check/ava'
import test from 'ava'
import { MemoryBudget } from '../../dist/client/memory-budget.js'
import { PayloadPool } from '../../dist/client/payload-pool.js'

const MIB = 2 ** 20

test('payloads never overlap, whatever is taken and given back', (t) => {
  const step = fc.record({ bytes: fc.integer({ min: 1, max: 400_000 }), gives: fc.nat(3), nth: fc.nat(100) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const pool = new PayloadPool(new MemoryBudget(64 * MIB))
      const held: { position: number; bytes: number; mark: number }[] = []
      let mark = 0
      const place = (position: number, bytes: number): Uint8Array =>
        pool.views(position).bytes.subarray(pool.offset(position), pool.offset(position) + bytes)
      for (const { bytes, gives, nth } of steps) {
        if (gives === 0 && held.length > 0) pool.give(held.splice(nth % held.length, 1)[0].position)
        const position = pool.take(bytes)
        if (position < 0) continue
        mark = (mark + 1) % 256
        const memory = place(position, bytes)
        t.is(memory.length, bytes)
        t.is(pool.offset(position) % 128, 0)
        memory.fill(mark)
        held.push({ position, bytes, mark })
      }
      for (const { position, bytes, mark } of held) {
        const memory = place(position, bytes)
        t.true(memory[0] === mark && memory[bytes - 1] === mark && memory[bytes >> 1] === mark)
      }
    }),
    { numRuns: 60 },
  )
})

test('what does not fit the budget is refused, and what was given back is there for any size', (t) => {
  const budget = new MemoryBudget(MIB)
  const pool = new PayloadPool(budget)
  const small: number[] = []
  for (let position = pool.take(128); position >= 0; position = pool.take(128)) small.push(position)
  t.is(small.length, MIB / 128)
  t.is(pool.take(200_000), -1)
  for (const position of small) pool.give(position)
  // One page stays with its class.
  t.is(budget.usedBytes, MIB / 4)
  const large = pool.take(500_000)
  t.true(large >= 0)
  pool.give(large)
  pool.clear()
  t.is(budget.usedBytes, 0)
})
