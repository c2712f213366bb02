import { type Overload, overloading } from '../../lanes/overload.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Overload>({
  name: 'lanes/critical',
  asks: 'How long does a critical message wait while the other lanes get three times what can be handled, and how many handlers start before its own?',
  how: 'One thread publishes in an open loop and handles; a handler of the other lanes takes 20 us. Something critical is published every half millisecond, in turn between handlers and from within one. `wait` and `p99` are of critical messages, from publish to handler; `before` is the most handlers that started in between, of all. One `fifo` queue stands beside: what happens without lanes.',
  figures: {
    wait: { unit: 'us', better: 'less' },
    p99: { unit: 'us', better: 'less' },
    before: { unit: 'handlers', better: 'less' },
    critical: { unit: 'messages', better: 'more' },
  },
  rows: { idle: { times: 0, seconds: 1 }, 'overload, three times': { times: 3, seconds: 1 } },
  rivals: { 'native, fifo': overloading('native', 'fifo') },
  ours: { native: overloading('native', 'strict'), js: overloading('js', 'strict') },
  targets: [],
  bounds: ['native', 'js'].map((ours) => ({ ours, figure: 'before', must: 0 })),
  check: arrivedWhole,
})
