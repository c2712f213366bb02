/** Whatever is appended, acknowledged, rolled over and killed: what is recovered is what a model has kept. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { fc } from '@fast-check/ava'
import { Journal } from 'tickbus'
import { backends, message, numberOf, scratch } from './journals.js'

type Step =
  | { kind: 'append'; sizes: number[] }
  | { kind: 'acknowledge'; consumer: string; places: number[] }
  | { kind: 'through'; consumer: string; place: number }
  | { kind: 'attempt'; consumer: string; place: number; attempts: number }
  | { kind: 'retain' | 'reopen' | 'kill' }

const consumer = fc.constantFrom('exec', 'audit')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      sizes: fc.array(fc.integer({ min: 4, max: 900 }), { maxLength: 12 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('acknowledge' as const),
      consumer,
      places: fc.array(fc.nat(40), { maxLength: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('through' as const), consumer, place: fc.nat(40) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('attempt' as const),
      consumer,
      place: fc.nat(40),
      attempts: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('retain' as const, 'reopen' as const, 'kill' as const) }) },
)

/** What one consumer has to see after a restart. */
class Model {
  readonly pending = new Map<number, { number: number; attempts: number }>()
}

for (const backend of backends) {
  test(`what is recovered is what the model has kept [${backend}]`, async (t) => {
    t.timeout(300_000, 'opens journals a few hundred times')
    const root = scratch(t)
    let run = 0
    const endMs = performance.now() + 60_000
    const property = fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      // Where others load the machine fewer runs have to do; an interrupt would leave one under way.
      if (performance.now() > endMs) return
      let directory = join(root, String(run++))
      const options = { backend, sync: 'os' as const, segmentBytes: 4_096 }
      let journal = await Journal.open(directory, options)
      const models = new Map([
        ['exec', new Model()],
        ['audit', new Model()],
      ])
      for (const name of models.keys()) journal.addConsumer(name)
      let number = 0
      let highest = 0
      for (const one of [...steps, { kind: 'reopen' } as const, { kind: 'kill' } as const]) {
        if (one.kind === 'append') {
          for (const size of one.sizes) {
            const sequence = journal.append(message(number, size))!
            t.true(sequence > highest, 'a sequence was given twice')
            highest = sequence
            for (const { pending } of models.values()) pending.set(sequence, { number, attempts: 0 })
            number += 1
          }
        } else if (one.kind === 'acknowledge') {
          const { pending } = models.get(one.consumer)!
          const sequences = [...pending.keys()]
          for (const sequence of one.places.map((place) => sequences[place])) {
            if (sequence !== undefined) t.is(journal.acknowledge(one.consumer, sequence), pending.delete(sequence))
          }
        } else if (one.kind === 'through') {
          const { pending } = models.get(one.consumer)!
          const sequence = [...pending.keys()][one.place]
          if (sequence !== undefined) t.true(journal.acknowledgeThrough(one.consumer, sequence))
          for (const earlier of pending.keys()) if (earlier <= (sequence ?? 0)) pending.delete(earlier)
        } else if (one.kind === 'attempt') {
          const entry = [...models.get(one.consumer)!.pending][one.place]
          if (entry !== undefined) {
            journal.attempted(one.consumer, entry[0], one.attempts)
            entry[1].attempts = one.attempts
          }
        } else if (one.kind === 'retain') {
          await journal.retain()
        } else {
          await journal.sync()
          const copy = `${directory}-`
          // The files of a moment at which all was written are what a kill leaves.
          if (one.kind === 'kill') cpSync(directory, copy, { recursive: true })
          await journal.close()
          if (one.kind === 'kill') {
            rmSync(directory, { recursive: true })
            directory = copy
            rmSync(join(directory, 'lock'))
          }
          journal = await Journal.open(directory, options)
          for (const [name, { pending }] of models) {
            const found = [...journal.pending(name)].map(({ sequence, attempts, message: kept }) => [
              sequence,
              numberOf(kept),
              attempts,
            ])
            t.deepEqual(
              found,
              [...pending].map(([sequence, { number: of, attempts }]) => [sequence, of, attempts]),
            )
          }
        }
      }
      await journal.close()
      rmSync(directory, { recursive: true })
    })
    await t.notThrowsAsync(fc.assert(property, { numRuns: 25 }))
  })
}
