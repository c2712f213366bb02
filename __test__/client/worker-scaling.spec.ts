// Worker groups that follow their load, and threads that are replaced.
import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { ScalingDecision } from 'tickbus'
import { VirtualClock } from 'tickbus/testing'
import { Random } from '../../dist/simulation/random.js'
import { forEachBackend } from '../conformance/backends.js'
import { until } from '../until.js'
import { collect, missing, module, openClient, watchWorkers } from './worker-groups.js'

const seeds = process.env.TICKBUS_LONG === '1' ? 200 : 2
const cores = availableParallelism()

interface Event {
  n: number
  key: string
  thread: number
  atNs: number
}

forEachBackend('threads that follow the load', (test, { openBus }) => {
  test('grow to the cores for handlers that compute, with a spare one, and leave after the hold with nothing lost', async (t) => {
    if (cores < 2) return void t.pass('one core')
    const bus = openBus(t)
    const workers = watchWorkers(t)
    // Its hold of 10 s goes by on this clock; the threads and their handlers have their own.
    const clock = new VirtualClock()
    const client = await openClient(t, bus, { clock, autoscale: true, workers: { min: 1, max: 50 } })
    const decisions: ScalingDecision[] = []
    client.on('scaled', (decision) => decisions.push(decision))
    client.on('workerLost', () => t.fail('a thread died'))
    await client.subscribe('a.*', module('worker'), { group: 'g' })
    const stats = () => client.stats().groups.g!
    t.like(stats(), { threads: 1, slots: 1 })
    t.is(workers.size, 2)
    const pass = (ms: number): boolean => {
      clock.advance(ms)
      clock.turn()
      return true
    }
    const idle = (): boolean => {
      for (let i = 0; i < 50; i += 1) pass(20)
      return true
    }
    let n = 0
    await until(() => {
      if (n < 2_000)
        for (let i = 0; i < 10; i += 1) client.tryPublish('a.1', { n: n++, computeMs: 1 }, { key: `k${n % 7}` })
      return pass(20) && stats().threads >= 2
    }, 'a second thread')
    const grown = decisions.find(({ threadsTo }) => threadsTo === 2)!
    t.like(grown, { threadsFrom: 1, cores, threadsLate: 0 })
    // Half a millisecond of the one that each computes, at least. Where others load the machine as well, the share falls as the
    // time rises.
    const { cpuShareUsed: share, serviceMsUsed: ms } = grown
    t.true(share * ms > 0.5, `a share of ${share} in ${ms} ms`)
    await until(() => pass(20) && stats().queued + stats().inFlight === 0, 'the rest')
    await until(() => idle() && stats().threads === 1, 'the end of the hold')
    await until(() => pass(0) && workers.size === 2, 'the end of the second thread')
    t.true(decisions.every(({ to, threadsTo }) => to <= 50 && threadsTo <= cores))
    t.like(stats(), { delivered: n, copies: n })
    t.is(missing(stats()), 0)
    // Those that are left know the topics, and go on.
    client.tryPublish('a.1', { n })
    await until(() => pass(1) && stats().delivered === n + 1, 'one more')
  })

  test('a thread that is killed is replaced by the spare one, which knows all topics and their shapes', async (t) => {
    const bus = openBus(t)
    const workers = watchWorkers(t)
    const ended = collect<Event>(bus, 'ended')
    const client = await openClient(t, bus, { autoscale: true, workers: { min: 1, max: 4 } })
    let losses = 0
    client.on('workerLost', () => (losses += 1))
    await client.subscribe('a.*', module('worker'), { group: 'g' })
    const publish = (): void => {
      for (let i = 0; i < 20; i += 1) client.tryPublish(`a.${i}`, { n: i, waitMs: 1, some: { nested: 'shape' } })
    }
    publish()
    await client.drain()
    // The second one that takes over was started when the topics had been told to all.
    for (const kills of [1, 2]) {
      await until(() => ended.length === 20 * kills, 'what the victim has done')
      const victim = [...workers].find(({ threadId }) => threadId === ended.at(-1)!.thread)!
      await victim.terminate()
      publish()
      await until(() => client.stats().groups.g!.delivered === 20 * (kills + 1), 'messages of the replacement')
      await until(() => workers.size > client.stats().groups.g!.threads, 'another spare thread')
      await until(() => losses === kills, 'the loss')
    }
    t.is(client.stats().groups.g!.dropped.undecodable, 0)
  })

  for (let seed = 1; seed <= seeds; seed += 1) {
    test(`killed at random points: exact accounts, order by key, size restored (seed ${seed})`, async (t) => {
      const bus = openBus(t)
      const workers = watchWorkers(t)
      const began = collect<Event>(bus, 'began')
      const client = await openClient(t, bus)
      let losses = 0
      client.on('workerLost', () => (losses += 1))
      await client.subscribe('a.*', module('worker'), { group: 'g', threads: 3, concurrency: 9 })
      const stats = () => client.stats().groups.g!
      const random = new Random(seed)
      let [n, kills] = [0, 0]
      while (kills < 4) {
        for (let i = 0; i < 30; i += 1) {
          client.tryPublish('a.1', { n: n++, waitMs: i % 3 }, { key: `k${Math.floor(random.uniform() * 8)}` })
        }
        for (let turns = Math.floor(random.uniform() * 20); turns > 0; turns -= 1) await new Promise(setImmediate)
        t.is(missing(stats()), 0)
        const running: Worker[] = [...workers]
        if (random.uniform() > 0.3 || running.length === 0) continue
        await running[Math.floor(random.uniform() * running.length)]!.terminate()
        kills += 1
      }
      t.true((await client.drain()).complete)
      await until(() => losses === kills && stats().threads === 3, 'all replacements')
      const { copies, delivered, dropped } = stats()
      t.is(delivered + dropped.workerLost + dropped.overflow, copies)
      const byKey = groupByKey(began)
      for (const [key, events] of byKey) {
        const order = events.toSorted((a, b) => a.atNs - b.atNs).map((event) => event.n)
        t.deepEqual(
          order,
          order.toSorted((a, b) => a - b),
          `order of ${key}`,
        )
      }
    })
  }
})

function groupByKey(events: readonly Event[]): Map<string, Event[]> {
  const byKey = new Map<string, Event[]>()
  for (const event of events) byKey.set(event.key, [...(byKey.get(event.key) ?? []), event])
  return byKey
}
