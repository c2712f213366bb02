/** A thread that sleeps until it is rung, and says what it was rung for and when it woke. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Backend } from 'tickbus'
import { sharedClock } from '../clock.js'
import { CALLED, type SleeperData, WOKEN, WOKEN_DOUBLE } from './bell-page.js'
import { loadCore, loadRoster } from './inside.js'

const { backend, roster, page, origin }: SleeperData = workerData
const words = new Int32Array(page)
const doubles = new Float64Array(page)
const nowNs = sharedClock(origin)
const wake = () => {
  doubles[WOKEN_DOUBLE] = nowNs()
  Atomics.store(words, WOKEN, Atomics.load(words, CALLED))
}
// Also what keeps the thread: a member's bell does not.
parentPort!.on('message', wake)
if (backend !== undefined) await joinRoster(backend)
parentPort!.postMessage('asleep')

async function joinRoster(backend: Backend): Promise<void> {
  const { Roster } = await loadRoster()
  const page = new Roster(roster)
  const member = page.claim(1)
  const core = await loadCore(backend)
  core.join({ roster: new Uint8Array(roster), ...member, wake })
  page.goLive(member.slot)
}
