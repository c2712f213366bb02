import { counting, type Crossings } from '../../lanes/crossings.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Crossings>({
  name: 'lanes/crossings',
  asks: 'How often does the publishing thread enter the schedule for one message?',
  how: 'Counted: every call of a schedule or a shared port in the thread that publishes. With the native backend each is a crossing; with the other one a call of JavaScript, which says how the work is batched. A function of the same thread counts with both its sides, worker threads take turns of their own.',
  figures: { crossings: { unit: 'calls', better: 'less' } },
  rows: {
    'in thread, bursts of 1,000': { burst: 1_000, messages: 10_000, threads: 0 },
    'in thread, one at a time': { burst: 1, messages: 1_000, threads: 0 },
    'to two threads, bursts of 1,000': { burst: 1_000, messages: 10_000, threads: 2 },
  },
  rivals: {},
  ours: { native: counting('native'), js: counting('js') },
  targets: [],
  check: arrivedWhole,
})
