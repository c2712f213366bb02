// Which share of their time the handlers of worker threads compute, also after an await.
import test from 'ava'
import { availableParallelism } from 'node:os'
import { setEnvironmentData } from 'node:worker_threads'
import { Meter, nothingSpent } from '../../dist/client/scaling/index.js'
import { ThreadShare } from '../../dist/client/scaling/thread-share.js'
import type { ScalingDecision } from 'tickbus'
import { forEachBackend } from '../conformance/backends.js'
import { until } from '../until.js'
import { module, openClient } from './worker-groups.js'

test('stock is taken of handlers that returned, of promises that were settled, and of those that are waited for', (t) => {
  const meter = new Meter(new ArrayBuffer(Meter.bytes(3)), true)
  meter.calls(1_000)
  meter.awaits(0, 1_010)
  meter.awaits(2, 1_020)
  meter.called(3, 2, 25)
  meter.settled(0, 1_110)
  meter.clear(0)
  meter.takeStock(1_200, 70)
  const spent = nothingSpent()
  meter.addTo(spent)
  t.deepEqual(spent, { begun: 3, calledNs: 25, ended: 2, awaitedNs: 100, occupiedNs: 25 + 100 + 180, busyNs: 70 })
})

test('a share is one of sums, forgets slowly, and is never above 1', (t) => {
  const share = new ThreadShare()
  t.is(share.value, NaN)
  share.take(10, 100, 20e6)
  t.is(share.value, 0.1)
  // A moment in which little was under way.
  share.take(1, 1, 0)
  t.is(share.value, 11 / 101)
  share.take(101, 101, 250e6)
  t.is(share.value.toFixed(3), ((101 + 11 / 2) / (101 + 101 / 2)).toFixed(3))
  share.take(1e9, 1, 0)
  t.is(share.value, 1)
})

forEachBackend('handlers of worker threads', (test, { openBus }) => {
  for (const [title, message, isRight] of [
    ['compute after an await, and are seen to', { spinMs: 30, waitMs: 0 }, (ms: number) => ms > 6],
    ['wait, and are seen to', { spinMs: 0, waitMs: 60 }, (ms: number) => ms < 6],
  ] as const) {
    test(title, async (t) => {
      if (availableParallelism() < 2) return void t.pass('nothing grows on one core')
      setEnvironmentData('counts', new SharedArrayBuffer(256))
      const client = await openClient(t, openBus(t), { workers: { min: 1, max: 8 } })
      const decisions: ScalingDecision[] = []
      client.on('scaled', (decision) => decisions.push(decision))
      await client.subscribe('a', module('counted'), { group: 'g' })
      // One after the other, so that none waits for the thread.
      const delivered = (): number => client.stats().groups.g!.delivered
      for (let n = 1; n <= 12 || decisions.length === 0; n += 1) {
        client.tryPublish('a', message)
        await until(() => delivered() === n, 'the message')
      }
      // So many at once ask for more slots: what is known by now stands in that decision, if the cores allow it.
      const before = delivered()
      for (let i = 0; i < 20; i += 1) client.tryPublish('a', message)
      await until(() => delivered() === before + 20, 'the rest')
      const { cpuShareUsed: share, serviceMsUsed: ms } = decisions.at(-1)!
      // On a machine that others load as well the share falls as the time rises; what was computed stays.
      t.true(isRight(share * ms), `a share of ${share} in ${ms} ms`)
    })
  }
})
