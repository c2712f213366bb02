import type { Keyed } from '../../lanes/keyed.js'
import { keyingThreads, keyThreadsByHand, tickbusKeyThreads } from '../../lanes/key-threads.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Keyed>({
  name: 'lanes/key-threads',
  asks: 'What does a message cost whose key keeps its order, with handlers that wait in two worker threads?',
  how: 'So many are published at once, as objects, with keys at random; each handler waits for one microtask. Ours runs eight at a time, and any thread takes any key that is free; by hand all of a key goes to one thread by postMessage, which has a queue for each key and no bound on how many run.',
  figures: { message: { unit: 'ns', better: 'less' } },
  rows: { '10,000 keys': { keys: 10_000, slots: 8, messages: 100_000 } },
  rivals: {
    'p-queue for each key': keyingThreads(keyThreadsByHand('p-queue')),
    'fastq for each key': keyingThreads(keyThreadsByHand('fastq')),
  },
  ours: { native: keyingThreads(tickbusKeyThreads('native')), js: keyingThreads(tickbusKeyThreads('js')) },
  targets: ['native', 'js'].flatMap((ours) =>
    ['p-queue for each key', 'fastq for each key'].map((rival) => ({ ours, rival, must: 5, aim: 10 })),
  ),
  check: arrivedWhole,
})
