// Worker groups whose owner's loop is blocked: the native backend sizes them all the same.
import anyTest, { type ExecutionContext } from 'ava'
import { availableParallelism } from 'node:os'
import { setEnvironmentData } from 'node:worker_threads'
import { MessageBus, type ScalingDecision } from 'tickbus'
import { backends } from '../conformance/backends.js'
import { until } from '../until.js'
import { missing, module, openClient, watchWorkers } from './worker-groups.js'

const [THREADS, MOST, FIRST] = [0, 2, 3]
const isPossible = backends.includes('native') && availableParallelism() >= 2
const test = isPossible ? anyTest.serial : anyTest.serial.skip

/** A group of one thread and a spare one, and what its threads count. */
async function openGroup(t: ExecutionContext) {
  const counts = new Int32Array(new SharedArrayBuffer(256))
  setEnvironmentData('counts', counts.buffer)
  const bus = new MessageBus({ backend: 'native' })
  t.teardown(() => bus.close())
  const workers = watchWorkers(t)
  const client = await openClient(t, bus, { workers: { min: 1, max: 8 } })
  const decisions: ScalingDecision[] = []
  client.on('scaled', (decision) => decisions.push(decision))
  await client.subscribe('a', module('counted'), { group: 'g' })
  const stats = () => client.stats().groups.g!
  t.like(stats(), { slots: 1, threads: 1 })
  const publish = (count: number): void => {
    for (let i = 0; i < count; i += 1) client.tryPublish('a', { spinMs: 1, waitMs: 1 })
  }
  return { counts, workers, stats, decisions, publish }
}

/** Lets no turn of this thread's loop go by until it holds. */
function block(holds: () => boolean): boolean {
  const giveUpMs = performance.now() + 60_000
  while (!holds()) if (performance.now() > giveUpMs) return false
  return true
}

test('slots grow and the spare thread works while the owner’s loop is blocked, which is told the reasons afterwards', async (t) => {
  const { counts, stats, decisions, publish } = await openGroup(t)
  publish(400)
  const busy = (): number => counts.subarray(FIRST).filter((count) => count > 0).length
  t.true(block(() => busy() === 2 && Atomics.load(counts, MOST) > 1))
  t.deepEqual(decisions, [])
  await until(() => stats().delivered === 400, 'the rest')
  const [first] = decisions
  t.like(first, { from: 1, threadsFrom: 1 })
  t.true(decisions.some(({ lateMs, threadsTo, threadsLate }) => lateMs > 0 && threadsTo === 2 && threadsLate === 0))
  t.true(first!.to > 1 && first!.lateMs > 0 && first!.depth > 0, JSON.stringify(first))
  for (const [i, { from }] of decisions.entries()) t.is(from, i === 0 ? 1 : decisions[i - 1]!.to)
  t.is(missing(stats()), 0)
  // From here on the owner is on time.
  t.is(stats().slots, decisions.at(-1)!.to)
  t.deepEqual(stats().scaling, decisions.slice(-32))
})

test('a thread that has to be started waits for the owner, and the decision says how long', async (t) => {
  const { counts, workers, stats, decisions, publish } = await openGroup(t)
  // The spare one is the last that was started; until this thread hears of the next one there is none.
  const spare = [...workers].at(-1)!
  const started = counts[THREADS]!
  const begun = (): number => counts.subarray(FIRST).reduce((sum, count) => sum + count, 0)
  let isDone = false
  spare.once('exit', () => {
    setImmediate(() => {
      publish(400)
      t.true(block(() => Atomics.load(counts, MOST) > 1 && begun() >= 200))
      isDone = true
    })
  })
  await spare.terminate()
  await until(() => isDone && stats().delivered === 400, 'all of them')
  const late = decisions.find(({ lateMs, threadsLate }) => lateMs > 0 && threadsLate > 0)
  t.like(late, { threadsFrom: 1, threadsTo: 2, threadsLate: 1 })
  await until(() => counts[THREADS]! > started, 'the thread that was missing')
  t.is(missing(stats()), 0)
})
