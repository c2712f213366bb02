// Groups of functions that follow their load, on a virtual clock.
import type { ExecutionContext } from 'ava'
import * as fc from 'fast-check'
import {
  BufferedMessageBusClient,
  type Delivery,
  json,
  type MessageBusOptions,
  Priority,
  type ScalingDecision,
  type StuckHandler,
  topics,
} from 'tickbus'
import { VirtualClock } from 'tickbus/testing'
import { forEachBackend, type OnBackend } from './backends.js'
import { accounted, openClient } from './clients.js'

const LIMITS = { min: 1, max: 50 }
const SERVICE_MS = 40

/** A client with a group `g` whose handlers wait for 40 ms, and all that it decides. */
async function openScaled(t: ExecutionContext, on: OnBackend, workers = LIMITS) {
  const { client, clock } = await openClient(t, on, { workers, autoscale: true })
  const decisions: ScalingDecision[] = []
  client.on('scaled', (decision) => decisions.push(decision))
  await client.subscribe('a', () => new Promise<void>((resolve) => clock.setTimer(resolve, SERVICE_MS)), { group: 'g' })
  const stats = () => client.stats().groups['g']
  /** Publishes evenly for so long. */
  const load = async (perSecond: number, ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 20) {
      for (let i = 0; i < perSecond / 50; i += 1) client.tryPublish('a', i)
      await clock.run(20)
    }
  }
  return { client, clock, decisions, stats, load }
}

/** The same, where each message but `fine` ones is put off for a minute at its first attempt. */
async function openRetrying(t: ExecutionContext, on: OnBackend) {
  const schema = topics({ 'orders.{id}': json<unknown>({ delivery: 'at-least-once' }) })
  const { client, clock } = await openClient(t, on, { workers: LIMITS }, { schema } as MessageBusOptions)
  const decisions: ScalingDecision[] = []
  client.on('scaled', (decision) => decisions.push(decision))
  const handle = (message: unknown, delivery: Delivery): unknown =>
    message !== 'fine' && delivery.attempt === 1
      ? delivery.nack({ delayMs: 60_000 })
      : new Promise<void>((resolve) => clock.setTimer(resolve, SERVICE_MS))
  await client.subscribe('orders.*', handle, { group: 'g' })
  return { client, clock, decisions, stats: () => client.stats().groups['g'] }
}

