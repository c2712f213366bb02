/**
 * How long one cache line takes to another thread and back: asked in every cycle of every question. Virtual machines
 * have been seen to change it from 90 to 500 ns and back within a minute, when the host moves their processors; then
 * everything between threads changes with it, and rounds of the one kind must not be compared with rounds of the other.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { ASKED, ANSWERED, OVER, RUNNING, WORDS } from './line-page.js'
import { type Open, type Round, arrivedWhole, question } from './question.js'

const ROUND_TRIPS = 20_000
/** With one core, each trip takes a turn of the scheduler. */
const MOST_MS = 50

const openLine: Open<unknown> = async () => {
  const memory = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)
  const worker = new Worker(new URL('./line-echo.js', import.meta.url), { workerData: memory })
  await once(worker, 'message')
  const words = new Int32Array(memory)
  return { round: async () => play(words), close: async () => void (await worker.terminate()) }
}

function play(words: Int32Array): Round {
  Atomics.store(words, ASKED, 0)
  Atomics.store(words, RUNNING, 1)
  Atomics.notify(words, RUNNING)
  // The first trip wakes the other thread.
  ask(words, 1)
  const start = performance.now()
  let trips = 0
  while (trips < ROUND_TRIPS && performance.now() - start < MOST_MS) {
    const end = trips + 100
    for (; trips < end; trips++) ask(words, trips + 2)
  }
  const roundTrip = ((performance.now() - start) * 1e6) / trips
  Atomics.store(words, RUNNING, 0)
  ask(words, OVER)
  return { figures: { roundTrip }, published: trips, delivered: trips, sentChecksum: 0, receivedChecksum: 0 }
}

function ask(words: Int32Array, number: number): void {
  Atomics.store(words, ASKED, number)
  while (Atomics.load(words, ANSWERED) !== number);
}

export default question({
  name: 'line',
  asks: 'How far apart are two threads of this machine today?',
  how: 'One cache line, there and back.',
  figures: { roundTrip: { unit: 'ns', better: 'less' } },
  rows: { line: {} },
  base: openLine,
  rivals: {},
  ours: {},
  targets: [],
  check: arrivedWhole,
})
