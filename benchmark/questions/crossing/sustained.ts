import { openTickbus } from '../../crossing/ours.js'
import { openPostMessage } from '../../crossing/rivals.js'
import { type Search, searching } from '../../crossing/sustained.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Search>({
  name: 'crossing/sustained',
  asks: 'At which rate is the median quote still with its handler within 50 us?',
  how: 'Runs of the open loop of `crossing/latency`: the rate is doubled from 50k msg/s until the median is late or the sender cannot keep the pace, then the gap is halved four times. A round is one such search.',
  figures: { rate: { unit: 'msg/s', better: 'more' }, tries: { unit: 'runs', better: 'less' } },
  rows: { search: { from: 50_000, seconds: 0.2, most: 300_000, halvings: 4 } },
  rivals: { postMessage: searching(() => openPostMessage('quote')) },
  ours: {
    'native, polling': searching(() => openTickbus('quote', 'native', { us: 200 })),
    'js, polling': searching(() => openTickbus('quote', 'js', { us: 200 })),
  },
  targets: [{ ours: 'native, polling', rival: 'postMessage', must: 3, aim: 6 }],
  check: arrivedWhole,
})
