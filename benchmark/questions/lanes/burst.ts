import { type Bursts, bursting } from '../../lanes/bursts.js'
import { tickbusQueue } from '../../lanes/ours.js'
import { promisingDenques } from '../../lanes/promising-denques.js'
import {
  asyncPriorityQueue,
  denques,
  fastPriorityQueue,
  fastQueue,
  heapJs,
  plainly,
  pQueue,
  shallow,
  tinyqueue,
} from '../../lanes/queues.js'
import { arrivedWhole, question } from '../../question.js'

const HEAPS = ['tinyqueue', 'heap-js', 'fastpriorityqueue']
const TASK_QUEUES = ['fastq', 'p-queue', 'async.priorityQueue']

export default question<Bursts>({
  name: 'lanes/burst',
  asks: 'What does a message cost from publish to the return of its handler, through four lanes in one thread?',
  how: 'So many are published at once and then handled: 10 % low, 70 % normal, 15 % high, 5 % critical, in mixed order, with fresh objects. Ours by name with counters, wait times and deliveries; the rivals are given the lane and call the handler. Denque lanes that promise are bounded, answer a status, find the handler by name, hand it a delivery, look at failures and promises, count and time as ours do, and yield to the event loop every 64. Task queues only at 1,000: what they do for each insertion grows with what waits.',
  figures: { message: { unit: 'ns', better: 'less' } },
  rows: {
    '1,000 wait': { depth: 1_000, messages: 200_000 },
    '100,000 wait': { depth: 100_000, messages: 400_000 },
    '1,000,000 wait': { depth: 1_000_000, messages: 1_000_000 },
  },
  base: bursting(plainly),
  rivals: {
    'denque lanes': bursting(denques),
    'denque lanes that promise': bursting(promisingDenques),
    tinyqueue: bursting(tinyqueue),
    'heap-js': bursting(heapJs),
    fastpriorityqueue: bursting(fastPriorityQueue),
    fastq: bursting(shallow(fastQueue)),
    'p-queue': bursting(shallow(pQueue)),
    'async.priorityQueue': bursting(shallow(asyncPriorityQueue)),
  },
  ours: { native: bursting(tickbusQueue('native')), js: bursting(tickbusQueue('js')) },
  targets: ['native', 'js'].flatMap((ours) => [
    { ours, rival: 'denque lanes', rows: ['1,000 wait'], must: 1, aim: 1.5 },
    { ours, rival: 'denque lanes', rows: ['1,000,000 wait'], must: 1.5, aim: 2.5 },
    ...HEAPS.map((rival) => ({ ours, rival, must: 3, aim: 5 })),
    ...TASK_QUEUES.map((rival) => ({ ours, rival, rows: ['1,000 wait'], must: 5, aim: 10 })),
  ]),
  check: arrivedWhole,
})
