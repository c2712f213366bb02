/**
 * A process that publishes and handles is killed at any moment. What it said is kept by this one: every message of which it
 * was told that it is safe is handled, in this process or in the next one, and none again that was acknowledged well before.
 */
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { type Definition, json, type Schema, topics } from 'tickbus'
import { generator } from '../../benchmark/statistics.js'
import { backends, scratch } from './journals.js'
import { openJournalled, type Order } from './journalled.js'
import { linesUntilKilled } from './killed.js'

const publisher = fileURLToPath(new URL('fixtures/publisher.mjs', import.meta.url))
const rounds = process.env.TICKBUS_LONG === undefined ? 3 : 100
const WINDOW = 16
const key = ({ n }: Order): string => `k${n % 3}`
const schema = topics({
  'orders.{id}': json<Order>({ delivery: 'at-least-once', key }),
  'synced.{id}': json<Order>({ delivery: 'at-least-once', dispatchAfter: 'synced', key }),
}) as unknown as Schema<Definition>

for (const backend of backends) {
  test.serial(
    `every receipt is delivered after SIGKILL, each key in order, ${rounds} rounds [${backend}]`,
    async (t) => {
      t.timeout(rounds * 30_000, 'each round starts a process')
      const directory = scratch(t)
      const random = generator(7 * backend.length)
      const receipts = new Set<number>()
      const begun = new Map<number, number>()
      let next = 0
      for (let round = 0; round < rounds; round += 1) {
        const lines = await publishAndKill(directory, backend, next, 1 + Math.floor(random() * 300))
        const before = new Map(begun)
        for (const [word, n] of lines) {
          if (word === '+') receipts.add(n)
          else begun.set(n, (begun.get(n) ?? 0) + 1)
          next = Math.max(next, n + 1)
        }
        t.true(
          [...before].every(([n, count]) => begun.get(n) === count),
          'what was drained is not begun again',
        )
        const { bus, client } = await openJournalled(t, backend, directory, {}, schema)
        const recovered: number[] = []
        const attempts = new Map<number, number>()
        await client.subscribe(
          '*',
          ({ n }: Order, { attempt }) => {
            recovered.push(n)
            attempts.set(n, attempt)
          },
          { group: 'g' },
        )
        await client.drain()
        const missing = [...receipts].filter((n) => !begun.has(n) && !recovered.includes(n))
        t.deepEqual(missing, [], `round ${round}`)
        t.is(new Set(recovered).size, recovered.length, 'none twice')
        for (const one of [0, 1, 2]) {
          const ofKey = recovered.filter((n) => n % 3 === one)
          t.deepEqual(
            ofKey,
            ofKey.toSorted((a, b) => a - b),
          )
        }
        // What was begun and comes again was under way, or its acknowledgement was: at most what was published meanwhile.
        const again = recovered.filter((n) => (begun.get(n) ?? 0) > 0)
        t.true(again.length <= IN_FLIGHT, `${again.length} came again`)
        for (const n of recovered) {
          begun.set(n, (begun.get(n) ?? 0) + 1)
          next = Math.max(next, n + 1)
        }
        await client.close()
        await bus.close()
      }
      t.true(receipts.size >= rounds)
    },
  )
}

/** Publishes under way, handlers under way, and acknowledgements of the turn in which the process died. */
const IN_FLIGHT = 4 * WINDOW

/** Kills the publisher once it has said so many things, in the middle of what it is at then. */
async function publishAndKill(
  directory: string,
  backend: string,
  first: number,
  kills: number,
): Promise<[string, number][]> {
  const args = [directory, backend, String(first), String(WINDOW)]
  const lines = await linesUntilKilled(publisher, args, kills)
  return lines
    .filter((line) => line !== 'ready')
    .map((line) => line.split(' '))
    .map(([word, n]) => [word!, Number(n)])
}
