import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { MEMBER_STATE_DEAD } from '../../dist/layout.js'
import { loadNative } from '../../dist/native/index.js'
import { cores } from './cores.js'
import { runFixture } from './process.js'
import { Page } from './roster.js'

const MESSAGES = 10_000_000
const onNative = cores.some(({ backend }) => backend === 'native') ? test : test.skip

interface Result {
  arrived: number
  wrong: number
  sum: number
  sleeps: number
  taken: number
  seated: number
}

async function litmus(mode: 'wait' | 'lap'): Promise<Result> {
  const { code, stdout, stderr } = await runFixture('litmus.mjs', [mode, String(MESSAGES)])
  if (code !== 0) throw new Error(`litmus.mjs ended with ${code}: ${stderr}`)
  return JSON.parse(stdout) as Result
}

onNative('ten million records from JavaScript to Rust and back arrive whole, once and in order', async (t) => {
  const { sleeps, ...result } = await litmus('wait')
  const sum = (MESSAGES * (MESSAGES - 1)) / 2
  t.deepEqual(result, { arrived: MESSAGES, wrong: 0, sum, taken: MESSAGES, seated: 0 })
  t.true(sleeps > 0, 'the reader slept, and was woken')
})

onNative('what a lapped Rust reader takes from a JavaScript writer is whole and in order', async (t) => {
  const { arrived, taken, wrong, seated } = await litmus('lap')
  t.true(arrived > 0 && arrived <= MESSAGES)
  t.deepEqual({ taken, wrong, seated }, { taken: arrived, wrong: 0, seated: 0 })
})

onNative('a Rust thread ends with the thread that started it, and its members learn of that', async (t) => {
  const page = new Page()
  const workerData = { roster: page.words.buffer, generation: page.claim(1) }
  const worker = new Worker(new URL('fixtures/echo-owner.mjs', import.meta.url), { workerData })
  await once(worker, 'message')
  t.is(loadNative().binding.seated(), 1)
  await worker.terminate()
  t.is(page.state(1), MEMBER_STATE_DEAD)
  t.is(loadNative().binding.seated(), 0)
})
