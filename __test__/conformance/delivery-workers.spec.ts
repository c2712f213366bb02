import { BufferedMessageBusClient, json, type MessageBus, type MessageBusOptions, topics } from 'tickbus'
import type { ExecutionContext } from 'ava'
import { forEachBackend, type OnBackend } from './backends.js'
import { accounted } from './clients.js'
import { until } from '../until.js'

interface Message {
  readonly n: number
  readonly deeds?: readonly string[]
}

interface Begun {
  readonly n: number
  readonly attempt: number
  readonly key: string | undefined
}

const schema = topics({ 'orders.{id}': json<Message>({ delivery: 'at-least-once' }), 'ticks.{id}': json<Message>() })
const worker = new URL('fixtures/delivery-worker.mjs', import.meta.url)

async function openGroup(t: ExecutionContext, { openBus }: OnBackend, options = {}) {
  const bus = openBus(t, { schema } as MessageBusOptions) as MessageBus
  const client = (await BufferedMessageBusClient.open(bus)) as BufferedMessageBusClient
  t.teardown(() => client.close())
  client.on('handlerError', () => {})
  client.on('workerLost', () => {})
  const begun: Begun[] = []
  bus.subscribe('begun', (one: Begun) => void begun.push(one))
  await client.subscribe('*.1', worker, { group: 'g', threads: 2, backoffMs: [2], ...options })
  const stats = () => client.stats().groups['g']!
  const isDone = (): boolean => stats().queued + stats().inFlight === 0
  return { client, begun, stats, isDone }
}

