import { json, Priority, topics } from 'tickbus'
import { forEachBackend } from './backends.js'
import { accounted, deferred, type Deferred, openClient } from './clients.js'
import { jobs } from './jobs.js'

const { LOW, NORMAL, HIGH, CRITICAL } = Priority

forEachBackend('scheduling', (test, on) => {
  test('strict runs the most urgent lane first, each lane in order', async (t) => {
    const { client, clock } = await openClient(t, on, { policy: 'strict' })
    const seen: unknown[] = []
    await client.subscribe('a', (message) => seen.push(message))
    for (const [i, priority] of [LOW, HIGH, CRITICAL, NORMAL, HIGH, LOW, CRITICAL].entries()) {
      client.tryPublish('a', `${priority}${i}`, { priority })
    }
    clock.turn()
    t.deepEqual(seen, ['32', '36', '21', '24', '13', '00', '05'])
  })

  test('fifo runs messages as they came', async (t) => {
    const { client, clock } = await openClient(t, on, { policy: 'fifo' })
    const seen: unknown[] = []
    await client.subscribe('a', (message) => seen.push(message))
    for (const [i, priority] of [LOW, CRITICAL, HIGH].entries()) client.tryPublish('a', i, { priority })
    clock.turn()
    t.deepEqual(seen, [0, 1, 2])
  })

  test('deadline runs the earliest deadline first', async (t) => {
    const { client, clock } = await openClient(t, on, { policy: 'deadline' })
    const seen: unknown[] = []
    await client.subscribe('a', (message) => seen.push(message))
    client.tryPublish('a', 'none')
    client.tryPublish('a', 'late', { deadlineMs: 100 })
    client.tryPublish('a', 'soon', { deadlineMs: 10, priority: LOW })
    client.tryPublish('a', 'urgent', { priority: CRITICAL })
    clock.turn()
    t.deepEqual(seen, ['urgent', 'soon', 'late', 'none'])
  })

  test('weighted shares turns among the lanes', async (t) => {
    const lanes = { low: { weight: 1 }, normal: { weight: 2 }, high: { weight: 3 } }
    const { client, clock } = await openClient(t, on, { policy: 'weighted', lanes })
    const seen: number[] = []
    await client.subscribe('a', (_, { priority }) => seen.push(priority))
    for (let i = 0; i < 60; i += 1) for (const priority of [LOW, NORMAL, HIGH]) client.tryPublish('a', 0, { priority })
    clock.turn()
    const first = seen.slice(0, 60)
    t.deepEqual(
      [HIGH, NORMAL, LOW].map((lane) => first.filter((priority) => priority === lane).length),
      [30, 20, 10],
    )
  })

  test('with strict, a message of a lower lane gets its turn once it has waited longer than the age bound', async (t) => {
    const { client, clock } = await openClient(t, on, { ageMs: 100 })
    const seen: number[] = []
    await client.subscribe('a', (_, { priority }) => seen.push(priority))
    client.tryPublish('a', 0, { priority: LOW })
    clock.advance(101)
    for (let i = 0; i < 40; i += 1) client.tryPublish('a', 0, { priority: HIGH })
    clock.turn()
    const place = seen.indexOf(LOW)
    t.true(place > 0 && place <= 8, `place ${place}`)
  })

  test('lanes of one’s own take their place by their priority', async (t) => {
    const { client, clock } = await openClient(t, on, { lanes: { ticks: { priority: 1.5, capacity: 5 } } })
    const seen: unknown[] = []
    await client.subscribe('a', (message, { priority }) => seen.push([message, priority]), { group: 'g' })
    for (const priority of [NORMAL, 1.5, HIGH, CRITICAL]) client.tryPublish('a', `p${priority}`, { priority })
    clock.turn()
    t.deepEqual(seen, [
      ['p3', 3],
      ['p2', 2],
      ['p1.5', 1.5],
      ['p1', 1],
    ])
    t.deepEqual(Object.keys(client.stats().groups['g'].lanes), ['low', 'normal', 'ticks', 'high', 'critical'])
    await client.ready('ticks')
  })

  test('the schema’s priority and key apply to messages that name none', async (t) => {
    const schema = topics({ 'o.{id}': json<{ i: string }>({ priority: HIGH, key: ({ i }) => i }) })
    const { bus, client, clock } = await openClient(t, on, {}, { schema })
    const seen: unknown[] = []
    await client.subscribe('o.*', (_, { key, priority }) => seen.push([key, priority]))
    bus.publish('o.1', { i: 'BTC' })
    client.tryPublish('o.2', { i: 'ETH' })
    client.tryPublish('o.3', { i: 'SOL' }, { key: 'own', priority: LOW })
    clock.turn()
    t.deepEqual(seen, [
      ['BTC', HIGH],
      ['ETH', HIGH],
      ['own', LOW],
    ])
  })

  test('after a critical message at most the handler that runs comes before it', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: string[] = []
    await client.subscribe('a', (message: string) => {
      seen.push(message)
      if (message === 'n5' || message === 'n20') client.tryPublish('a', `c${message}`, { priority: CRITICAL })
    })
    for (let i = 0; i < 64; i += 1) client.tryPublish('a', `n${i}`)
    clock.turn()
    t.is(seen.indexOf('cn5'), seen.indexOf('n5') + 1)
    t.is(seen.indexOf('cn20'), seen.indexOf('n20') + 1)
    const ordinary = seen.filter((text) => text.startsWith('n'))
    t.deepEqual(
      ordinary,
      Array.from({ length: 64 }, (_, i) => `n${i}`),
    )
  })

  test('critical messages keep their own order when they come while others run', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: number[] = []
    let next = 0
    await client.subscribe('a', (message: number, { priority }) => {
      if (priority === CRITICAL) seen.push(message)
      if (next < 500) client.tryPublish('a', next++, { priority: next % 3 === 0 ? NORMAL : CRITICAL })
    })
    for (let i = 0; i < 100; i += 1) client.tryPublish('a', next++, { priority: i % 2 === 0 ? NORMAL : CRITICAL })
    await clock.settle()
    t.true(seen.length > 200)
    t.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    )
  })

  test('a critical message draws those of its key along, and never overtakes them', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    await client.subscribe('a', (message) => {
      seen.push(message)
      if (message === 'first') client.tryPublish('a', 'cancel', { key: 'K', priority: CRITICAL })
    })
    client.tryPublish('a', 'first', { priority: HIGH })
    for (let i = 0; i < 30; i += 1) client.tryPublish('a', `other${i}`)
    client.tryPublish('a', 'order', { key: 'K', priority: LOW })
    clock.turn()
    t.deepEqual(seen.slice(0, 4), ['first', 'order', 'cancel', 'other0'])
  })

  test('of one key one delivery is under way at a time, in the order of publishing', async (t) => {
    const { client, clock } = await openClient(t, on)
    const open = new Map<string, Deferred[]>()
    const seen = new Map<string, number[]>()
    let most = 0
    await client.subscribe(
      'a',
      (message: number, { key }) => {
        const running = open.get(key!) ?? []
        open.set(key!, running)
        seen.set(key!, [...(seen.get(key!) ?? []), message])
        const done = deferred()
        running.push(done)
        most = Math.max(most, running.length)
        return done.promise.finally(() => running.splice(running.indexOf(done), 1))
      },
      { group: 'g', concurrency: 50 },
    )
    for (let i = 0; i < 60; i += 1) client.tryPublish('a', i, { key: `k${i % 3}`, priority: i % 4 })
    for (let round = 0; round < 100; round += 1) {
      clock.turn()
      for (const running of open.values()) for (const done of [...running]) done.resolve()
      await jobs()
    }
    t.is(most, 1)
    for (const list of seen.values())
      t.deepEqual(
        list,
        list.toSorted((a, b) => a - b),
      )
    t.is(client.stats().groups['g'].delivered, 60)
  })

  test('order none lets messages of a key run side by side', async (t) => {
    const { client, clock } = await openClient(t, on)
    let running = 0
    await client.subscribe('a', () => ((running += 1), new Promise(() => {})), { order: 'none', concurrency: 10 })
    for (let i = 0; i < 5; i += 1) client.tryPublish('a', i, { key: 'K' })
    clock.turn()
    t.is(running, 5)
  })

  test('no more handlers are under way than there are slots, and of two or more one is kept for urgent lanes', async (t) => {
    for (const [slots, ordinary] of [
      [1, 1],
      [2, 1],
      [8, 7],
    ]) {
      const { client, clock } = await openClient(t, on)
      const running: string[] = []
      const handler = (message: string): Promise<void> => (running.push(message), new Promise(() => {}))
      await client.subscribe('a', handler, { group: `g${slots}`, concurrency: slots })
      for (let i = 0; i < 20; i += 1) client.tryPublish('a', `n${i}`)
      clock.turn()
      clock.turn()
      t.is(running.length, ordinary)
      client.tryPublish('a', 'urgent', { priority: CRITICAL })
      client.tryPublish('a', 'urgent', { priority: CRITICAL })
      clock.turn()
      t.deepEqual(running.slice(ordinary), slots > 1 ? ['urgent'] : [])
      t.is(client.stats().groups[`g${slots}`].inFlight, slots)
      t.is(client.stats().groups[`g${slots}`].slots, slots)
    }
  })

  test('slots can be changed while handlers are under way', async (t) => {
    const { client, clock } = await openClient(t, on, { policy: 'fifo' })
    const running = new Set<Deferred>()
    const handler = (): Promise<void> => {
      const done = deferred()
      running.add(done)
      return done.promise.finally(() => running.delete(done))
    }
    await client.subscribe('a', handler, { group: 'g', concurrency: 10 })
    for (let i = 0; i < 100; i += 1) client.tryPublish('a', i)
    clock.turn()
    t.is(running.size, 10)
    client.resize('g', 2)
    const step = async (): Promise<void> => {
      ;[...running][0].resolve()
      await clock.settle()
    }
    for (let left = 9; left >= 2; left -= 1) {
      await step()
      t.is(running.size, left)
    }
    await step()
    t.is(running.size, 2)
    client.resize('g', 10)
    await clock.settle()
    t.is(running.size, 10)
  })

  test('a message whose deadline passed while it waited is not run, and handed to onExpired', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    const expired: unknown[] = []
    await client.subscribe('a.*', (message) => seen.push(message), {
      group: 'g',
      onExpired: (message, { topic, key, id }) => expired.push([message, topic, key, id > 0]),
    })
    client.tryPublish('a.1', 'late', { deadlineMs: 5, key: 'K' })
    client.tryPublish('a.2', 'soon enough', { deadlineMs: 7 })
    clock.advance(6)
    clock.turn()
    t.deepEqual(seen, ['soon enough'])
    t.deepEqual(expired, [['late', 'a.1', 'K', true]])
    t.is(client.stats().groups['g'].dropped.expired, 1)
  })

  test('onExpired may publish, and may throw', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    const faults: unknown[] = []
    client.on('handlerError', ({ error }) => faults.push(error))
    await client.subscribe('a', (message) => seen.push(message), {
      group: 'g',
      onExpired: (message) => {
        client.tryPublish('a', `again ${message}`)
        throw new Error(String(message))
      },
    })
    for (let i = 0; i < 200; i += 1) client.tryPublish('a', i, { deadlineMs: 1 })
    clock.advance(2)
    await clock.settle()
    t.is(seen.length, 200)
    t.is(faults.length, 200)
    t.is(accounted(client.stats().groups['g']), 400)
  })

  test('a lane that sheds lets go of what waited too long, and critical ones never', async (t) => {
    const lanes = { low: { overflow: 'dropOldest', shed: { targetMs: 5, intervalMs: 20 } } } as const
    const { client, clock } = await openClient(t, on, { lanes })
    let handled = 0
    await client.subscribe('a', () => ((handled += 1), clock.advance(1)), { group: 'g' })
    for (let i = 0; i < 500; i += 1) client.tryPublish('a', i, { priority: LOW })
    for (let i = 0; i < 100; i += 1) client.tryPublish('a', i, { priority: CRITICAL })
    await clock.settle()
    const { dropped } = client.stats().groups['g']
    t.true(dropped.shed > 0)
    t.is(handled + dropped.shed, 600)
  })

  test('a drain ends after a millisecond, and goes on in the next turn', async (t) => {
    const { client, clock } = await openClient(t, on)
    let calls = 0
    await client.subscribe('a', () => ((calls += 1), clock.advance(0.4)))
    for (let i = 0; i < 30; i += 1) client.tryPublish('a', i)
    const turns: number[] = []
    while (calls < 30) {
      const before = calls
      clock.turn()
      turns.push(calls - before)
    }
    t.true(Math.max(...turns) <= 3, turns.join())
    t.true(Math.min(...turns) >= 1)
  })

  test('while a turn has time left, handlers that were waited for make room for the next at once', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: number[] = []
    let takesMs = 0
    const handler = async (n: number): Promise<void> => {
      await undefined
      seen.push(n)
      clock.advance(takesMs)
    }
    await client.subscribe('a', handler, { concurrency: 1 })
    for (let n = 1; n <= 5; n += 1) client.tryPublish('a', n)
    clock.turn()
    await jobs()
    t.deepEqual(seen, [1, 2, 3, 4, 5])
    takesMs = 0.6
    for (let n = 6; n <= 10; n += 1) client.tryPublish('a', n)
    clock.turn()
    await jobs()
    t.deepEqual(seen.slice(5), [6, 7], 'the millisecond is over')
    clock.turn()
    await jobs()
    t.deepEqual(seen.slice(7), [8, 9])
  })

  test('groups take turns: one that is always busy does not hold up another', async (t) => {
    const { client, clock } = await openClient(t, on)
    let busy = 0
    let other = 0
    await client.subscribe('busy', () => {
      busy += 1
      clock.advance(2)
      client.tryPublish('busy', 0)
    })
    await client.subscribe('other', () => (other += 1))
    client.tryPublish('busy', 0)
    for (let i = 0; i < 10; i += 1) {
      client.tryPublish('other', i)
      clock.turn()
      clock.turn()
    }
    t.true(busy >= 10)
    t.is(other, 10)
  })

  test('ten thousand handlers under way at once, then all done', async (t) => {
    const { client, clock } = await openClient(t, on)
    const open: Deferred[] = []
    await client.subscribe('a', () => (open.push(deferred()), open.at(-1)!.promise), {
      group: 'g',
      concurrency: 10_001,
    })
    for (let i = 0; i < 10_000; i += 1) client.tryPublish('a', i)
    await clock.settle()
    t.is(open.length, 10_000)
    t.is(client.stats().groups['g'].inFlight, 10_000)
    for (const [i, { resolve, reject }] of open.entries()) {
      if (i % 2 === 0) resolve()
      else reject(new Error('no'))
    }
    client.on('handlerError', () => {})
    await clock.settle()
    const { delivered, dropped, inFlight } = client.stats().groups['g']
    t.deepEqual([delivered, dropped.failed, inFlight], [5_000, 5_000, 0])
  })
})