forEachBackend('a group that follows its load', (test, on) => {
  test('grows within three ticks of a step of ten, shrinks only after the hold, and says why', async (t) => {
    const { client, decisions, stats, load } = await openScaled(t, on)
    t.is(stats().slots, 1)
    await load(50, 1_000)
    await load(500, 60)
    // 500 a second, 40 ms each: 20 are busy.
    t.true(stats().slots >= 20, `${stats().slots} slots`)
    await load(500, 1_000)
    const high = stats().slots
    const fallsNs = decisions.at(-1)!.atNs
    await load(50, 8_000)
    t.is(stats().slots, high)
    await load(50, 14_000)
    t.true(stats().slots <= 10, `${stats().slots} slots`)
    t.is(accounted(stats()), stats().copies)

    const shrinks = decisions.filter(({ from, to }) => to < from)
    for (const [i, { from, to, atNs, reason }] of shrinks.entries()) {
      t.is(reason, 'idle')
      t.true(from - to <= Math.max(1, Math.floor(from / 4)), `${from} to ${to}`)
      t.true(atNs - fallsNs >= 9e9)
      if (i > 0) t.true(atNs - shrinks[i - 1].atNs >= 1e9)
    }
    const grown = decisions.find(({ to, from }) => to >= 20 && to > from)!
    t.true(['load', 'backlog'].includes(grown.reason))
    t.is(Math.round(grown.serviceMsUsed), SERVICE_MS)
    t.true(grown.ratePerS >= 490 && grown.ratePerS <= 510, `${grown.ratePerS} a second`)
    t.like(grown, { group: 'g', min: 1, max: 50, cores: 1, cpuShare: 0, kept: 1, threadsFrom: 0, threadsTo: 0 })
    for (const [i, { from }] of decisions.entries()) t.is(from, i === 0 ? 1 : decisions[i - 1].to)
    t.is(decisions.at(-1)!.to, stats().slots)
    t.deepEqual(stats().scaling, decisions.slice(-32))
    await client.close({ timeoutMs: 0 })
    t.deepEqual(stats().scaling, decisions.slice(-32))
  })

  test('changes at most once more, once it has settled at a constant load', async (t) => {
    const { decisions, load } = await openScaled(t, on)
    await load(100, 24_000)
    const settled = decisions.length
    t.true(settled > 0)
    await load(100, 12_000)
    t.true(decisions.length - settled <= 1, `${decisions.length - settled} changes`)
  })

  test('never leaves its limits, whatever comes, and accounts for each change', async (t) => {
    const range = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 12 }))
    const stretch = fc.record({
      count: fc.integer({ min: 0, max: 40 }),
      serviceMs: fc.constantFrom(0, 1, 7, 40, 200),
      priority: fc.constantFrom(Priority.NORMAL, Priority.CRITICAL),
      ms: fc.constantFrom(0, 1, 19, 20, 100, 1_000, 12_000),
    })
    const property = fc.asyncProperty(range, fc.array(stretch, { maxLength: 12 }), async ([min, more], stretches) => {
      const { bus, client, clock } = await openClient(t, on, { workers: { min, max: min + more } })
      const decisions: ScalingDecision[] = []
      client.on('scaled', (decision) => decisions.push(decision))
      const handle = (serviceMs: number) =>
        serviceMs === 0 ? undefined : new Promise<void>((resolve) => clock.setTimer(resolve, serviceMs))
      await client.subscribe('a', handle, { group: 'g' })
      const stats = () => client.stats().groups['g']
      for (const { count, serviceMs, priority, ms } of stretches) {
        for (let i = 0; i < count; i += 1) client.tryPublish('a', serviceMs, { priority })
        await clock.run(ms)
        t.true(stats().inFlight <= min + more)
        t.is(stats().slots, decisions.at(-1)?.to ?? min)
        t.is(accounted(stats()), stats().copies)
      }
      await clock.run(60_000)
      t.is(clock.timers, 0)
      t.true(stats().slots <= Math.max(min, 2))
      for (const [i, { from, to, reason }] of decisions.entries()) {
        t.true(to >= min && to <= min + more && to !== from, `${from} to ${to}`)
        t.is(from, i === 0 ? min : decisions[i - 1].to)
        if (to < from && reason !== 'cores') t.true(from - to <= Math.max(1, Math.floor(from / 4)), `${from} to ${to}`)
      }
      await client.close()
      await bus.close()
    })
    await fc.assert(property, { numRuns: process.env.TICKBUS_LONG === '1' ? 300 : 30 })
  })

  test('reaches both of its limits', async (t) => {
    const { stats, load } = await openScaled(t, on, { min: 2, max: 7 })
    await load(600, 400)
    t.is(stats().slots, 7)
    await load(0, 30_000)
    t.is(stats().slots, 2)
  })

  test('ticks at once when something critical waits, before the next tick is due', async (t) => {
    const { client, clock, decisions, stats, load } = await openScaled(t, on, { min: 1, max: 8 })
    await load(50, 200)
    await clock.run(30_000)
    // One, and one for what is critical.
    t.is(stats().slots, 2)
    // Every slot is taken, a moment after a tick.
    client.tryPublish('a', 'slow')
    await clock.run(0)
    t.is(stats().inFlight, 1)
    const before = decisions.length
    const publishedNs = clock.nowNs()
    for (let i = 0; i < 8; i += 1) client.tryPublish('a', i, { priority: Priority.CRITICAL })
    await clock.run(3)
    const soon = decisions[before]
    t.true(soon !== undefined && soon.atNs - publishedNs <= 3e6)
    t.true(soon.oldestCriticalMs >= 1)
    t.true(stats().slots > 2)
  })

  test('keeps a slot for critical messages first', async (t) => {
    const { client, clock } = await openClient(t, on, { workers: { min: 2, max: 4 }, autoscale: true })
    const begun: unknown[] = []
    await client.subscribe('a', (message) => (begun.push(message), new Promise(() => {})), { group: 'g' })
    for (let i = 0; i < 9; i += 1) client.tryPublish('a', 'ordinary')
    await clock.run(100)
    t.deepEqual(begun, ['ordinary'])
    client.tryPublish('a', 'critical', { priority: Priority.CRITICAL })
    await clock.run(0)
    t.deepEqual(begun, ['ordinary', 'critical'])
    // Nothing has ended, so nothing is known: it holds.
    t.is(client.stats().groups['g'].slots, 2)
  })

  test('sets no timer if it has one size', async (t) => {
    for (const options of [
      { autoscale: true, workers: { min: 5, max: 5 } },
      { autoscale: false, workers: { min: 1, max: 5 } },
      { workers: { max: 5 } },
    ]) {
      const { client, clock } = await openClient(t, on, options)
      await client.subscribe('a', () => {}, { group: `of ${JSON.stringify(options)}` })
      t.is(clock.timers, 0)
      const { slots, scaling } = Object.values(client.stats().groups)[0]
      t.deepEqual([slots, scaling], [5, []])
    }
    const { client, clock } = await openClient(t, on, { autoscale: true, workers: LIMITS })
    await client.subscribe('a', () => {}, { group: 'h', concurrency: 3 })
    t.is(clock.timers, 0)
    t.is(client.stats().groups['h'].slots, 3)
  })

  test('follows its load where a range of workers is all that is said', async (t) => {
    const { client } = await openClient(t, on, { workers: LIMITS })
    await client.subscribe('a', () => {}, { group: 'g' })
    t.is(client.stats().groups['g'].slots, 1)
  })

  test('sets no timer before the first message, nor while it is at rest, and goes on with the next message', async (t) => {
    const { client, clock, stats, load } = await openScaled(t, on)
    t.is(clock.timers, 0)
    await load(500, 400)
    t.true(clock.timers > 0)
    await clock.run(40_000)
    t.is(clock.timers, 0)
    t.is(stats().slots, 2)
    await load(500, 100)
    t.true(stats().slots >= 20, `${stats().slots} slots`)
    await client.drain({ timeoutMs: 0 })
  })

  test('sets no timer at rest at its fewest slots, though the cores refused it more', async (t) => {
    const { client, clock } = await openClient(t, on, { workers: LIMITS })
    // It computes all the time.
    await client.subscribe('a', () => void clock.advance(1), { group: 'g' })
    client.tryPublish('a', 1)
    await clock.run(100)
    t.like(client.stats().groups['g'], { delivered: 1, slots: 1 })
    t.is(clock.timers, 0)
  })

  test('goes on until it has shrunk, when messages end all of a sudden, with few ticks meanwhile', async (t) => {
    const { client, clock } = await openClient(t, on, { workers: { min: 1, max: 8 } })
    // Half a tick later nothing is under way, and what the smooth rate asks for is just as large as it was.
    await client.subscribe('a', () => new Promise<void>((resolve) => clock.setTimer(resolve, 4)), { group: 'g' })
    for (let i = 0; i < 600; i += 1) {
      for (let j = 0; j < 5; j += 1) client.tryPublish('a', j)
      await clock.run(20)
    }
    const { slots } = client.stats().groups['g']
    t.true(slots > 2, `${slots} slots`)
    await clock.run(1_000)
    let ticks = 0
    const { setTimer } = clock
    clock.setTimer = (...timer) => ((ticks += 1), setTimer.apply(clock, timer))
    await clock.run(8_000)
    t.is(client.stats().groups['g'].slots, slots)
    t.true(ticks <= 32, `${ticks} ticks in 8 s`)
    await clock.run(20_000)
    t.is(client.stats().groups['g'].slots, 2)
    t.is(clock.timers, 0)
  })

  test('rests while messages wait for another attempt, and grows when they are due', async (t) => {
    const { client, clock, decisions, stats } = await openRetrying(t, on)
    for (let i = 0; i < 60; i += 1) client.tryPublish('orders.1', i)
    await clock.run(40_000)
    t.like(stats(), { queued: 60, inFlight: 0, retried: 60 })
    // That of the first attempt that is due.
    t.is(clock.timers, 1)
    const before = decisions.length
    await clock.run(20_200)
    t.true(stats().slots >= 8, `${stats().slots} slots`)
    t.true(decisions[before]!.depth > 0)
    await clock.run(60_000)
    t.like(stats(), { delivered: 60, slots: 2 })
    t.is(clock.timers, 0)
  })

  test('does not grow for messages that wait for another attempt', async (t) => {
    const { client, clock, decisions, stats } = await openRetrying(t, on)
    for (let i = 0; i < 200; i += 1) client.tryPublish('orders.1', i)
    await clock.run(2_000)
    for (let i = 0; i < 100; i += 1) {
      client.tryPublish('orders.1', 'fine')
      await clock.run(100)
    }
    t.like(stats(), { delivered: 100, queued: 200 })
    t.true(
      decisions.every(({ to }) => to <= 6),
      `${Math.max(...decisions.map(({ to }) => to))} slots`,
    )
  })

  test('is left alone while other groups work', async (t) => {
    const { client, clock } = await openClient(t, on, { workers: LIMITS })
    await client.subscribe('a', () => {}, { group: 'g' })
    await client.subscribe('b', () => {}, { group: 'h', concurrency: 1 })
    client.tryPublish('b', 1)
    await clock.settle()
    t.is(clock.timers, 0)
    client.tryPublish('a', 1)
    await clock.settle()
    t.is(clock.timers, 1)
  })

  test('is not shrunk by what others on the machine take', async (t) => {
    for (const [isStalled, isCapped] of [
      [true, false],
      [false, true],
    ]) {
      const { bus } = await openClient(t, on)
      // The process gets a core for as long as the clock goes by, unless it is stalled.
      const clock = new VirtualClock()
      let stoodStillNs = 0
      const clockOfProcess = Object.assign(clock, { cpuNs: () => clock.nowNs() - stoodStillNs })
      const client = await BufferedMessageBusClient.open(bus, { clock: clockOfProcess, workers: LIMITS })
      t.teardown(() => client.close({ timeoutMs: 0 }))
      await client.subscribe(
        'a',
        () => {
          clock.advance(15)
          if (isStalled) stoodStillNs += 15e6
          return new Promise<void>((resolve) => clock.setTimer(resolve, 15))
        },
        { group: 'g' },
      )
      for (let i = 0; i < 20; i += 1) {
        client.tryPublish('a', i)
        await clock.run(20)
      }
      const { cap } = client.stats().groups['g'].scaling.at(-1) ?? { cap: 1 }
      t.is(cap <= 2, isCapped, `cap ${cap}, ${isStalled ? 'stalled' : 'computing'}`)
    }
  })

  test('sets no timer any more once it has ended', async (t) => {
    const { client, clock } = await openClient(t, on, { autoscale: true, workers: LIMITS })
    const subscription = await client.subscribe('a', () => {}, { group: 'g' })
    client.tryPublish('a', 1)
    await clock.settle()
    t.is(clock.timers, 1)
    subscription.unsubscribe()
    await clock.settle()
    t.is(clock.timers, 0)
  })

  test('tells once of a handler that does not come to its end', async (t) => {
    const { client, clock } = await openClient(t, on, { autoscale: true, workers: LIMITS })
    const stuck: StuckHandler[] = []
    client.on('stuck', (handler) => stuck.push(handler))
    await client.subscribe('a', (message) => (message === 'stuck' ? new Promise(() => {}) : undefined), { group: 'g' })
    for (const message of ['fine', 'stuck', 'fine']) client.tryPublish('a', message)
    await clock.run(9_000)
    t.deepEqual(stuck, [])
    t.is(Math.round(client.stats().groups['g'].oldestRunningMs), 9_000)
    await clock.run(5_000)
    t.is(stuck.length, 1)
    t.is(stuck[0].group, 'g')
    t.true(stuck[0].ageMs >= 10_000 && stuck[0].ageMs < 12_000)
  })
})
