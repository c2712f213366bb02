import { type Requests, byHand, byHandInTime, onBus, requesting } from '../../bus/requesting.js'
import { arrivedWhole, question } from '../../question.js'

const BY_HAND = 'events and a promise'

export default question<Requests>({
  name: 'bus/request',
  asks: 'What do a request and its reply cost in one thread?',
  how:
    'One endpoint that answers at once; the answer is awaited. By hand: an event there, an event back, a Map of those who wait. A request on the bus has a time limit as well, so both are shown. ' +
    'For reference: measured apart on its Python packages, on a 2-vCPU AMD EPYC, request and response take NautilusTrader 472 ns (2.0.0rc7) and 228 ns (1.231.0), without a promise.',
  figures: { request: { unit: 'ns', better: 'less' } },
  rows: {
    'one at a time': { requests: 200_000, atOnce: 1 },
    '100 at once': { requests: 200_000, atOnce: 100 },
  },
  rivals: { [BY_HAND]: requesting(byHand), 'the same with a time limit': requesting(byHandInTime) },
  ours: { native: requesting(onBus('native')), js: requesting(onBus('js')) },
  targets: ['native', 'js'].map((ours) => ({ ours, rival: BY_HAND, must: 1, aim: 1.5 })),
  check: arrivedWhole,
})
