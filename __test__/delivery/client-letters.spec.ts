/** Dead letters of journalled topics outlive the process. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { Journal } from 'tickbus'
import { until } from '../until.js'
import { backends, scratch } from './journals.js'
import { openJournalled, type Order } from './journalled.js'

const worker = new URL('../conformance/fixtures/delivery-worker.mjs', import.meta.url)

for (const backend of backends) {
  test(`what died of an effectively-once topic was not handled, also after the next open [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    const fails = (): never => {
      throw new Error('not now')
    }
    await first.client.subscribe('fills.*', fails, { group: 'g', maxDeliver: 1 })
    for (const n of [1, 2]) await first.client.publish('fills.A', { n })
    await until(() => first.client.deadLetters.size === 2)
    await first.client.close()
    await first.bus.close()

    const { client } = await openJournalled(t, backend, directory)
    const seen: number[] = []
    await client.subscribe('fills.*', ({ n }: Order) => void seen.push(n), { group: 'g' })
    const [letter] = client.deadLetters.list()
    await client.deadLetters.redrive(letter!.number)
    await client.publish('fills.A', { n: 2 })
    await client.drain()
    t.deepEqual(seen.toSorted(), [1, 2])
    t.is(client.stats().groups['g']!.duplicates, 0)
  })

  test(`a dead letter is there though a failed sync has taken what was known of who reads it [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    const fails = (): never => {
      throw new Error('not now')
    }
    await first.client.subscribe('orders.*', fails, { group: 'g', maxDeliver: 1 })
    await first.client.publish('orders.A', { n: 1 })
    await until(() => first.client.deadLetters.size === 1)
    await first.client.close()
    await first.bus.close()

    const letters = join(directory, 'dead-letters')
    const before = await Journal.open(letters, { backend })
    const kept = [...before.read()].map(({ message }) => ({ ...message, payload: message.payload.slice() }))
    await before.close()
    rmSync(letters, { recursive: true })
    const after = await Journal.open(letters, { backend })
    for (const letter of kept) after.append(letter)
    await after.close()

    const { client } = await openJournalled(t, backend, directory)
    t.deepEqual(
      client.deadLetters.list().map(({ message }) => message),
      [{ n: 1 }],
    )
  })

  test(`a dead letter is there after the next open, with all that it says, and is redriven once [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    const fails = (): never => {
      throw new RangeError('no such venue')
    }
    await first.client.subscribe('orders.*', fails, { group: 'g', maxDeliver: 2, backoffMs: [0] })
    let others = 0
    await first.client.subscribe('orders.*', () => void (others += 1), { group: 'other' })
    for (const n of [1, 2, 3]) await first.client.publish('orders.A', { n }, { key: 'k', priority: 3 })
    await until(() => first.client.deadLetters.size === 3 && others === 3)
    const [{ number: _, publishedNs: _at, diedNs, attempts, ...letter }] = first.client.deadLetters.list()
    const died = first.bus.epoch.unixNsAt(diedNs)
    await first.client.close()
    await first.bus.close()

    const second = await openJournalled(t, backend, directory)
    const found = second.client.deadLetters.list()
    t.deepEqual(
      found.map(({ message }) => message),
      [{ n: 1 }, { n: 2 }, { n: 3 }],
    )
    t.like(found[0], { ...letter, note: 'no such venue', reason: 'failed', priority: 3, key: 'k' })
    t.is(second.bus.epoch.unixNsAt(found[0]!.diedNs) / 1_000n, died / 1_000n)
    t.like(found[0]!.attempts[1], { attempt: 2, errorClass: 'RangeError', stackHash: attempts[1]!.stackHash })
    t.is(second.client.deadLetters.purge(found[2]!.number), 1)
    const seen: unknown[] = []
    const note =
      (group: string) =>
      ({ n }: Order): void =>
        void seen.push([group, n])
    await second.client.subscribe('orders.*', note('g'), { group: 'g' })
    await second.client.subscribe('orders.*', note('other'), { group: 'other' })
    t.deepEqual(await second.client.deadLetters.redrive(found[0]!.number), { redriven: 1, left: 0 })
    await second.client.drain()
    t.deepEqual(seen, [['g', 1]])
    await second.client.close()
    await second.bus.close()

    const { client } = await openJournalled(t, backend, directory)
    t.deepEqual(
      client.deadLetters.list().map(({ message }) => message),
      [{ n: 2 }],
    )
    await client.subscribe('orders.*', () => t.fail('nothing is left'), { group: 'g' })
    await client.drain()
  })

  test(`what expires in a worker thread's hands is acknowledged only once its letter is kept [${backend}]`, async (t) => {
    const directory = scratch(t)
    const { client } = await openJournalled(t, backend, directory)
    await client.subscribe('orders.*', worker, { group: 'g', threads: 1, backoffMs: [1] })
    const publish = (n: number, terms: object, deeds: readonly string[] = []): unknown =>
      client.tryPublish('orders.A', { n, deeds } as Order, terms)
    // No letter can be kept from now on.
    writeFileSync(join(directory, 'dead-letters'), 'a file in the place of a directory')
    for (let n = 0; n < 20; n += 1) {
      // Its key waits for another attempt of the first, and so it expires when a thread would take it.
      publish(n, { key: `k${n}` }, ['nack'])
      publish(100 + n, { key: `k${n}`, deadlineMs: 0 })
    }
    const { journal } = client
    const pending = (): number[] =>
      [...journal!.pending('g')].map(({ message }) => (JSON.parse(String(Buffer.from(message.payload))) as Order).n)
    await until(() => client.deadLetters.size === 20 && client.stats().groups['g']!.delivered === 20)
    // The thread has taken another turn, in which it gives back what has expired; and all was looked at.
    publish(1_000, {})
    await until(() => client.stats().groups['g']!.delivered === 21)
    await until(() => !pending().some((n) => n < 100 || n === 1_000), 'the acknowledgements')
    t.deepEqual(
      pending(),
      Array.from({ length: 20 }, (_, n) => 100 + n),
    )
    await client.close().catch(() => {})
  })

  test(`what cannot be read back is a dead letter, and the others go on [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    await first.client.subscribe('orders.*', () => {}, { group: 'g' })
    await first.client.close()
    await first.bus.close()
    const journal = await Journal.open(directory, { backend })
    journal.append({ topic: 'orders.A', payload: Buffer.from('{"n":'), encoding: 'json' })
    journal.append({ topic: 'orders.A', payload: Buffer.from('{"n":2}'), encoding: 'json' })
    await journal.close()
    const { client } = await openJournalled(t, backend, directory)
    const seen: number[] = []
    await client.subscribe('orders.*', ({ n }: Order) => void seen.push(n), { group: 'g' })
    await client.drain()
    t.deepEqual(seen, [2])
    t.like(client.deadLetters.list(), [{ reason: 'undecodable', message: undefined, group: 'g', topic: 'orders.A' }])
    await until(() => client.journal!.acknowledged('g') > 0)
  })
}
