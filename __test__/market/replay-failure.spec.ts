import type { Worker } from 'node:worker_threads'
import test, { type ExecutionContext } from 'ava'
import { replay } from 'tickbus/market'
import { bundled, line, quoteFrame, Scratch } from './samples.js'

/** The threads that start while the test runs. */
function threadsOf(t: ExecutionContext): Worker[] {
  const threads: Worker[] = []
  const note = (worker: Worker): void => void threads.push(worker)
  process.on('worker', note)
  t.teardown(() => process.off('worker', note))
  return threads
}

test.serial('a missing recording among others is refused before a thread starts', async (t) => {
  const threads = threadsOf(t)
  const missing = `${new Scratch(t).folder}/spot_btcusdt.gz`
  await t.throwsAsync(replay([...bundled, missing]), { code: 'TICKBUS_RECORDING', message: /there is no such file/ })
  t.is(threads.length, 0)
})

for (const transport of ['ring', 'postMessage'] as const) {
  test.serial(`${transport}: a worker that dies ends the replay with an error, and leaves no thread`, async (t) => {
    const threads = threadsOf(t)
    const lines = Array.from({ length: 1_000 }, (_, i) => line(i * 1_000_000_000, quoteFrame(i)))
    const file = new Scratch(t).recording('spot_btcusdt.gz', lines)
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'sending') void threads[0]!.terminate()
    }
    await t.throwsAsync(replay([file], { transport, speed: 1, onProgress }), { code: 'TICKBUS_REPLAY_WORKER' })
    t.is(threads.length, 1)
    t.is(threads[0]!.threadId, -1)
  })
}
