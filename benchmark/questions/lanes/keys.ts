import { type Keyed, fastQueues, keying, pQueues, tickbusKeyed } from '../../lanes/keyed.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Keyed>({
  name: 'lanes/keys',
  asks: 'What does a message cost whose key keeps its order, with handlers that wait?',
  how: 'So many are published at once, with keys at random; each handler waits for one microtask. Ours runs eight at a time; the rivals have a queue for each key, and no bound on how many run.',
  figures: { message: { unit: 'ns', better: 'less' } },
  rows: { '10,000 keys': { keys: 10_000, slots: 8, messages: 200_000 } },
  rivals: { 'p-queue for each key': keying(pQueues), 'fastq for each key': keying(fastQueues) },
  ours: { native: keying(tickbusKeyed('native')), js: keying(tickbusKeyed('js')) },
  targets: ['native', 'js'].flatMap((ours) =>
    ['p-queue for each key', 'fastq for each key'].map((rival) => ({ ours, rival, must: 5, aim: 10 })),
  ),
  check: arrivedWhole,
})
