import { openBase } from '../../crossing/base.js'
import { type Burst, bursting } from '../../crossing/burst.js'
import { openTickbus } from '../../crossing/ours.js'
import { openBatches, openBroadcast, openPostMessage } from '../../crossing/rivals.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Burst>({
  name: 'crossing/quotes',
  asks: 'What does one quote cost on its way from the main thread to a worker, fresh object in and fresh object out?',
  how: 'As many as go, one topic, one subscriber; from the first send to the last arrival. Ours awaits `bus.ready()` every 1,000 messages; the queues of the rivals have no bound.',
  figures: { endToEnd: { unit: 'ns', better: 'less' }, sender: { unit: 'ns', better: 'less' } },
  rows: { burst: { messages: 500_000 } },
  base: bursting(openBase),
  rivals: {
    'postMessage of the object': bursting(() => openPostMessage('quote')),
    BroadcastChannel: bursting(() => openBroadcast('quote')),
    'postMessage of arrays of 100': bursting(() => openBatches('quote')),
  },
  ours: {
    native: bursting(() => openTickbus('quote', 'native', 'auto')),
    'native, polling off': bursting(() => openTickbus('quote', 'native', 'off')),
    js: bursting(() => openTickbus('quote', 'js', 'auto')),
    'js, polling off': bursting(() => openTickbus('quote', 'js', 'off')),
  },
  targets: [
    { ours: 'native', rival: 'postMessage of the object', must: 12, aim: 25 },
    { ours: 'native', rival: 'BroadcastChannel', must: 15, aim: 35 },
    { ours: 'native', rival: 'postMessage of arrays of 100', must: 4, aim: 9 },
    { ours: 'js', rival: 'postMessage of the object', must: 6 },
  ],
  check: arrivedWhole,
})
