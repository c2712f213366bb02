// Waits for a while, computes for a while, and counts in memory that the test reads without a turn of its loop: how many
// threads there are, how many handlers are under way and were at most, and how many each thread has begun.
import { getEnvironmentData } from 'node:worker_threads'
import { computedMs } from './computed-ms.mjs'

const counts = new Int32Array(getEnvironmentData('counts'))
const [THREADS, RUNNING, MOST, FIRST] = [0, 1, 2, 3]
const thread = Atomics.add(counts, THREADS, 1)

export default async function count({ spinMs, waitMs }) {
  Atomics.add(counts, FIRST + thread, 1)
  const running = Atomics.add(counts, RUNNING, 1) + 1
  if (running > Atomics.load(counts, MOST)) Atomics.store(counts, MOST, running)
  await (waitMs > 0 ? new Promise((resolve) => setTimeout(resolve, waitMs)) : undefined)
  for (const end = computedMs() + spinMs; computedMs() < end;);
  Atomics.sub(counts, RUNNING, 1)
}
