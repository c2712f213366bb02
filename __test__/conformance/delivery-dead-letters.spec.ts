import { json, type MessageBusOptions, quote, topics } from 'tickbus'
import { codeOfRejection, forEachBackend, type OnBackend } from './backends.js'
import { accounted, openClient, type OpenClient } from './clients.js'
import type { ExecutionContext } from 'ava'

const schema = topics({
  'orders.{id}': json<unknown>({ delivery: 'at-least-once' }),
  'quotes.{id}': quote({ delivery: 'at-least-once' }),
})
const busOptions = { schema } as MessageBusOptions

interface Broken extends OpenClient {
  /** What the handler got since it was mended. */
  readonly seen: unknown[]
  mend(): void
}

/** A client with a group that fails all messages until it is mended. */
async function openBroken(t: ExecutionContext, on: OnBackend, options = {}): Promise<Broken> {
  const opened = await openClient(t, on, { random: () => 0.5, ...options }, busOptions)
  opened.client.on('handlerError', () => {})
  const seen: unknown[] = []
  let isMended = false
  const handler = (message: unknown): void => {
    if (!isMended) throw message === 'odd' ? new RangeError('odd') : new TypeError('broken')
    seen.push(message)
  }
  await opened.client.subscribe('*', handler, { group: 'g', maxDeliver: 1 })
  return { ...opened, seen, mend: () => void (isMended = true) }
}

forEachBackend('dead letters', (test, on) => {
  test('are listed by what they say, the oldest first, and read by their number', async (t) => {
    const { client, clock } = await openBroken(t, on)
    client.tryPublish('orders.1', 'a', { key: 'k' })
    client.tryPublish('orders.2', 'odd')
    client.tryPublish('orders.1', 'b')
    await clock.settle()
    const messages = (filter = {}): unknown[] => client.deadLetters.list(filter).map(({ message }) => message)
    t.deepEqual(messages(), ['a', 'odd', 'b'])
    t.deepEqual(messages({ topic: 'orders.1' }), ['a', 'b'])
    t.deepEqual(messages({ errorClass: 'RangeError' }), ['odd'])
    t.deepEqual(messages({ key: 'k', reason: 'failed', group: 'g' }), ['a'])
    t.deepEqual(messages({ group: 'h' }), [])
    t.deepEqual(messages({ limit: 2 }), ['a', 'odd'])
    const [, odd] = client.deadLetters.list()
    t.deepEqual(messages({ stackHash: odd.attempts[0].stackHash }), ['odd'])
    t.is(client.deadLetters.read(odd.number), odd)
  })

  test('a record is a dead letter too, decoded', async (t) => {
    const { client, clock } = await openBroken(t, on)
    const time = BigInt(Date.now()) * 1_000_000n
    client.tryPublish('quotes.1', { bidPrice: 1.5, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: time, tsInit: time })
    await clock.settle()
    t.like(client.deadLetters.list()[0].message, { bidPrice: 1.5, askSize: 4 })
  })

  test('are redriven by filter, one after the other, not faster than told, as new copies', async (t) => {
    const { client, clock, seen, mend } = await openBroken(t, on)
    for (const n of [1, 2, 3]) client.tryPublish('orders.1', n, { key: 'k' })
    client.tryPublish('orders.2', 4)
    await clock.settle()
    mend()
    const redrive = client.deadLetters.redrive({ topic: 'orders.1', perSecond: 10 })
    await clock.run(150)
    t.deepEqual(seen, [1, 2])
    await clock.run(100)
    t.deepEqual(await redrive, { redriven: 3, left: 0 })
    t.deepEqual(seen, [1, 2, 3])
    t.deepEqual(
      client.deadLetters.list().map(({ message }) => message),
      [4],
    )
    const stats = client.stats().groups['g']
    t.like(stats, { copies: 7, delivered: 3, dead: 4 })
    t.is(accounted(stats), 7)
  })

  test('one that dies again is a letter again, with the id that it had', async (t) => {
    const { client, clock } = await openBroken(t, on)
    const { id } = await client.publish('orders.1', 1)
    await clock.settle()
    const [{ number }] = client.deadLetters.list()
    t.deepEqual(await client.deadLetters.redrive(number), { redriven: 1, left: 0 })
    await clock.settle()
    const [again, ...others] = client.deadLetters.list()
    t.deepEqual([again.id, again.number > number, others], [id, true, []])
  })

  test('a redrive waits for room, and ends with the client', async (t) => {
    const lanes = { normal: { capacity: 1, overflow: 'reject' as const } }
    const { client, clock } = await openBroken(t, on, { lanes })
    for (const n of [1, 2, 3]) {
      client.tryPublish('orders.1', n, { priority: 1 })
      await clock.settle()
    }
    const redrive = client.deadLetters.redrive({ perSecond: 1_000 })
    // Nothing is run meanwhile, so the second one finds the lane full.
    clock.advance(50)
    t.is(client.deadLetters.size, 2)
    await client.close()
    t.deepEqual(await redrive, { redriven: 1, left: 2 })
  })

  test('a letter whose group is gone stays', async (t) => {
    const { client, clock } = await openClient(t, on, {}, busOptions)
    client.on('handlerError', () => {})
    const fails = (): never => {
      throw new Error('no')
    }
    const subscription = await client.subscribe('orders.*', fails, { group: 'g', maxDeliver: 1 })
    client.tryPublish('orders.1', 1)
    await clock.settle()
    subscription.unsubscribe()
    await clock.settle()
    t.deepEqual(await client.deadLetters.redrive({}), { redriven: 0, left: 1 })
    t.is(client.deadLetters.size, 1)
  })

  test('are purged by filter or number', async (t) => {
    const { client, clock } = await openBroken(t, on)
    for (const n of [1, 2, 3]) client.tryPublish(`orders.${n}`, n)
    await clock.settle()
    t.is(client.deadLetters.purge({ topic: 'orders.2' }), 1)
    t.is(client.deadLetters.purge(client.deadLetters.list()[0].number), 1)
    t.deepEqual(
      client.deadLetters.list().map(({ message }) => message),
      [3],
    )
  })

  test('the oldest goes when the store is full, and is counted', async (t) => {
    const { client, clock } = await openBroken(t, on, { deadLetterCapacity: 2 })
    for (const n of [1, 2, 3]) client.tryPublish('orders.1', n)
    await clock.settle()
    t.deepEqual(
      client.deadLetters.list().map(({ message }) => message),
      [2, 3],
    )
    t.is(client.deadLetters.discarded, 1)
  })

  test('what makes no sense is refused', async (t) => {
    const { client } = await openBroken(t, on)
    const { deadLetters } = client
    t.throws(() => deadLetters.read(1), { code: 'TICKBUS_DEAD_LETTER' })
    t.throws(() => deadLetters.purge(1), { code: 'TICKBUS_DEAD_LETTER' })
    t.is(await codeOfRejection(deadLetters.redrive(1)), 'TICKBUS_DEAD_LETTER')
    t.is(await codeOfRejection(deadLetters.redrive({ perSecond: 0 })), 'TICKBUS_ARGUMENT')
    t.throws(() => deadLetters.list({ colour: 'red' } as never), { code: 'TICKBUS_ARGUMENT' })
    t.throws(() => deadLetters.list({ limit: -1 }), { code: 'TICKBUS_ARGUMENT' })
    t.is(await codeOfRejection(openClient(t, on, { deadLetterCapacity: 0 })), 'TICKBUS_ARGUMENT')
    await client.close()
    t.is(await codeOfRejection(deadLetters.redrive({})), 'TICKBUS_CLIENT_CLOSED')
  })
})
