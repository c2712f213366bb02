import { backend } from 'tickbus'
import { type Step, stepping } from '../../autoscale/step.js'
import { question } from '../../question.js'

const seconds = [1, 3, 14] as const

export default question<Step>({
  name: 'autoscale/step',
  asks: 'Ten times the load, and back: how long do messages wait, and how many workers does that take?',
  how: 'An open loop publishes each millisecond what is due; a wait lasts from then to the start of the handler. Handlers wait for 2 ms in the thread that publishes, sized in slots; or compute for 0.2 ms in worker threads, sized in threads. `worker-seconds` are slots or threads over time, CPU and memory those of the whole process, publisher included; `left` had not ended half a second after the last publish. The fixed sizes and the threshold are groups of Tickbus, too: what is compared is who decides.',
  figures: {
    p99: { unit: 'ms', better: 'less' },
    p50: { unit: 'ms', better: 'less' },
    p999: { unit: 'ms', better: 'less' },
    workerSeconds: { unit: 's', better: 'less' },
    cpuSeconds: { unit: 's', better: 'less' },
    rss: { unit: 'MB', better: 'less' },
    peak: { unit: 'workers', better: 'less' },
    left: { unit: 'messages', better: 'less' },
  },
  rows: {
    'handlers wait for 2 ms, 1,000 to 10,000 a second': { work: 'waits', low: 1_000, high: 10_000, seconds },
    'handlers compute for 0.2 ms, 500 to 5,000 a second': { work: 'computes', low: 500, high: 5_000, seconds },
  },
  rivals: {
    'fixed 1': stepping(backend, { kind: 'fixed', size: 1 }),
    'fixed 10': stepping(backend, { kind: 'fixed', size: 10 }),
    'fixed 50': stepping(backend, { kind: 'fixed', size: 50 }),
    'threshold, one more or less': stepping(backend, { kind: 'threshold' }),
  },
  ours: { native: stepping('native', { kind: 'law' }), js: stepping('js', { kind: 'law' }) },
  targets: [],
  freshRounds: 3,
  check: ({ published, delivered }) => published > 0 && delivered === published,
})