forEachBackend('acknowledgement in worker threads', (test, on) => {
  test('what throws, rejects or says nack is tried again, and each key keeps its order', async (t) => {
    const { client, begun, stats, isDone } = await openGroup(t, on)
    const deeds = [['throw'], ['reject', 'nack'], [], ['nack', 'throw', 'reject']]
    for (let n = 0; n < 40; n += 1) client.tryPublish('orders.1', { n, deeds: deeds[n % 4] }, { key: `k${n % 3}` })
    await until(isDone)
    t.like(stats(), { copies: 40, delivered: 40, dead: 0, retried: 60 })
    await until(() => begun.length === 100, 'what the workers tell')
    for (const key of ['k0', 'k1', 'k2']) {
      const order = begun.filter((one) => one.key === key).map(({ n, attempt }) => n * 10 + attempt)
      // Threads tell on rings of their own: of one message the attempts may come out of turn here, but none is missing.
      t.deepEqual(order.toSorted((a, b) => a - b).length, new Set(order).size)
    }
  })

  test('after maxDeliver, or terminated, it is a dead letter of this thread, with all attempts', async (t) => {
    const { client, stats, isDone } = await openGroup(t, on, { maxDeliver: 3 })
    client.tryPublish('orders.1', { n: 1, deeds: ['throw', 'reject', 'throw'] }, { key: 'k', priority: 2 })
    client.tryPublish('orders.1', { n: 2, deeds: ['terminate'] })
    await until(isDone)
    t.like(stats(), { copies: 2, delivered: 0, dead: 2, retried: 2 })
    const letters = client.deadLetters.list().toSorted((a, b) => (a.message as Message).n - (b.message as Message).n)
    t.like(letters[0], { topic: 'orders.1', key: 'k', priority: 2, reason: 'failed', note: 'thrown by 1' })
    t.deepEqual(
      letters[0]!.attempts.map(({ attempt, reason, errorClass }) => [attempt, reason, errorClass]),
      [
        [1, 'failed', 'RangeError'],
        [2, 'failed', 'Error'],
        [3, 'failed', 'RangeError'],
      ],
    )
    t.true(letters[0]!.attempts.every(({ worker, stackHash }) => worker > 0 && /^[0-9a-f]{16}$/.test(stackHash!)))
    t.like(letters[1], { reason: 'terminated', note: 'by the worker', message: { n: 2 } })
  })

  test('what hangs is given up in time', async (t) => {
    const { client, stats, isDone } = await openGroup(t, on, { ackWaitMs: 20 })
    client.tryPublish('orders.1', { n: 1, deeds: ['hang'] })
    client.tryPublish('ticks.1', { n: 2, deeds: ['hang'] })
    await until(isDone)
    t.like(stats(), { copies: 2, delivered: 1, dropped: { timedOut: 1 } })
    // On a machine that others load the second attempt may take too long as well.
    t.true(stats().retried >= 1)
  })

  test('what a dead thread had in hand is tried again if it may not be lost, and counts as workerLost otherwise', async (t) => {
    const { client, begun, stats, isDone } = await openGroup(t, on)
    client.tryPublish('orders.1', { n: 1, deeds: ['die'] }, { key: 'k' })
    await until(isDone)
    t.like(stats(), { copies: 1, delivered: 1, dead: 0, retried: 1 })
    client.tryPublish('ticks.1', { n: 2, deeds: ['die'] })
    await until(isDone)
    t.like(stats(), { copies: 2, delivered: 1, dropped: { workerLost: 1 } })
    await until(() => begun.length === 3)
    t.is(accounted(stats()), 2)
  })

  test('a message with which two threads died is a dead letter at once', async (t) => {
    const { client, stats, isDone } = await openGroup(t, on)
    client.tryPublish('orders.1', { n: 1, deeds: ['die', 'die', 'die'] }, { key: 'k' })
    client.tryPublish('orders.1', { n: 2 }, { key: 'k' })
    await until(isDone)
    t.like(stats(), { copies: 2, delivered: 1, dead: 1, retried: 1 })
    const [letter] = client.deadLetters.list()
    t.like(letter, { reason: 'workerLost', key: 'k', message: { n: 1 } })
    t.deepEqual(
      letter!.attempts.map(({ attempt, reason }) => [attempt, reason]),
      [
        [1, 'workerLost'],
        [2, 'workerLost'],
      ],
    )
  })

  test('what a thread had handled before the message that killed it is not handled again', async (t) => {
    const { client, stats, isDone } = await openGroup(t, on, { threads: 1, maxDeliver: 1 })
    for (let n = 0; n < 200; n += 1) client.tryPublish('orders.1', { n, deeds: n === 199 ? ['dieNow'] : [] })
    await until(isDone)
    t.like(stats(), { copies: 200, delivered: 199, dead: 1 })
    t.deepEqual(
      client.deadLetters.list().map(({ message }) => (message as Message).n),
      [199],
    )
  })

  test('what was judged dead stays so, though its thread dies before it has settled it', async (t) => {
    const { client, begun, stats, isDone } = await openGroup(t, on, { threads: 1 })
    const key = `judged ${process.pid} ${on.backend}`
    const told = new BroadcastChannel(key)
    t.teardown(() => told.close())
    const letters: string[] = []
    client.on('deadLetter', ({ reason }) => {
      letters.push(reason)
      told.postMessage('judged')
    })
    let losses = 0
    client.on('workerLost', () => void (losses += 1))
    client.tryPublish('orders.1', { n: 1, deeds: ['dieJudged'] }, { key })
    client.tryPublish('orders.1', { n: 2 }, { key })
    await until(() => isDone() && losses === 1)
    await until(() => begun.length === 2)
    t.deepEqual(letters, ['terminated'])
    t.like(stats(), { copies: 2, delivered: 1, dead: 1, retried: 0 })
  })

  test('expired messages become dead letters, and letters can be redriven', async (t) => {
    const { client, begun, stats, isDone } = await openGroup(t, on)
    // Its key waits for another attempt of the first: a thread that just looks at its clock might still come in time.
    client.tryPublish('orders.1', { n: 0, deeds: ['nack'] }, { key: 'k' })
    client.tryPublish('orders.1', { n: 1 }, { deadlineMs: 0, key: 'k' })
    await until(() => isDone() && client.deadLetters.size === 1)
    t.like(client.deadLetters.list()[0], { reason: 'expired', message: { n: 1 }, key: 'k' })
    t.like(stats(), { copies: 2, delivered: 1, dead: 1, dropped: { expired: 0 } })
    t.deepEqual(await client.deadLetters.redrive({}), { redriven: 1, left: 0 })
    await until(isDone)
    t.like(stats(), { copies: 3, dead: 1, delivered: 2 })
    await until(() => begun.length === 3)
  })

  test('a close lets go of what waits for another attempt', async (t) => {
    const { client, begun, stats } = await openGroup(t, on, { backoffMs: [60_000], maxBlockMs: 100_000 })
    for (let n = 0; n < 5; n += 1) client.tryPublish('orders.1', { n, deeds: ['throw'] }, { key: `k${n}` })
    await until(() => begun.length === 5)
    await client.close({ timeoutMs: 1_000 })
    t.is(accounted(stats()), 5)
    t.like(stats(), { queued: 0, inFlight: 0, delivered: 0 })
  })
})
