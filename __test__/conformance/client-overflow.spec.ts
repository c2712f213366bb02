import { msgpack, Priority, quote, record, topics, type WaterMark } from 'tickbus'
import { codeOf, codeOfRejection, forEachBackend } from './backends.js'
import { accounted, openClient } from './clients.js'
import { jobs } from './jobs.js'

const { LOW, NORMAL, HIGH } = Priority

forEachBackend('full lanes', (test, on) => {
  test('a lane that rejects answers backpressured, and nobody gets the message', async (t) => {
    const { bus, client, clock } = await openClient(t, on, { lanes: { normal: { capacity: 2, overflow: 'reject' } } })
    const heard: unknown[] = []
    const handled: unknown[] = []
    const other: unknown[] = []
    bus.subscribe('a', (message: unknown) => heard.push(message))
    await client.subscribe('*', (message) => other.push(message), { group: 'first' })
    await client.subscribe('a', (message) => handled.push(message), { group: 'g' })
    t.deepEqual(
      [1, 2, 3].map((n) => client.tryPublish('a', n)),
      ['accepted', 'accepted', 'backpressured'],
    )
    t.is(await codeOfRejection(client.publish('a', 4)), 'TICKBUS_BACKPRESSURED')
    // Only this one group is full.
    clock.turn()
    t.deepEqual(
      [heard, handled, other],
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
    )
    const stats = client.stats()
    t.is(stats.refused, 2)
    t.is(stats.published, 2)
    t.is(stats.groups['g'].copies, 2)
    t.is(stats.groups['first'].copies, 2)
  })

  test('if one group refuses, no other gets a copy, whichever was asked first', async (t) => {
    const { bus, client, clock } = await openClient(t, on, { lanes: { normal: { capacity: 1, overflow: 'reject' } } })
    const seen: unknown[] = []
    const heard: unknown[] = []
    bus.subscribe('both', (message: unknown) => heard.push(message))
    const handler = (message: unknown): void => void seen.push(message)
    for (const group of ['first', 'middle', 'last']) {
      await client.subscribe('both', handler, { group })
      await client.subscribe(group, handler, { group })
    }
    for (const full of ['first', 'middle', 'last']) {
      const before = client.stats()
      t.is(client.tryPublish(full, full), 'accepted')
      t.is(client.tryPublish('both', 'refused'), 'backpressured')
      bus.publish('both', 'heard only')
      t.is(client.stats().refused, before.refused + 2)
      for (const [name, { copies }] of Object.entries(client.stats().groups)) {
        t.is(copies, before.groups[name].copies + (name === full ? 1 : 0))
      }
      clock.turn()
    }
    t.deepEqual(seen, ['first', 'middle', 'last'])
    t.deepEqual(heard, ['heard only', 'heard only', 'heard only'])
    // What the others had reserved is free again.
    t.is(client.tryPublish('both', 'all'), 'accepted')
    clock.turn()
    t.deepEqual(seen.slice(3), ['all', 'all', 'all'])
  })

  test('bus.publish counts a refusal, and bus subscribers get the message all the same', async (t) => {
    const { bus, client } = await openClient(t, on, { lanes: { normal: { capacity: 1, overflow: 'block' } } })
    const heard: unknown[] = []
    bus.subscribe('a', (message: unknown) => heard.push(message))
    await client.subscribe('a', () => {}, { group: 'g' })
    for (const n of [1, 2, 3]) bus.publish('a', n)
    t.deepEqual(heard, [1, 2, 3])
    t.is(client.stats().refused, 2)
    t.is(client.stats().published, 1)
    t.is(client.stats().groups['g'].copies, 1)
  })

  test('dropOldest lets go of what waited longest, dropNewest of what comes', async (t) => {
    const lanes = {
      low: { capacity: 2, overflow: 'dropOldest' },
      normal: { capacity: 2, overflow: 'dropNewest' },
    } as const
    const { client, clock } = await openClient(t, on, { lanes })
    const seen: unknown[] = []
    await client.subscribe('a', (message) => seen.push(message), { group: 'g' })
    t.deepEqual(
      [1, 2, 3].map((n) => client.tryPublish('a', `low${n}`, { priority: LOW })),
      ['accepted', 'accepted', 'accepted'],
    )
    t.deepEqual(
      [1, 2, 3].map((n) => client.tryPublish('a', `normal${n}`, { priority: NORMAL })),
      ['accepted', 'accepted', 'shed'],
    )
    clock.turn()
    t.deepEqual(seen, ['normal1', 'normal2', 'low2', 'low3'])
    const group = client.stats().groups['g']
    t.is(group.copies, 6)
    t.is(group.delivered, 4)
    t.is(group.dropped.overflow, 2)
  })

  test('conflate keeps the last message of each topic and key, in its place, and says so', async (t) => {
    const { client, clock } = await openClient(t, on, { lanes: { low: { capacity: 3, overflow: 'conflate' } } })
    const seen: unknown[] = []
    await client.subscribe('*', (message) => seen.push(message), { group: 'g' })
    const publish = (topic: string, message: string, key?: string): string =>
      client.tryPublish(topic, message, { priority: LOW, ...(key !== undefined && { key }) })
    t.is(publish('a', 'a1', 'k'), 'accepted')
    t.is(publish('b', 'b1', 'kb'), 'accepted')
    t.is(publish('a', 'a2', 'k'), 'conflated')
    t.is(publish('a', 'a3', 'other'), 'accepted')
    t.is((await client.publish('a', 'a4', { priority: LOW, key: 'k' })).status, 'conflated')
    clock.turn()
    t.deepEqual(seen, ['a4', 'b1', 'a3'])
    const group = client.stats().groups['g']
    t.is(group.dropped.conflated, 2)
    t.is(accounted(group), 5)
  })

  test('of several groups the worst status counts', async (t) => {
    const lanes = {
      low: { capacity: 2, overflow: 'conflate' },
      normal: { capacity: 1, overflow: 'dropNewest' },
    } as const
    const { client } = await openClient(t, on, { lanes })
    await client.subscribe('*', () => {}, { group: 'all' })
    client.tryPublish('b', 0, { priority: LOW })
    await client.subscribe('a', () => {}, { group: 'some' })
    t.is(client.tryPublish('a', 0, { priority: LOW }), 'accepted')
    t.is(client.tryPublish('a', 1, { priority: LOW }), 'conflated')
    t.is(client.tryPublish('b', 1), 'accepted')
    t.is(client.tryPublish('a', 1), 'shed')
    t.is(client.stats().groups['some'].queued, 2)
  })

  test('publish waits for room in a lane that blocks, those first who came first', async (t) => {
    const { client, clock } = await openClient(t, on, { lanes: { normal: { capacity: 1, overflow: 'block' } } })
    const seen: unknown[] = []
    await client.subscribe('a', (message) => seen.push(message), { group: 'g' })
    const all = Promise.all([1, 2, 3].map((n) => client.publish('a', n)))
    t.is(client.tryPublish('a', 'full'), 'backpressured')
    await clock.settle()
    t.deepEqual(
      (await all).map(({ status }) => status),
      ['accepted', 'accepted', 'accepted'],
    )
    t.deepEqual(seen, [1, 2, 3])
    t.is(client.stats().refused, 1)
  })

  test('publish gives up after the lane’s time, or its own', async (t) => {
    const { client, clock } = await openClient(t, on, { lanes: { normal: { capacity: 1, overflow: 'block' } } })
    await client.subscribe('a', () => new Promise(() => {}), { group: 'g', concurrency: 1 })
    client.tryPublish('a', 1)
    clock.turn()
    client.tryPublish('a', 2)
    const codes: string[] = []
    void codeOfRejection(client.publish('a', 3)).then((code) => codes.push(code))
    void codeOfRejection(client.publish('a', 4, { timeoutMs: 10 })).then((code) => codes.push(`own ${code}`))
    clock.advance(9)
    await jobs()
    t.deepEqual(codes, [])
    clock.advance(1)
    await jobs()
    t.deepEqual(codes, ['own TICKBUS_BACKPRESSURED'])
    clock.advance(39)
    await jobs()
    t.is(codes.length, 1)
    clock.advance(1)
    await jobs()
    t.deepEqual(codes, ['own TICKBUS_BACKPRESSURED', 'TICKBUS_BACKPRESSURED'])
    t.is(client.stats().refused, 2)
  })

  test('ready resolves at once with room, and after a full lane only at its low-water mark', async (t) => {
    const { client, clock } = await openClient(t, on, { lanes: { normal: { capacity: 10, overflow: 'reject' } } })
    const free: (() => void)[] = []
    await client.subscribe('a', () => new Promise<void>((done) => free.push(done)), { group: 'g', concurrency: 2 })
    await client.ready('normal')
    for (let i = 0; i < 11; i += 1) client.tryPublish('a', i)
    let isReady = false
    void client.ready('normal').then(() => (isReady = true))
    await client.ready('high')
    let waitingAtReady = -1
    for (let i = 0; i < 30 && !isReady; i += 1) {
      free.shift()?.()
      await jobs()
      clock.turn()
      await jobs()
      waitingAtReady = client.stats().groups['g'].queued
    }
    t.true(isReady)
    t.is(waitingAtReady, 2)
  })

  test('water marks are told once each way', async (t) => {
    const { client, clock } = await openClient(t, on, { lanes: { normal: { capacity: 10, overflow: 'reject' } } })
    const marks: (WaterMark & { event: string })[] = []
    client.on('highWater', (mark) => marks.push({ event: 'high', ...mark }))
    client.on('lowWater', (mark) => marks.push({ event: 'low', ...mark }))
    await client.subscribe('a', () => {}, { group: 'g' })
    for (const count of [7, 8, 8, 3]) {
      for (let i = 0; i < count; i += 1) client.tryPublish('a', i)
      clock.turn()
    }
    const high = { event: 'high', group: 'g', lane: 'normal', waiting: 8 }
    const low = { event: 'low', group: 'g', lane: 'normal', waiting: 0 }
    t.deepEqual(marks, [high, low, high, low])
  })

  test('a lane’s capacity is what was asked for, exactly', async (t) => {
    const { client } = await openClient(t, on, { lanes: { high: { capacity: 77, overflow: 'reject' } } })
    await client.subscribe('a', () => {}, { group: 'g' })
    let accepted = 0
    while (client.tryPublish('a', 0, { priority: HIGH }) === 'accepted') accepted += 1
    t.is(accepted, 77)
  })

  test('every lane can be filled to its capacity, with leases and in-flight messages on top', async (t) => {
    const { client, clock } = await openClient(t, on, {
      lanes: {
        low: { capacity: 100 },
        normal: { capacity: 100 },
        high: { capacity: 100 },
        critical: { capacity: 100 },
      },
    })
    await client.subscribe('a', () => new Promise(() => {}), { group: 'g', concurrency: 50 })
    const fill = (): number => {
      let taken = 0
      for (const priority of [0, 1, 2, 3]) while (client.tryPublish('a', 0, { priority }) === 'accepted') taken += 1
      return taken
    }
    t.is(fill(), 400)
    clock.turn()
    t.is(client.stats().groups['g'].inFlight, 50)
    t.is(fill(), 50)
    t.is(client.stats().groups['g'].queued, 400)
  })

  test('payload memory that runs out is backpressure', async (t) => {
    const fields = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`f${i}`, 'f64' as const]))
    const schema = topics({ wide: record(fields), narrow: quote() })
    const lanes = {
      low: { capacity: 1 },
      normal: { capacity: 5_000 },
      high: { capacity: 1 },
      critical: { capacity: 1 },
    }
    const { bus, client, clock } = await openClient(t, on, { memoryMb: 2, lanes }, { schema })
    let handled = 0
    await client.subscribe('wide', () => (handled += 1), { group: 'g' })
    const message = Object.fromEntries(Object.keys(fields).map((name) => [name, 1]))
    let accepted = 0
    while (client.tryPublish('wide', message as never) === 'accepted') accepted += 1
    t.true(accepted > 500 && accepted < 2_000, `${accepted}`)
    // Its room is used again.
    for (let round = 0; round < 3; round += 1) {
      await clock.settle()
      t.is(handled, accepted * (round + 1))
      for (let i = 0; i < accepted; i += 1) t.is(client.tryPublish('wide', message as never), 'accepted')
    }
    void bus
  })

  test('what may not be lost is refused in lanes that lose', async (t) => {
    const schema = topics({ 'orders.{id}': msgpack({ delivery: 'at-least-once', priority: HIGH }), 'x.{y}': msgpack() })
    const lossy = [{ overflow: 'dropOldest' }, { overflow: 'dropNewest' }, { overflow: 'conflate' }] as const
    for (const high of [...lossy, { overflow: 'dropOldest', shed: { targetMs: 1 } } as const]) {
      t.is(await codeOfRejection(openClient(t, on, { lanes: { high } }, { schema })), 'TICKBUS_LOSSY_LANE')
    }
    const { bus, client, clock } = await openClient(t, on, { lanes: { low: { overflow: 'conflate' } } }, { schema })
    const seen: unknown[] = []
    bus.subscribe('*', (message: unknown) => seen.push(message))
    await client.subscribe('*', (message) => seen.push(message))
    t.is(
      codeOf(() => client.tryPublish('orders.1', 1, { priority: LOW })),
      'TICKBUS_LOSSY_LANE',
    )
    t.is(client.tryPublish('orders.1', 2), 'accepted')
    t.is(client.tryPublish('x.1', 3, { priority: LOW }), 'accepted')
    clock.turn()
    t.deepEqual(seen, [2, 3, 2, 3])
  })
})
