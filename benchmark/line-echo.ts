/** The other thread of line.ts: sleeps until a round begins, then answers every number with the same number. */
import { parentPort, workerData } from 'node:worker_threads'
import { ASKED, ANSWERED, OVER, RUNNING } from './line-page.js'

const words = new Int32Array(workerData as SharedArrayBuffer)
parentPort!.postMessage('ready')
for (;;) {
  Atomics.wait(words, RUNNING, 0)
  for (let asked = 0; asked !== OVER;) {
    asked = Atomics.load(words, ASKED)
    Atomics.store(words, ANSWERED, asked)
  }
}
