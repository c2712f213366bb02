import { openBase } from '../../crossing/base.js'
import { type Load, loading } from '../../crossing/open-loop.js'
import { openTickbus } from '../../crossing/ours.js'
import { openPostMessage } from '../../crossing/rivals.js'
import { arrivedWhole, question } from '../../question.js'

const SMALL_RATES = ['10k msg/s', '100k msg/s']

export default question<Load>({
  name: 'crossing/latency',
  asks: 'How long is a quote under way from the main thread to a worker, from its intended time to its handler?',
  how: 'Open loop: the sender never waits for the receiver, and each quote is stamped with the time at which it was due. Each turn of the sender spins until the next is due, sends what is due, and ends. The first third of a round is left out. A polling endpoint looks for 200 us before it sleeps.',
  figures: {
    p50: { unit: 'us', better: 'less' },
    p90: { unit: 'us', better: 'less' },
    p99: { unit: 'us', better: 'less' },
    max: { unit: 'us', better: 'less' },
    rate: { unit: 'msg/s', better: 'more' },
  },
  rows: {
    '10k msg/s': { rate: 10_000, seconds: 1, isTimed: true },
    '100k msg/s': { rate: 100_000, seconds: 0.6, isTimed: true },
    '500k msg/s': { rate: 500_000, seconds: 0.3, isTimed: true },
  },
  base: loading(openBase),
  rivals: { postMessage: loading(() => openPostMessage('quote')) },
  ours: {
    'native, polling': loading(() => openTickbus('quote', 'native', { us: 200 })),
    'native, sleeping': loading(() => openTickbus('quote', 'native', 'off')),
    'js, polling': loading(() => openTickbus('quote', 'js', { us: 200 })),
    'js, sleeping': loading(() => openTickbus('quote', 'js', 'off')),
  },
  targets: [
    { ours: 'native, polling', rival: 'postMessage', rows: SMALL_RATES, must: 5, aim: 12 },
    { ours: 'native, sleeping', rival: 'postMessage', rows: SMALL_RATES, must: 0.9, aim: 1 },
  ],
  check: arrivedWhole,
})
