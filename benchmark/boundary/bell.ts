/** One thread rings another that sleeps, again and again: what does it cost the one, and how long until the other runs? */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Backend } from 'tickbus'
import { sharedClock } from '../clock.js'
import type { Open, Round } from '../question.js'
import { median } from '../statistics.js'
import { CALLED, type SleeperData, WOKEN, WOKEN_DOUBLE } from './bell-page.js'
import { loadCore, loadRoster } from './inside.js'

export interface Rings {
  rings: number
}

/** Time for the other thread to fall asleep again. */
const REST_NS = 300_000
/** Whoever has not woken by then never will. */
const PATIENCE_NS = 1e9

/** Rings by the bell of a backend, or without one by a message to the thread's port. */
export function ringing(backend?: Backend): Open<Rings> {
  return async ({ rings }, quick) => {
    const { Roster } = await loadRoster()
    const roster = Roster.create()
    const page = new SharedArrayBuffer(16)
    const origin = process.hrtime.bigint()
    const ring = backend === undefined ? undefined : await joinFirst(backend, roster)
    const workerData: SleeperData = { backend, roster: roster.memory, page, origin }
    const worker = new Worker(new URL('./sleeper.js', import.meta.url), { workerData })
    await once(worker, 'message')
    const call = ring ?? (() => worker.postMessage(0))
    const count = quick ? 20 : rings
    return {
      round: async () => play(call, page, sharedClock(origin), count),
      close: async () => void (await worker.terminate()),
    }
  }
}

type Roster = InstanceType<Awaited<ReturnType<typeof loadRoster>>['Roster']>

/** Takes the first seat for this thread; the sleeper takes the next. */
async function joinFirst(backend: Backend, roster: Roster): Promise<() => void> {
  const member = roster.claim(0)
  const core = await loadCore(backend)
  const membership = core.join({ roster: new Uint8Array(roster.memory), ...member, wake() {} })
  roster.goLive(member.slot)
  return () => membership.ring(member.slot + 1)
}

function play(ring: () => void, page: SharedArrayBuffer, nowNs: () => number, rings: number): Round {
  const words = new Int32Array(page)
  const doubles = new Float64Array(page)
  const costs: number[] = []
  const wakes: number[] = []
  for (let call = 1; call <= rings; call++) {
    spinUntil(nowNs() + REST_NS)
    Atomics.store(words, CALLED, call)
    const before = nowNs()
    ring()
    costs.push(nowNs() - before)
    const late = before + PATIENCE_NS
    while (Atomics.load(words, WOKEN) !== call && nowNs() < late);
    if (Atomics.load(words, WOKEN) === call) wakes.push(doubles[WOKEN_DOUBLE] - before)
  }
  const figures = { ring: median(costs) / 1e3, wake: median(wakes) / 1e3 }
  return { figures, published: rings, delivered: wakes.length, sentChecksum: rings, receivedChecksum: words[WOKEN] }

  function spinUntil(time: number): void {
    while (nowNs() < time);
  }
}
