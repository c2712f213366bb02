/** A process that follows its journal is killed at any moment: the name goes on where it was, or a little before. */
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { type Definition, json, type Schema, topics } from 'tickbus'
import { backends, scratch } from './journals.js'
import { openJournalled, type Order } from './journalled.js'
import { linesUntilKilled } from './killed.js'

const replayer = fileURLToPath(new URL('fixtures/replayer.mjs', import.meta.url))
const rounds = process.env.TICKBUS_LONG === undefined ? 1 : 50
const schema = topics({
  'orders.{id}': json<Order>({ delivery: 'at-least-once' }),
}) as unknown as Schema<Definition>

for (const backend of backends) {
  test.serial(`a name sees every message after SIGKILL, in order, ${rounds} rounds [${backend}]`, async (t) => {
    t.timeout(30_000 + rounds * 30_000, 'each round starts a process')
    const directory = scratch(t)
    const handled: number[] = []
    let next = 1
    for (let round = 0; round < rounds; round += 1) {
      const lines = await linesUntilKilled(replayer, [directory, backend, String(next)], 300 + 17 * (round % 20))
      const said = lines.map((line) => line.split(' ')).map(([word, n]) => ({ word, n: Number(n) }))
      const receipts = said.filter(({ word }) => word === '+').map(({ n }) => n)
      const before = said.filter(({ word }) => word === '!').map(({ n }) => n)
      t.true(before.length > 0, 'it was killed in the middle')
      t.deepEqual(
        before,
        before.toSorted((a, b) => a - b),
      )
      const { bus, client } = await openJournalled(t, backend, directory, {}, schema)
      const after: number[] = []
      await client.replay({ name: 'audit', topics: 'orders.*', handler: ({ n }: Order) => void after.push(n) }).done
      t.deepEqual(
        after,
        Array.from(after, (_, place) => after[0]! + place),
        'in order, without a hole',
      )
      handled.push(...before, ...after)
      const missing = receipts.filter((n) => !before.includes(n) && !after.includes(n))
      t.deepEqual(missing, [])
      // Of what it had handled only that comes again whose acknowledgement was on its way to the file.
      const again = after.filter((n) => before.includes(n))
      t.true(again.length <= IN_FLIGHT, `${again.length} came again`)
      // It may have handled all that it had published.
      next = Math.max(next - 1, before.at(-1)!, after.at(-1) ?? 0) + 1
      await client.close()
      await bus.close()
    }
    t.deepEqual(
      [...new Set(handled)].toSorted((a, b) => a - b),
      Array.from({ length: next - 1 }, (_, place) => place + 1),
    )
  })
}

/** What was handled and not yet written: a batch that the writer has in hand, and the turn in which the process died. */
const IN_FLIGHT = 64
