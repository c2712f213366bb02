/** Whatever is published, handled, stopped and reopened: each name sees every message of its topics in order, and none behind its cursor. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { fc } from '@fast-check/ava'
import { BufferedMessageBusClient, MessageBus, type ReplayedDelivery } from 'tickbus'
import { backends, scratch } from './journals.js'
import { type Order, schema } from './journalled.js'

type Step =
  | { kind: 'publish'; topics: number[] }
  | { kind: 'replay'; name: number; most: number; concurrency: number; fails: boolean }
  | { kind: 'group'; most: number }
  | { kind: 'retain' | 'reopen' | 'abandon' }

const TOPICS = ['orders.A', 'memory.B', 'synced.A']
/** What each name replays. */
const NAMES = { everything: '*', orders: 'orders.*', ends: '*.A' } as const
const names = Object.keys(NAMES) as (keyof typeof NAMES)[]

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      topics: fc.array(fc.nat(TOPICS.length - 1), { minLength: 1, maxLength: 30 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('replay' as const),
      name: fc.nat(names.length - 1),
      most: fc.integer({ min: 1, max: 40 }),
      concurrency: fc.constantFrom(1, 1, 3),
      fails: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('group' as const), most: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('retain' as const, 'reopen' as const, 'abandon' as const) }),
  },
)

for (const backend of backends) {
  test(`each name sees what is its own, in order, and nothing behind its cursor again [${backend}]`, async (t) => {
    t.timeout(300_000, 'opens clients a few hundred times')
    const root = scratch(t)
    let run = 0
    const endMs = performance.now() + 60_000
    const property = fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
      // Where others load the machine fewer runs have to do; an interrupt would leave one under way.
      if (performance.now() > endMs) return
      const directory = join(root, String(run++))
      const journal = { dir: directory, sync: 'os' as const, segmentBytes: 4_096 }
      const open = async () => {
        const bus = new MessageBus({ backend, schema }) as unknown as MessageBus
        const client = await BufferedMessageBusClient.open(bus, { journal })
        client.on('handlerError', () => {})
        return { bus, client }
      }
      let { bus, client } = await open()
      /** All that was published: number, topic. */
      const published: [number, string][] = []
      /** How many of its own each name has seen, once for all. A name begins where the journal begins when it is first heard of. */
      const done = new Map<string, number>()
      const own = (name: keyof typeof NAMES): number[] =>
        published.filter(([, topic]) => matches(NAMES[name], topic)).map(([n]) => n)

      const replay = async (name: keyof typeof NAMES, most: number, concurrency: number, fails: boolean) => {
        const expected = own(name).slice(done.get(name)!)
        const seen: number[] = []
        let left = most
        const handler = async ({ n }: Order, { attempt }: ReplayedDelivery): Promise<void> => {
          if (n % 3 === 0) await new Promise(setImmediate)
          if (fails && n % 4 === 0 && attempt === 1) throw new Error('the first time')
          seen.push(n)
          left -= 1
          if (left === 0) void under.stop()
        }
        const under = client.replay({ name, topics: NAMES[name], handler, concurrency, backoffMs: [0] })
        const report = await under.done
        t.is(report.matched, report.handled + report.failed + report.queued + report.inFlight)
        t.is(report.handled, seen.length)
        if (concurrency === 1) t.deepEqual(seen, expected.slice(0, seen.length))
        else t.deepEqual(new Set(seen).size, seen.length)
        if (report.ended === 'done') t.is(seen.length, expected.length)
        else t.true(seen.length >= Math.min(most, expected.length))
        for (const n of seen) t.true(expected.includes(n), `${n} is behind the cursor`)
        // With several under way some may have been done behind one that was not: those come again.
        const isSeen = new Set(seen)
        const gap = expected.findIndex((n) => !isSeen.has(n))
        done.set(name, done.get(name)! + (gap < 0 ? expected.length : gap))
      }

      // The first one that is heard of keeps the files from the beginning on.
      for (const name of names) {
        done.set(name, 0)
        await replay(name, 1, 1, false)
      }
      for (const one of [...steps, { kind: 'reopen' } as const]) {
        if (one.kind === 'publish') {
          for (const place of one.topics) {
            const n = published.length + 1
            published.push([n, TOPICS[place]!])
            client.tryPublish(TOPICS[place]!, { n, key: `k${n % 5}` })
          }
        } else if (one.kind === 'replay') {
          await replay(names[one.name]!, one.most, one.concurrency, one.fails)
        } else if (one.kind === 'group') {
          const subscription = await client.subscribe('*', () => {}, { group: 'exec' })
          await client.drain()
          if (one.most % 2 === 0) subscription.unsubscribe()
        } else if (one.kind === 'retain') {
          await client.journal!.retain()
        } else {
          if (one.kind === 'abandon') {
            client.replay({ name: 'orders', topics: NAMES.orders, handler: () => new Promise(() => {}) })
            await new Promise(setImmediate)
          }
          await client.close({ timeoutMs: 0 })
          await bus.close()
          ;({ bus, client } = await open())
        }
      }
      for (const name of names) {
        await replay(name, 1e6, 1, false)
        t.is(done.get(name), own(name).length)
      }
      await client.close()
      await bus.close()
      rmSync(directory, { recursive: true })
    })
    const numRuns = process.env.TICKBUS_LONG === undefined ? 20 : 500
    await t.notThrowsAsync(fc.assert(property, { numRuns, includeErrorInReport: true }))
  })
}

function matches(pattern: string, topic: string): boolean {
  if (pattern === '*') return true
  return pattern.startsWith('*') ? topic.endsWith(pattern.slice(1)) : topic.startsWith(pattern.slice(0, -1))
}
