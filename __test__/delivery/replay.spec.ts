/** What the journal has comes back to the handler that asks for it, once more and to nobody else. */
import test from 'ava'
import {
  BufferedMessageBusClient,
  type Delivery,
  MessageBus,
  Priority,
  type Replay,
  type ReplayedDelivery,
} from 'tickbus'
import { codeOf } from '../conformance/backends.js'
import { until } from '../until.js'
import { backends, scratch, segmentNames } from './journals.js'
import { openJournalled, type Order } from './journalled.js'
import { noting, openVirtual, past, range, START_NS, writePast } from './replays.js'

const second = (n: number): bigint => START_NS + BigInt(n) * 1_000_000_000n

for (const backend of backends) {
  test(`messages come back as they were, marked, with their place and time [${backend}]`, async (t) => {
    const { client } = await openJournalled(t, backend, scratch(t))
    const live: Delivery[] = []
    await client.subscribe('orders.*', (_: Order, delivery) => void live.push(delivery), { group: 'exec' })
    const before = BigInt(Date.now()) * 1_000_000n
    const sent = []
    for (const n of [1, 2, 3]) sent.push(await client.publish(`orders.${n}`, { n, key: `k${n}` }, { ack: 'written' }))
    await client.drain()
    const seen: [Order, ReplayedDelivery][] = []
    const replay = client.replay<Order>({ handler: (order, delivery) => void seen.push([order, delivery]) })
    const report = await replay.done
    t.deepEqual(
      seen.map(([order]) => order),
      [1, 2, 3].map((n) => ({ n, key: `k${n}` })),
    )
    t.deepEqual(
      seen.map(([, { id, sequence, topic, key, priority, attempt, replayed }]) => ({
        id,
        sequence,
        topic,
        key,
        priority,
        attempt,
        replayed,
      })),
      sent.map(({ id, sequence }, place) => {
        const n = place + 1
        return {
          id,
          sequence: sequence!,
          topic: `orders.${n}`,
          key: `k${n}`,
          priority: Priority.HIGH,
          attempt: 1,
          replayed: true,
        }
      }),
    )
    for (const [, { timeNs }] of seen) t.true(timeNs > before - 60_000_000_000n)
    t.deepEqual(
      live.map(({ replayed }) => replayed),
      [false, false, false],
    )
    t.like(report, { read: 3, matched: 3, handled: 3, failed: 0, queued: 0, inFlight: 0, ended: 'done' })
    t.is(report.position, sent[2]!.sequence!)
  })

  test(`nobody else gets what is replayed, and it is not journalled or counted again [${backend}]`, async (t) => {
    const { bus, client } = await openJournalled(t, backend, scratch(t))
    let live = 0
    bus.subscribe('*', () => void (live += 1))
    await client.subscribe('orders.*', () => void (live += 1), { group: 'exec' })
    for (const n of [1, 2]) await client.publish('orders.A', { n }, { ack: 'written' })
    await client.drain()
    t.is(live, 4)
    const { seen, handler } = noting()
    const { published, groups } = client.stats()
    const appended = client.journal!.stats().appended
    await client.replay({ handler }).done
    await client.drain()
    t.deepEqual(seen, [1, 2])
    t.is(live, 4)
    t.deepEqual([client.stats().published, client.stats().groups['exec']!.copies], [published, groups['exec']!.copies])
    t.is(client.journal!.stats().appended, appended, 'reading writes nothing')
  })

  test(`from, to and topics say what comes back, by sequence and by time [${backend}]`, async (t) => {
    const directory = scratch(t)
    const topic = (n: number): string => (n % 2 === 0 ? 'orders.A' : 'memory.B')
    await writePast(
      directory,
      backend,
      past(400, (n) => ({ topic: topic(n) })),
    )
    const { client } = await openJournalled(t, backend, directory)
    const replayed = async (options: object): Promise<number[]> => {
      const { seen, handler } = noting()
      await client.replay({ handler, ...options }).done
      return seen
    }
    t.deepEqual(await replayed({}), range(1, 400))
    t.deepEqual(await replayed({ from: 390 }), range(390, 400))
    t.deepEqual(await replayed({ from: 390, to: 392 }), range(390, 392))
    t.deepEqual(await replayed({ from: second(300), to: second(302) }), [301, 302, 303])
    t.deepEqual(await replayed({ from: second(300) + 1n, to: 303 }), [302, 303])
    t.deepEqual(await replayed({ to: START_NS - 1n }), [])
    t.deepEqual(await replayed({ from: second(1_000) }), [])
    t.deepEqual(await replayed({ from: 0n, to: 2 }), [1, 2])
    t.deepEqual(await replayed({ topics: 'orders.*', from: 395 }), [396, 398, 400])
    t.deepEqual(await replayed({ topics: ['orders.*', '*.B'], from: 399 }), [399, 400])
    t.deepEqual(await replayed({ topics: 'ticks.*' }), [])
    const { read, matched, handled } = await client.replay({ handler: () => {}, topics: 'orders.*', from: 201 }).done
    t.deepEqual([read, matched, handled], [200, 100, 100])
  })

  test(`one backend replays what the other has written [${backend}]`, async (t) => {
    for (const writer of backends) {
      const directory = scratch(t)
      await writePast(directory, writer, past(300))
      const { bus, client } = await openJournalled(t, backend, directory)
      const { seen, handler } = noting()
      await client.replay({ handler, name: 'audit', to: 100 }).done
      await client.close()
      await bus.close()
      const again = await openJournalled(t, writer, directory)
      await again.client.replay({ handler, name: 'audit' }).done
      t.deepEqual(seen, range(1, 300))
    }
  })

  test(`what was appended when a replay began is all of it, written or not [${backend}]`, async (t) => {
    const { client } = await openJournalled(t, backend, scratch(t))
    for (const n of [1, 2]) await client.publish('orders.A', { n }, { ack: 'written' })
    const { seen, handler } = noting()
    // Not written yet, and it counts: it was appended before.
    client.tryPublish('orders.A', { n: 3 })
    const replay = client.replay({ handler })
    client.tryPublish('orders.A', { n: 4 })
    t.deepEqual(seen, [], 'handlers run in turns of their own')
    await replay.done
    t.deepEqual(seen, [1, 2, 3])
  })

  test(`a replay follows what is published, and not before it is as safe as its topic asks [${backend}]`, async (t) => {
    const { client } = await openJournalled(t, backend, scratch(t))
    const journal = client.journal!
    const seen: string[] = []
    const handler = ({ n }: Order, { topic, sequence }: ReplayedDelivery): void => {
      const isSafe = topic === 'synced.A' ? journal.stats().synced >= sequence : journal.stats().written >= sequence
      seen.push(`${topic} ${n} ${isSafe}`)
    }
    await client.publish('orders.A', { n: 0 }, { ack: 'written' })
    const replay = client.replay({ handler, topics: ['orders.*', 'synced.*', 'memory.*'], follow: true })
    await replay.caughtUp()
    t.deepEqual(seen, ['orders.A 0 true'])
    const sent = ['synced', 'memory', 'orders', 'fills', 'synced'].map((topic) => `${topic}.A`)
    for (const [place, topic] of sent.entries()) client.tryPublish(topic, { n: place + 1, key: 'k' })
    await replay.caughtUp()
    t.deepEqual(seen.slice(1), ['synced.A 1 true', 'memory.A 2 true', 'orders.A 3 true', 'synced.A 5 true'])
    // Of what has nothing to begin in this process, each is a promise of its own.
    for (let n = 6; n < 50; n += 1) {
      client.tryPublish('memory.A', { n })
      await replay.caughtUp()
      t.is(seen.length, n)
    }
    const report = await replay.stop()
    t.like(report, { read: 50, matched: 49, handled: 49, ended: 'stopped' })
    client.tryPublish('memory.A', { n: 50 })
    await client.drain()
    t.is(seen.length, 49)
  })

  test(`a name goes on where it stopped, after the next open as well [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(50))
    const first = await openJournalled(t, backend, directory)
    const seen: number[] = []
    const upTo =
      (last: number, replay: () => { stop(): unknown }) =>
      async ({ n }: Order) => {
        await new Promise(setImmediate)
        seen.push(n)
        if (n === last) void replay().stop()
      }
    const one: Replay = first.client.replay({ name: 'risk', from: 11, handler: upTo(20, () => one) })
    const report = await one.done
    t.like(report, { handled: 10, ended: 'stopped', position: 20 })
    t.is(report.matched, report.handled + report.queued)
    // It has begun before, so that it does not begin there once more.
    const two: Replay = first.client.replay({ name: 'risk', from: 11, handler: upTo(30, () => two) })
    await two.done
    await first.client.close()
    await first.bus.close()

    const { client } = await openJournalled(t, backend, directory)
    t.is(client.journal!.acknowledged('risk'), 30)
    t.is([...client.journal!.pending('risk')].length, 20)
    const three: Replay = client.replay({ name: 'risk', follow: true, handler: upTo(-1, () => three) })
    await three.caughtUp()
    client.tryPublish('orders.A', { n: 51 })
    await three.caughtUp()
    t.deepEqual(seen, range(11, 51))
    await three.stop()
    const none = await client.replay({ name: 'risk', handler: () => t.fail('it was handled') }).done
    t.like(none, { read: 0, ended: 'done' })
  })

  test(`a name that begins with a time begins there for good [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(300))
    const { client } = await openJournalled(t, backend, directory)
    const { seen, handler } = noting()
    await client.replay({ name: 'late', from: second(250), to: second(259), handler }).done
    await client.replay({ name: 'late', to: 270, handler }).done
    t.deepEqual(seen, range(251, 270))
    // One that was stopped before it got there has begun nowhere.
    await client.replay({ name: 'never', from: second(299), handler, signal: AbortSignal.abort() }).done
    t.false(client.journal!.consumers.includes('never'))
  })

  test(`read-ahead and handlers under way are bounded, whatever the journal holds [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(2_000))
    const { client } = await openJournalled(t, backend, directory)
    const finish: (() => void)[] = []
    let most = 0
    const handler = async (): Promise<void> => {
      await new Promise<void>((resolve) => finish.push(resolve))
    }
    const replay = client.replay({ handler, concurrency: 4, ackWaitMs: 1e6 })
    await until(() => replay.stats().matched === 256)
    for (let turn = 0; turn < 50; turn += 1) {
      await new Promise(setImmediate)
      const { matched, handled, failed, queued, inFlight } = replay.stats()
      most = Math.max(most, queued + inFlight)
      t.is(inFlight, 4)
      t.is(matched, handled + failed + queued + inFlight)
    }
    t.is(most, 256)
    // One that is not done holds the window where it is, so that no more than that comes again after a crash.
    const done = finish.splice(1)
    for (const one of done) one()
    while (replay.stats().handled < 255) {
      await new Promise(setImmediate)
      for (const one of finish.splice(1)) one()
    }
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    t.like(replay.stats(), { matched: 256, handled: 255, position: 0 })
    let isOver = false
    void replay.done.then(() => (isOver = true))
    while (!isOver) {
      for (const one of finish.splice(0)) one()
      await new Promise(setImmediate)
    }
    t.is(replay.stats().handled, 2_000)
  })

  test(`with several handlers under way the messages of one key keep their order, one at a time [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(
      directory,
      backend,
      past(300, (n) => (n % 4 === 3 ? {} : { key: `k${n % 4}` })),
    )
    const { client } = await openJournalled(t, backend, directory)
    const byKey = new Map<string, number[]>()
    const running = new Map<string, number>()
    let most = 0
    const handler = async ({ n }: Order, { key = 'none' }: ReplayedDelivery): Promise<void> => {
      running.set(key, (running.get(key) ?? 0) + 1)
      most = Math.max(
        most,
        [...running.values()].reduce((sum, one) => sum + one, 0),
      )
      if (key !== 'none') t.is(running.get(key), 1)
      for (let turns = n % 5; turns > 0; turns -= 1) await new Promise(setImmediate)
      byKey.set(key, [...(byKey.get(key) ?? []), n])
      running.set(key, running.get(key)! - 1)
    }
    await client.replay({ handler, concurrency: 8 }).done
    t.is(most, 8)
    for (const key of ['k0', 'k1', 'k2'])
      t.deepEqual(
        byKey.get(key),
        byKey.get(key)!.toSorted((a, b) => a - b),
      )
    t.is([...byKey.values()].flat().length, 300)
  })

  test(`speed keeps the pace at which messages were appended, on the client's clock [${backend}]`, async (t) => {
    const directory = scratch(t)
    const times = [0, 100, 100, 400, 1_000]
    await writePast(
      directory,
      backend,
      times.map((atMs, place) => ({ n: place + 1, atMs })),
    )
    const { client, clock, settled } = await openVirtual(t, backend, directory)
    for (const [speed, factor] of [
      [1, 1],
      [10, 10],
      [0.5, 0.5],
    ] as const) {
      const startNs = clock.nowNs()
      const at: number[] = []
      const replay = client.replay({ handler: () => void at.push((clock.nowNs() - startNs) / 1e6), speed })
      await clock.run(3_000)
      t.deepEqual(
        at,
        times.map((ms) => ms / factor),
        `${speed}`,
      )
      await replay.done
    }
    // As fast as possible takes no time of the clock, and a slow handler is not hurried: what is due goes on at once.
    const nowNs = clock.nowNs()
    let count = 0
    client.replay({ handler: () => void (count += 1) })
    await settled(() => count === 5)
    t.is(clock.nowNs(), nowNs)
    const at: number[] = []
    const slow = async (): Promise<void> => {
      at.push((clock.nowNs() - nowNs) / 1e6)
      await new Promise<void>((resolve) => void clock.setTimer(resolve, 300))
    }
    client.replay({ handler: slow, speed: 1 })
    await clock.run(3_000)
    t.deepEqual(at, [0, 300, 600, 900, 1_200])
  })

  test(`a replay that is paced stops between two messages, and leaves no timer behind [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(10))
    const { client, clock, settled } = await openVirtual(t, backend, directory)
    const timers = clock.timers
    const { seen, handler } = noting()
    const replay = client.replay({ handler, speed: 1, name: 'slow' })
    await clock.run(3_500)
    let report: unknown
    void replay.stop().then((said) => (report = said))
    await settled(() => report !== undefined)
    t.deepEqual(seen, [1, 2, 3, 4])
    t.like(report, { handled: 4, position: 4, queued: 6, ended: 'stopped' })
    t.is(clock.timers, timers)
  })

  test(`files that a name has not been through stay, and go when it has, or is removed [${backend}]`, async (t) => {
    const directory = scratch(t)
    await writePast(directory, backend, past(600))
    const { client } = await openJournalled(t, backend, directory)
    const journal = client.journal!
    await client.subscribe('orders.*', () => {}, { group: 'exec' })
    const files = (): string[] => segmentNames(directory)
    const all = files().length
    await client.replay({ name: 'slow', to: 300, handler: () => {} }).done
    await client.replay({ name: 'gone', to: 200, handler: () => {} }).done
    await journal.retain()
    await until(() => files().length < all)
    const { seen, handler } = noting()
    await client.replay({ handler }).done
    t.true(seen[0]! <= 201, 'what the slower one needs is there')
    t.deepEqual(seen, range(seen[0]!, 600))
    // Where it lies cannot be begun any more, by sequence or by time.
    t.is(
      codeOf(() => client.replay({ handler, from: 1 })),
      'TICKBUS_REPLAY_FROM',
    )
    t.is(
      codeOf(() => client.replay({ handler, from: START_NS })),
      'TICKBUS_REPLAY_FROM',
    )
    t.is(
      codeOf(() => client.replay({ handler, from: 10_000 })),
      'TICKBUS_REPLAY_FROM',
    )

    const left = files().length
    journal.removeConsumer('gone')
    await journal.retain()
    await until(() => files().length < left, 'what only the removed one needed to go')
    await client.replay({ name: 'slow', handler: () => {} }).done
    // A replay without a name keeps what it reads, and no longer.
    let open = (): void => {}
    const opened = new Promise<void>((resolve) => (open = resolve))
    const held = client.replay({ handler: () => opened, to: 302 })
    await until(() => held.stats().inFlight === 1)
    const still = files().length
    await journal.retain()
    await journal.retain()
    t.is(files().length, still)
    open()
    await held.done
    await journal.retain()
    await until(() => files().length < still)
  })

  test(`a name waits for its topics alone while nobody replays it [${backend}]`, async (t) => {
    const directory = scratch(t)
    const { client, bus } = await openJournalled(t, backend, directory)
    const { seen, handler } = noting()
    await client.replay({ name: 'audit', topics: 'orders.*', handler }).done
    let others = 0
    for (const n of [1, 2, 3]) others = (await client.publish('memory.A', { n }, { ack: 'written' })).sequence!
    const { sequence } = await client.publish('orders.A', { n: 4 }, { ack: 'written' })
    await client.publish('memory.A', { n: 5 }, { ack: 'written' })
    t.is(client.journal!.acknowledged('audit'), others, 'what is for others holds nothing back')
    await client.close()
    await bus.close()
    const again = await openJournalled(t, backend, directory)
    t.deepEqual(
      [...again.client.journal!.pending('audit')].map((record) => record.sequence),
      [sequence!],
    )
    const report = await again.client.replay({ name: 'audit', topics: 'orders.*', handler }).done
    t.deepEqual(seen, [4])
    t.like(report, { matched: 1, handled: 1 })
    // It may be let go of at any time.
    again.client.tryPublish('memory.A', { n: 6 })
    again.client.journal!.removeConsumer('audit')
    t.is(again.client.tryPublish('memory.A', { n: 7 }), 'accepted')
    t.false(again.client.journal!.consumers.includes('audit'))
    await again.client.subscribe('orders.*', handler, { group: 'audit' })
    const later = await again.client.publish('memory.A', { n: 8 }, { ack: 'written' })
    t.is(again.client.journal!.acknowledged('audit'), later.sequence!)
  })

  test(`a name is a group's or a replay's, and has one replay at a time [${backend}]`, async (t) => {
    const directory = scratch(t)
    const { client, bus } = await openJournalled(t, backend, directory)
    const handler = (): void => {}
    await client.subscribe('orders.*', handler, { group: 'exec' })
    await client.publish('orders.A', { n: 1 }, { ack: 'written' })
    const name = (of: string) => codeOf(() => client.replay({ name: of, handler }))
    t.is(name('exec'), 'TICKBUS_REPLAY_NAME')
    const other = await BufferedMessageBusClient.open(bus)
    await other.subscribe('ticks.*', handler, { group: 'theirs' })
    t.is(name('theirs'), 'TICKBUS_REPLAY_NAME')
    const replay = client.replay({ name: 'audit', handler, follow: true })
    t.is(name('audit'), 'TICKBUS_REPLAY_NAME')
    const grouped = (of: BufferedMessageBusClient): Promise<string> =>
      of.subscribe('orders.*', handler, { group: 'audit' }).then(
        () => 'subscribed',
        (error: { code: string }) => error.code,
      )
    t.is(await grouped(client), 'TICKBUS_GROUP_CONFLICT')
    t.is(await grouped(other), 'TICKBUS_GROUP_CONFLICT')
    await replay.stop()
    t.is(await grouped(client), 'TICKBUS_GROUP_CONFLICT', 'the journal has its cursor')
    await client.close()
    await other.close()
    await bus.close()
    const again = await openJournalled(t, backend, directory)
    // Nobody has subscribed again: the journal knows it all the same.
    t.is(
      codeOf(() => again.client.replay({ name: 'exec', handler })),
      'TICKBUS_REPLAY_NAME',
    )
    t.is(await grouped(again.client), 'TICKBUS_GROUP_CONFLICT')
    await again.client.replay({ name: 'audit', handler }).done
    const removed = again.client.replay({ name: 'audit', handler, follow: true })
    await removed.caughtUp()
    again.client.journal!.removeConsumer('audit')
    again.client.tryPublish('orders.A', { n: 2 })
    t.like(await t.throwsAsync(removed.done), { code: 'TICKBUS_REPLAY_NAME' })
    t.is(await grouped(again.client), 'subscribed')
  })

  test(`what is given to a group once more is none of a name's [${backend}]`, async (t) => {
    const { client } = await openJournalled(t, backend, scratch(t))
    let fails = true
    const failing = (): void => {
      if (fails) throw new Error('not yet')
    }
    await client.subscribe('orders.*', failing, { group: 'exec', maxDeliver: 1 })
    const { seen, handler } = noting()
    await client.replay({ name: 'audit', handler }).done
    await client.publish('orders.A', { n: 1 }, { ack: 'written' })
    await until(() => client.deadLetters.size === 1)
    fails = false
    await client.deadLetters.redrive({})
    await client.drain()
    await client.replay({ name: 'audit', handler }).done
    t.deepEqual(seen, [1])
  })

  test(`bad input is refused, and nothing is begun [${backend}]`, async (t) => {
    const { client, bus } = await openJournalled(t, backend, scratch(t))
    const handler = (): void => {}
    const wrong: object[] = [
      {},
      { handler: 1 },
      { handler, topics: [] },
      { handler, from: 0 },
      { handler, from: 1.5 },
      { handler, from: 7n },
      { handler, from: '1' },
      { handler, from: 1, to: 0 },
      { handler, from: START_NS, to: START_NS - 1n },
      { handler, to: 1, follow: true },
      { handler, speed: 0 },
      { handler, speed: 'fast' },
      { handler, name: '' },
      { handler, name: '#1' },
      { handler, concurrency: 0 },
      { handler, concurrency: 257 },
      { handler, maxDeliver: 0 },
      { handler, onFailure: 'ignore' },
      { handler, signal: {} },
      { handler, group: 'a' },
    ]
    for (const options of wrong) {
      t.is(
        codeOf(() => client.replay(options as never)),
        'TICKBUS_ARGUMENT',
        JSON.stringify(options, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      )
    }
    t.is(
      codeOf(() => client.replay({ handler, topics: ['a', ''] })),
      'TICKBUS_PATTERN',
    )
    t.is(client.journal!.stats().appended, 0)
    const plain = await BufferedMessageBusClient.open(new MessageBus({ backend }))
    t.is(
      codeOf(() => plain.replay({ handler })),
      'TICKBUS_NO_JOURNAL',
    )
    await plain.bus.close()
    await client.close()
    t.is(
      codeOf(() => client.replay({ handler })),
      'TICKBUS_CLIENT_CLOSED',
    )
    await bus.close()
  })
}
