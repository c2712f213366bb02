// Order by key and exact accounts over several threads.
import type { BufferedMessageBusClient } from 'tickbus'
import { forEachBackend } from '../conformance/backends.js'
import { until } from '../until.js'
import { collect, droppedInAll, missing, module, openClient } from './worker-groups.js'

interface Event {
  n: number
  key: string
  thread: number
  atNs: number
}

/** Whole numbers below `below`, the same for the same seed: mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

function accountOf(client: BufferedMessageBusClient, group: string) {
  const { copies, delivered, dropped } = client.stats().groups[group]!
  return { copies, delivered, failed: dropped.failed }
}

forEachBackend('worker groups in order', (test, { openBus }) => {
  for (const seed of [1, 2]) {
    test(`one key runs in one thread at a time, in publish order, whatever handlers do (seed ${seed})`, async (t) => {
      const bus = openBus(t)
      const began = collect<Event>(bus, 'began')
      const ended = collect<Event>(bus, 'ended')
      const client = await openClient(t, bus)
      const errors: unknown[] = []
      client.on('handlerError', ({ error }) => errors.push(error))
      await client.subscribe('a.*', module('worker'), { group: 'g', threads: 4, concurrency: 16 })
      const next = random(seed)
      const keys = 25
      const count = 1_500
      let throwing = 0
      for (let n = 0; n < count; n += 1) {
        const throws = next(10) === 0
        if (throws) throwing += 1
        const message = { n, spinMs: next(40) === 0 ? 1 : 0, waitMs: next(5) === 0 ? 1 + next(3) : 0, throws }
        const key = `k${next(keys)}`
        const status = client.tryPublish(`a.${next(3)}`, message, { key, priority: next(4) })
        t.is(status, 'accepted')
        if (n % 100 === 0) {
          t.is(missing(client.stats().groups.g!), 0)
          await new Promise(setImmediate)
        }
      }
      let isDrained = false
      const drained = client.drain().then(() => (isDrained = true))
      await until(() => {
        t.is(missing(client.stats().groups.g!), 0)
        return isDrained
      })
      await drained
      await until(() => ended.length === count && began.length === count)
      t.deepEqual(accountOf(client, 'g'), { copies: count, delivered: count - throwing, failed: throwing })
      t.is(errors.length, throwing)
      // All four, unless others load the machine.
      t.true(new Set(began.map(({ thread }) => thread)).size > 1)
      for (let k = 0; k < keys; k += 1) {
        const own = (events: Event[]) => events.filter(({ key }) => key === `k${k}`).sort((a, b) => a.atNs - b.atNs)
        const [starts, ends] = [own(began), own(ended)]
        t.deepEqual(
          starts.map(({ n }) => n),
          starts.map(({ n }) => n).sort((a, b) => a - b),
        )
        for (const [i, end] of ends.entries()) {
          t.is(end.n, starts[i]!.n)
          if (i + 1 < starts.length) t.true(end.atNs <= starts[i + 1]!.atNs, `${end.n} overlaps`)
        }
      }
    })
  }

  test('without order the messages of one key run in several threads at once', async (t) => {
    const bus = openBus(t)
    const began = collect<Event>(bus, 'began')
    const ended = collect<Event>(bus, 'ended')
    const client = await openClient(t, bus)
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 2, concurrency: 8, order: 'none' })
    for (let n = 0; n < 40; n += 1) client.tryPublish('a.1', { n, gate: true }, { key: 'one' })
    // In each of the two threads one of four slots is kept for CRITICAL.
    await until(() => began.length === 6)
    t.is(new Set(began.map(({ thread }) => thread)).size, 2)
    t.is(ended.length, 0)
    bus.publish('go', undefined)
    await until(() => ended.length === 40)
  })

  test('no more handlers are under way in all threads together than the group has slots', async (t) => {
    const bus = openBus(t)
    const began = collect<Event>(bus, 'began')
    const ended = collect<Event>(bus, 'ended')
    const client = await openClient(t, bus)
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 2, concurrency: 6 })
    for (let n = 0; n < 200; n += 1) client.tryPublish('a.1', { n, waitMs: 1 })
    await until(() => ended.length === 200)
    const steps = [...began.map(({ atNs }) => [atNs, 1]), ...ended.map(({ atNs }) => [atNs, -1])] as [number, number][]
    let [running, most] = [0, 0]
    for (const [, step] of steps.sort((a, b) => a[0] - b[0] || a[1] - b[1])) most = Math.max(most, (running += step))
    t.true(most <= 6, `${most} at once`)
    t.true(most > 1)
  })

  test('accounts are exact after a close in the middle of the traffic', async (t) => {
    const bus = openBus(t)
    const client = await openClient(t, bus)
    await client.subscribe('a.*', module('worker'), { group: 'g', threads: 3, concurrency: 9 })
    let accepted = 0
    for (let n = 0; n < 2_000; n += 1) {
      // The last ones go one after the other, so that some are left however late this thread comes to close.
      const isLast = n >= 1_900
      const message = { n, waitMs: isLast ? 100 : n % 7 === 0 ? 2 : 0, spinMs: n % 50 === 0 ? 1 : 0 }
      if (client.tryPublish('a.1', message, { key: isLast ? 'last' : `k${n % 40}` }) === 'accepted') accepted += 1
      if (n % 200 === 0) await new Promise(setImmediate)
    }
    await client.close()
    t.is(client.tryPublish('a.1', { n: -1 }), 'closed')
    const stats = client.stats().groups.g!
    t.is(stats.copies, accepted)
    t.deepEqual([stats.queued, stats.inFlight, stats.threads], [0, 0, 0])
    t.is(stats.delivered + droppedInAll(stats), accepted)
    t.is(stats.dropped.workerLost, 0)
    t.true(stats.dropped.closed > 0)
  })
})
