// Modules that cannot be used, handlers that fail, and threads that die.
import type { Worker } from 'node:worker_threads'
import {
  BufferedMessageBusClient,
  type GroupHandlerError,
  type MessageBus,
  type RestartLimit,
  type WorkerLoss,
} from 'tickbus'
import { codeOfRejection, forEachBackend } from '../conformance/backends.js'
import { until } from '../until.js'
import { collect, droppedInAll, missing, module, openClient, watchWorkers } from './worker-groups.js'

const missingModule = 'is-not-there'
const unusable: [name: string, reason: RegExp][] = [
  [missingModule, /Cannot find module/],
  ['throws-on-load', /not today/],
  ['data:text/javascript,export default (', /Unexpected/],
  ['no-default', /no default export/],
  ['no-function', /default export is not a function/],
  ['throws-on-open', /no venue/],
  ['bad-open', /"open" is not a function/],
  ['exits-on-load', /ended with code 7/],
  ['third-throws', /not this one/],
]

forEachBackend('faults of worker groups', (test, { openBus }) => {
  for (const [name, reason] of unusable) {
    test(`a module that cannot be used is refused, and leaves no thread: ${name}`, async (t) => {
      const bus = openBus(t)
      const workers = watchWorkers(t)
      const client = await openClient(t, bus)
      const error = await t.throwsAsync(client.subscribe('a.*', moduleOf(name), { group: 'g', threads: 3 }), {
        code: 'TICKBUS_WORKER_MODULE',
      })
      t.regex(error!.message, reason)
      t.is(workers.size, 0)
      t.deepEqual(client.stats().groups, {})
      await until(() => bus.stats().threads.length === 0)
      t.is(client.tryPublish('a.1', 1), 'accepted')
      // The name is free, and the bus can be joined by others.
      await client.subscribe('a.*', module('reporter'), { group: 'g', threads: 1 })
      t.is(workers.size, 1)
    })
  }

  test('bad options are refused with their codes, before a thread is started', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const client = await openClient(t, bus, { memoryMb: 64 })
    const url = module('reporter')
    for (const threads of [0, 64, 1.5, Number.NaN]) {
      t.is(await codeOfRejection(client.subscribe('a.*', url, { threads })), 'TICKBUS_THREADS')
    }
    t.is(await codeOfRejection(client.subscribe('a.*', () => {}, { threads: 1 })), 'TICKBUS_ARGUMENT')
    t.is(await codeOfRejection(client.subscribe('', url)), 'TICKBUS_PATTERN')
    t.is(await codeOfRejection(client.subscribe('a.*', 'a path' as never)), 'TICKBUS_HANDLER')
    t.is(await codeOfRejection(client.subscribe('a.*', url, { concurrency: 0 })), 'TICKBUS_ARGUMENT')
    t.is(workers.size, 0)
  })

  test('functions and modules do not mix in one group, nor do two modules', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const client = await openClient(t, bus)
    const conflict = 'TICKBUS_GROUP_CONFLICT'
    await client.subscribe('a.*', module('reporter'), { group: 'there', threads: 1 })
    await client.subscribe('a.*', () => {}, { group: 'here' })
    t.is(await codeOfRejection(client.subscribe('b.*', () => {}, { group: 'there' })), conflict)
    t.is(await codeOfRejection(client.subscribe('b.*', module('reporter'), { group: 'here', threads: 1 })), conflict)
    t.is(await codeOfRejection(client.subscribe('b.*', module('worker'), { group: 'there', threads: 1 })), conflict)
    t.is(await codeOfRejection(client.subscribe('b.*', module('reporter'), { group: 'there', threads: 2 })), conflict)
    t.is(workers.size, 1)
  })

  test('a client with too little memory for the threads of a group refuses, and starts none', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const client = await openClient(t, bus, { memoryMb: 10, lanes: lanesOf(15_000) })
    const subscribed = client.subscribe('a.*', module('reporter'), { group: 'g', threads: 60 })
    t.is(await codeOfRejection(subscribed), 'TICKBUS_MEMORY_LIMIT')
    t.is(workers.size, 0)
  })

  test('a handler that throws is told with message, stack, topic and pattern, at a bounded rate', async (t) => {
    const bus = openBus(t)
    const client = await openClient(t, bus)
    const errors: GroupHandlerError[] = []
    client.on('handlerError', (error) => errors.push(error))
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 1 })
    for (let n = 0; n < 1_000; n += 1) client.tryPublish('a.1', { n, throws: true })
    await client.drain()
    await until(() => errors.length >= 100)
    const [{ error, group, topic, pattern, handler }] = errors as [GroupHandlerError]
    t.like(error, { name: 'RangeError', message: 'failed at 0' })
    t.regex((error as Error).stack!, /worker\.mjs/)
    t.deepEqual([group, topic, pattern], ['g', 'a.1', 'a.*'])
    t.is(handler.name, module('worker').href)
    // A hundred at once, and a hundred for each second that there has been.
    t.true(errors.length <= 100 + bus.nowNs() / 1e7, `${errors.length} errors`)
    t.is(client.stats().groups.g!.dropped.failed, 1_000)
  })

  for (const [title, message] of [
    ['calls process.exit', { n: 0, exits: true }],
    ['does not catch an exception', { n: 0, crashes: true }],
  ] as const) {
    test(`of a thread that ${title}, what it had in hand is lost, the rest goes on, and it is replaced`, async (t) => {
      const bus = openBus(t)
      const ended = collect<{ n: number }>(bus, 'ended')
      const client = await openClient(t, bus)
      const losses: WorkerLoss[] = []
      client.on('workerLost', (loss) => losses.push(loss))
      await client.subscribe('a.*', module('worker'), { group: 'g', threads: 2 })
      client.tryPublish('a.1', message, { key: 'k' })
      for (let n = 1; n < 100; n += 1) client.tryPublish('a.1', { n }, { key: `k${n % 9}` })
      t.true((await client.drain()).complete)
      await until(() => losses.length === 1)
      const stats = client.stats().groups.g!
      t.is(losses[0]!.group, 'g')
      t.is(losses[0]!.code, 'exits' in message ? 3 : 1)
      if ('crashes' in message) t.is((losses[0]!.error as Error).message, 'crashed at 0')
      t.true(stats.dropped.workerLost >= 1)
      t.is(stats.delivered + stats.dropped.workerLost, 100)
      const before = ended.length
      client.tryPublish('a.1', { n: 100 }, { key: 'k' })
      await until(() => ended.length > before)
      await until(() => client.stats().groups.g!.threads === 2, 'a replacement')
    })
  }

  test('with no thread left, beyond the limit of restarts, messages wait, bounded, and are dropped as closed', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const client = await openClient(t, bus, { lanes: { normal: { capacity: 50, overflow: 'reject' } } })
    client.on('workerLost', () => {})
    const limits: RestartLimit[] = []
    client.on('restartLimit', (limit) => limits.push(limit))
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 7 })
    // Five may be replaced; the two that came too late for that are the last straw.
    await Promise.all([...workers].map((worker) => worker.terminate()))
    await until(() => limits.length === 1, 'the limit of restarts')
    await Promise.all([...workers].map((worker) => worker.terminate()))
    await until(() => client.stats().groups.g!.threads === 0)
    t.like(limits[0], { group: 'g', restarts: 5 })
    t.is(limits[0]!.error.code, 'TICKBUS_WORKER_RESTARTS')
    let accepted = 0
    while (client.tryPublish('a.1', { n: accepted }) === 'accepted') accepted += 1
    t.is(accepted, 50)
    t.like(client.stats().groups.g, { queued: 50, inFlight: 0 })
    await client.close()
    const stats = client.stats().groups.g!
    t.like(stats, { queued: 0, inFlight: 0, copies: 50, delivered: 0 })
    t.is(stats.dropped.closed, 50)
  })

  test('threads that are terminated in the middle of their traffic leave exact accounts', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const client = await openClient(t, bus)
    client.on('workerLost', () => {})
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 6, concurrency: 24 })
    let accepted = 0
    // Five, since so many are replaced; each once, however long it takes to end.
    const victims = new Set<Worker>()
    for (let round = 0; victims.size < 5; round += 1) {
      for (let n = 0; n < 100; n += 1) {
        const status = client.tryPublish('a.1', { n, waitMs: n % 3 }, { key: n % 2 === 0 ? `k${n % 10}` : undefined! })
        if (status === 'accepted') accepted += 1
      }
      for (let turns = 0; turns < 5; turns += 1) {
        await new Promise(setImmediate)
        t.is(missing(client.stats().groups.g!), 0)
      }
      if (round % 2 === 1) {
        const victim = [...workers].find((worker) => !victims.has(worker))!
        victims.add(victim)
        void victim.terminate()
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    t.true((await client.drain()).complete)
    const stats = client.stats().groups.g!
    t.like(stats, { queued: 0, inFlight: 0, copies: accepted })
    t.is(stats.delivered + stats.dropped.workerLost, accepted)
    t.is(droppedInAll(stats), stats.dropped.workerLost)
  })

  test('a close aborts the signals of what is under way, and settles what does not end in time as closed', async (t) => {
    const bus = openBus(t)
    const began = collect<{ n: number }>(bus, 'began')
    const aborted = collect<{ n: number; reason: string }>(bus, 'aborted')
    const client = await BufferedMessageBusClient.open(bus)
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 1 })
    client.tryPublish('a.1', { n: 1, gate: true })
    client.tryPublish('a.1', { n: 2, waitMs: 60_000 })
    await until(() => began.length === 2)
    await client.close()
    t.deepEqual(aborted.map(({ n }) => n).sort(), [1, 2])
    t.regex(aborted[0]!.reason, /closed/)
    t.like(client.stats().groups.g, { delivered: 2, inFlight: 0, threads: 0 })
  })

  test('handlers have the bus until they are done, however it is closed', async (t) => {
    const endings = [
      (bus: MessageBus) => bus.close(),
      (bus: MessageBus, client: BufferedMessageBusClient) => Promise.all([client.close(), bus.close()]),
    ]
    for (const end of endings) {
      const bus = openBus(t)
      const began = collect(bus, 'began')
      const client = await openClient(t, bus)
      const faults: GroupHandlerError[] = []
      client.on('handlerError', (fault) => faults.push(fault))
      await client.subscribe('a.*', module('worker'), { group: 'g', threads: 1 })
      // It publishes when its signal aborts, and once more when it ends.
      client.tryPublish('a.1', { n: 1, gate: true })
      await until(() => began.length === 1)
      await end(bus, client)
      await client.close()
      t.deepEqual(faults, [])
      t.like(client.stats().groups.g, { delivered: 1, inFlight: 0, threads: 0 })
    }
  })

  test('a thread that does not come to an end is terminated at the close', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const began = collect<{ n: number }>(bus, 'began')
    const client = await BufferedMessageBusClient.open(bus)
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 1 })
    client.tryPublish('a.1', { n: 1, spinMs: 1e9 })
    client.tryPublish('a.1', { n: 2 })
    await until(() => began.length === 1)
    await client.close({ timeoutMs: 50 })
    t.is(workers.size, 0)
    const stats = client.stats().groups.g!
    t.like(stats, { copies: 2, delivered: 0, queued: 0, inFlight: 0 })
    t.is(droppedInAll(stats), 2)
  })

  test('a group that nobody subscribes to any more ends its threads, and its name can be used again', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const ended = collect<{ n: number }>(bus, 'ended')
    const client = await openClient(t, bus)
    const subscription = await client.subscribe('a.*', module('worker'), { group: 'g', threads: 2 })
    for (let n = 0; n < 10; n += 1) client.tryPublish('a.1', { n })
    subscription.unsubscribe()
    t.is(client.tryPublish('a.1', { n: 10 }), 'accepted')
    await until(() => workers.size === 0)
    t.is(ended.length, 10)
    t.like(client.stats().groups.g, { copies: 10, delivered: 10, threads: 0 })
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 1 })
    client.tryPublish('a.1', { n: 11 })
    await until(() => ended.length === 11)
  })
})

function moduleOf(name: string): URL {
  return name.startsWith('data:') ? new URL(name) : module(name)
}

function lanesOf(capacity: number) {
  return { low: { capacity }, normal: { capacity }, high: { capacity }, critical: { capacity } }
}
