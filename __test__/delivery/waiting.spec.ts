/** Who waits for what was handed over together is answered together, and neither earlier nor for others. */
import test from 'ava'
import { fc } from '@fast-check/ava'
import { Waiting } from '../../dist/delivery/journal/waiting.js'
import { backends, message, open, scratch } from './journals.js'

const FAULT = new Error('in doubt')

/** As the journal does: joins a group, or begins one. */
function until(waiting: Waiting, sequence: number): Promise<void> {
  return waiting.joined(sequence) ?? waiting.begun(sequence)
}

test('what goes together shares a promise; what was handed over does not wait for what comes later', async (t) => {
  const waiting = new Waiting()
  waiting.handOver(0)
  const first = until(waiting, 1)
  t.is(until(waiting, 3), first)
  t.is(until(waiting, 2), first)
  waiting.handOver(3)
  const second = until(waiting, 5)
  t.not(second, first)
  t.is(until(waiting, 1), first, 'asked again')
  const late = until(waiting, 4)
  t.is(late, second, 'not handed over yet')
  t.is(waiting.size, 2)
  waiting.settle(2, () => undefined)
  t.is(waiting.size, 2, 'the batch is not whole')
  waiting.settle(3, () => undefined)
  await first
  t.is(waiting.next, 5)
})

test('a fault is told to the groups that it concerns, and asked again to each one by itself', async (t) => {
  const waiting = new Waiting()
  waiting.handOver(0)
  const faultOf = (from: number, to: number) => (from <= 3 && to >= 3 ? FAULT : undefined)
  const together = [2, 4].map((sequence) => until(waiting, sequence))
  waiting.handOver(4)
  const next = until(waiting, 5)
  waiting.settle(5, faultOf)
  for (const promise of together) await t.throwsAsync(promise, { is: FAULT })
  await next
  const again = [2, 3, 4].map((sequence) => until(waiting, sequence))
  waiting.settle(5, faultOf)
  const outcomes = await Promise.allSettled(again)
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('in whatever order they ask, nobody is answered too early, or later than his batch', async (t) => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('wait' as const), back: fc.nat(12) }),
    fc.record({ kind: fc.constantFrom('hand' as const, 'write' as const) }),
  )
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    const waiting = new Waiting()
    waiting.handOver(0)
    let [appended, handed, written] = [0, 0, 0]
    const batchEnds: number[] = []
    const open = new Map<number, number>()
    let asked = 0
    for (const one of steps) {
      if (one.kind === 'append') appended += one.count
      else if (one.kind === 'wait' && appended - one.back > 0) {
        const [id, sequence] = [asked++, appended - one.back]
        open.set(id, sequence)
        void until(waiting, sequence).then(() => {
          t.true(sequence <= written, 'too early')
          open.delete(id)
        })
      } else if (one.kind === 'hand' && appended > handed) {
        handed = appended
        batchEnds.push(handed)
        waiting.handOver(handed)
      } else if (one.kind === 'write' && batchEnds.length > 0) {
        written = batchEnds.shift()!
      }
      waiting.settle(written, () => undefined)
      await new Promise((resolve) => setImmediate(resolve))
      for (const sequence of open.values()) t.true(sequence > written, 'too late')
    }
  })
  await fc.assert(property, { numRuns: 60 })
})

for (const backend of backends) {
  test(`messages of one turn cost one promise and have one time, whatever their topics [${backend}]`, async (t) => {
    const journal = await open(t, scratch(t), { backend })
    const before = BigInt(Date.now() - 1) * 1_000_000n
    // More topics than are remembered as bytes, with some that are longer in UTF-8.
    const topics = Array.from({ length: 5_000 }, (_, number) => `orders.${number % 9 === 0 ? 'Ä€𝄞' : 'A'}.${number}`)
    const early = topics.map((topic) => journal.append({ topic, payload: new Uint8Array(3) })!)
    const told = journal.written(early.at(-1)!)
    t.is(journal.written(early.at(-1)!), told)
    const another = journal.append(message(1))!
    t.is(journal.written(another), told)
    journal.flush()
    const later = journal.written(journal.append(message(2))!)
    t.not(later, told)
    await later
    const records = [...journal.read()]
    t.deepEqual(
      records.slice(0, 5_000).map(({ message: { topic } }) => topic),
      topics,
    )
    const after = BigInt(Date.now() + 1) * 1_000_000n
    const times = records.map(({ timeNs }) => timeNs)
    t.true(times.every((time, place) => time >= before && time <= after && (place === 0 || time >= times[place - 1])))
    t.is(times[5_000], times[4_999])
  })
}
