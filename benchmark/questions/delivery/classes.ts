import type { Backend } from 'tickbus'
import { delivering, type Handling } from '../../delivery/classes.js'
import { arrivedWhole, question } from '../../question.js'

const backends: readonly Backend[] = ['native', 'js']

export default question<Handling>({
  name: 'delivery/classes',
  asks: 'What does a message cost that may not be lost, in memory, beside one that may?',
  how: 'So many are published at once and handled, none fails. The rival is the same bus with at-most-once topics: a ratio of 0.77 is 1.3 times its cost.',
  figures: { message: { unit: 'ns', better: 'less' } },
  rows: {
    'handlers that return': { waits: false, keyed: false, messages: 200_000 },
    'handlers that wait': { waits: true, keyed: false, messages: 200_000 },
    'handlers that wait, 100 keys': { waits: true, keyed: true, messages: 200_000 },
  },
  rivals: Object.fromEntries(
    backends.map((backend) => [`${backend}, at most once`, delivering(backend, 'at-most-once')]),
  ),
  ours: Object.fromEntries(
    backends.flatMap((backend) => [
      [`${backend}, at least once`, delivering(backend, 'at-least-once')],
      [`${backend}, effectively once`, delivering(backend, 'effectively-once')],
    ]),
  ),
  targets: backends.map((backend) => ({
    ours: `${backend}, at least once`,
    rival: `${backend}, at most once`,
    must: 1 / 1.3,
    aim: 1 / 1.15,
  })),
  check: arrivedWhole,
})
