// Effectively-once: the same wherever handlers run.
import {
  BufferedMessageBusClient,
  type Delivery,
  type GroupOptions,
  json,
  type MessageBus,
  type MessageBusOptions,
  topics,
} from 'tickbus'
import type { ExecutionContext } from 'ava'
import { generator } from '../../benchmark/statistics.js'
import { until } from '../until.js'
import { forEachBackend, type OnBackend } from './backends.js'
import { accounted } from './clients.js'

interface Fill {
  readonly fill: string
  readonly n?: number
  readonly deeds?: readonly string[]
}

interface Told {
  readonly fill: string
  readonly n: number
  readonly attempt: number
}

const schema = topics({
  'fills.{id}': json<Fill>({
    delivery: 'effectively-once',
    idempotencyKey: ({ fill }) => {
      if (fill === 'nameless') throw new RangeError('it has no name')
      return fill
    },
  }),
  'reports.{id}': json<Fill>({ delivery: 'effectively-once' }),
})
const module = new URL('fixtures/once-worker.mjs', import.meta.url)

/** What the module has. */
interface Module {
  open(given: { bus: MessageBus }): void
  default(fill: Fill, delivery: Delivery): Promise<void>
}

type Where = 'this thread' | 'worker threads'

async function openGroup(t: ExecutionContext, { openBus }: OnBackend, where: Where, options: GroupOptions = {}) {
  const bus = openBus(t, { schema } as MessageBusOptions) as MessageBus
  const client = (await BufferedMessageBusClient.open(bus)) as BufferedMessageBusClient
  t.teardown(() => client.close())
  client.on('handlerError', () => {})
  client.on('workerLost', () => {})
  const begun: Told[] = []
  const handled: Told[] = []
  bus.subscribe('begun', (one: Told) => void begun.push(one))
  bus.subscribe('handled', (one: Told) => void handled.push(one))
  const all = { group: 'g', backoffMs: [2], concurrency: 8, ...options }
  if (where === 'worker threads') await client.subscribe('*.1', module, { ...all, threads: 2 })
  else {
    const { open, default: handle } = (await import(`${module.href}?${Math.random()}`)) as Module
    open({ bus })
    await client.subscribe('*.1', handle, all)
  }
  const stats = () => client.stats().groups['g']!
  const isDone = (): boolean => stats().queued + stats().inFlight === 0
  const publish = (fill: Fill, terms = {}): unknown => client.tryPublish('fills.1', fill, terms)
  return { bus, client, begun, handled, stats, isDone, publish }
}

