import { type Bursts, bursting } from '../../lanes/bursts.js'
import { tickbusByDeadline } from '../../lanes/ours.js'
import { heapJsByDeadline, plainly, tinyqueueByDeadline } from '../../lanes/queues.js'
import { arrivedWhole, question } from '../../question.js'

const MUST = { '1,000 wait': [1.1, 1.3], '100,000 wait': [2, 2.5], '1,000,000 wait': [2.5, 3] }

export default question<Bursts>({
  name: 'lanes/deadline',
  asks: 'What does a message cost from publish to the return of its handler, if the earliest deadline goes first?',
  how: 'As `lanes/burst`, each message with a deadline of its own, in random order and never passed.',
  figures: { message: { unit: 'ns', better: 'less' } },
  rows: {
    '1,000 wait': { depth: 1_000, messages: 200_000 },
    '100,000 wait': { depth: 100_000, messages: 400_000 },
    '1,000,000 wait': { depth: 1_000_000, messages: 1_000_000 },
  },
  base: bursting(plainly),
  rivals: { tinyqueue: bursting(tinyqueueByDeadline), 'heap-js': bursting(heapJsByDeadline) },
  ours: { native: bursting(tickbusByDeadline('native')), js: bursting(tickbusByDeadline('js')) },
  targets: Object.entries(MUST).flatMap(([row, [must, aim]]) =>
    ['native', 'js'].flatMap((ours) =>
      ['tinyqueue', 'heap-js'].map((rival) => ({ ours, rival, rows: [row], must, aim })),
    ),
  ),
  check: arrivedWhole,
})
