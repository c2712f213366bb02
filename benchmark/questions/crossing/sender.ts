import { openBase } from '../../crossing/base.js'
import { type Load, loading } from '../../crossing/open-loop.js'
import { openTickbus } from '../../crossing/ours.js'
import { openPostMessage } from '../../crossing/rivals.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Load>({
  name: 'crossing/sender',
  asks: 'What does a publish cost the thread that publishes, when messages come one by one?',
  how: 'The open loop of `crossing/latency` at 100k msg/s with a polling endpoint; time inside `publish` and `flush`, divided by the messages. The base case has the same loop and clock reads around a plain call, and is taken off before ratios are made.',
  figures: { publish: { unit: 'ns', better: 'less' } },
  rows: { '100k msg/s': { rate: 100_000, seconds: 0.6, isTimed: false } },
  base: loading(openBase),
  isBaseSubtracted: true,
  rivals: { postMessage: loading(() => openPostMessage('quote')) },
  ours: {
    'native, polling': loading(() => openTickbus('quote', 'native', { us: 200 })),
    'js, polling': loading(() => openTickbus('quote', 'js', { us: 200 })),
  },
  targets: [{ ours: 'native, polling', rival: 'postMessage', must: 8, aim: 12 }],
  check: arrivedWhole,
})