for (const where of ['this thread', 'worker threads'] as const) {
  forEachBackend(`effectively-once in ${where}`, (test, on) => {
    test('equal messages are handled once, and a failure does not count', async (t) => {
      const { handled, stats, isDone, publish } = await openGroup(t, on, where)
      for (const fill of ['A', 'B', 'A', 'B']) publish({ fill, deeds: fill === 'B' ? ['throw'] : [] })
      await until(isDone)
      publish({ fill: 'A' })
      await until(isDone)
      t.like(stats(), { copies: 5, delivered: 5, dead: 0, duplicates: 3, inDoubt: 0 })
      await until(() => handled.length >= 2)
      t.deepEqual(handled.map(({ fill }) => fill).toSorted(), ['A', 'B'])
    })

    test('without a function of the schema they are told apart by their ids', async (t) => {
      const { client, handled, stats, isDone } = await openGroup(t, on, where)
      for (const _ of [1, 2]) client.tryPublish('reports.1', { fill: 'A' })
      await until(isDone)
      await until(() => handled.length === 2)
      t.like(stats(), { delivered: 2, duplicates: 0 })
    })

    test('a copy of what is under way waits for how that ends, and others pass', async (t) => {
      const { bus, handled, begun, stats, isDone, publish } = await openGroup(t, on, where)
      publish({ fill: 'A', n: 1, deeds: ['wait'] })
      await until(() => begun.length === 1)
      publish({ fill: 'A', n: 2 })
      publish({ fill: 'B', n: 3 })
      await until(() => handled.some(({ n }) => n === 3))
      t.deepEqual(
        begun.map(({ n }) => n),
        [1, 3],
      )
      bus.publish('go', {})
      await until(isDone)
      t.like(stats(), { copies: 3, delivered: 3, duplicates: 1 })
      t.is(begun.length, 2)
    })

    test('where the first becomes a dead letter, the next copy is handled', async (t) => {
      const { client, handled, begun, stats, isDone, publish } = await openGroup(t, on, where, { maxDeliver: 1 })
      publish({ fill: 'A', n: 1, deeds: ['throw'] })
      await until(() => begun.length === 1)
      publish({ fill: 'A', n: 2 })
      publish({ fill: 'A', n: 3 })
      await until(isDone)
      t.like(stats(), { copies: 3, delivered: 2, dead: 1, duplicates: 1 })
      t.is(client.deadLetters.size, 1)
      await until(() => handled.length === 1)
      t.not(handled[0]!.n, 1)
    })

    test('beyond the size of the window nothing is remembered', async (t) => {
      const { handled, stats, isDone, publish } = await openGroup(t, on, where, { idempotency: { size: 1 } })
      for (const [fill, count] of [
        ['A', 1],
        ['B', 2],
        ['B', 2],
        ['A', 3],
      ] as const) {
        publish({ fill })
        // Threads tell on rings of their own: each is heard before another one is asked.
        await until(() => isDone() && handled.length === count)
      }
      t.deepEqual(
        handled.map(({ fill }) => fill),
        ['A', 'B', 'A'],
      )
      t.like(stats(), { delivered: 4, duplicates: 1 })
    })

    test('where it cannot be told what a message is, it is a dead letter and no other one suffers', async (t) => {
      const { client, stats, isDone, publish } = await openGroup(t, on, where, { maxDeliver: 2 })
      const errors: unknown[] = []
      client.on('handlerError', ({ error }) => errors.push(error))
      publish({ fill: 'nameless' })
      publish({ fill: 'A' })
      await until(isDone)
      t.like(stats(), { copies: 2, delivered: 1, dead: 1, retried: 1 })
      t.like(client.deadLetters.list()[0], { reason: 'failed', message: { fill: 'nameless' } })
      t.true(errors.some((error) => error instanceof RangeError))
    })

    test('of many copies with many failures each is handled exactly once', async (t) => {
      const { handled, stats, isDone, publish } = await openGroup(t, on, where, { maxDeliver: 50 })
      const random = generator(11)
      for (let n = 0; n < 400; n += 1) {
        const deeds = Array.from({ length: 3 }, () => (random() < 0.3 ? 'throw' : ''))
        const key = random() < 0.5 ? { key: `k${n % 3}` } : {}
        publish({ fill: `F${Math.floor(random() * 40)}`, n, deeds }, key)
      }
      await until(isDone)
      t.like(stats(), { copies: 400, delivered: 400, dead: 0, duplicates: 360 })
      t.is(accounted(stats()), 400)
      await until(() => handled.length >= 40)
      t.is(new Set(handled.map(({ fill }) => fill)).size, 40)
      t.is(handled.length, 40)
    })
  })
}

forEachBackend('effectively-once and the death of a thread', (test, on) => {
  test('what it had begun is tried again and counted as in doubt, and a copy of it is handled once', async (t) => {
    const { handled, stats, isDone, publish } = await openGroup(t, on, 'worker threads')
    publish({ fill: 'A', n: 1, deeds: ['die'] })
    await until(() => stats().retried === 1)
    publish({ fill: 'A', n: 2 })
    await until(isDone)
    t.like(stats(), { copies: 2, delivered: 2, dead: 0, duplicates: 1, inDoubt: 1 })
    await until(() => handled.length === 1)
  })
})
