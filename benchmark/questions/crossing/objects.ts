import { openBase } from '../../crossing/base.js'
import { type Burst, bursting } from '../../crossing/burst.js'
import { openTickbus } from '../../crossing/ours.js'
import { openPostMessage } from '../../crossing/rivals.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Burst>({
  name: 'crossing/objects',
  asks: 'What does a free-form object of known shape cost on the same way?',
  how: 'As `crossing/quotes`, with a fresh nested object of ten values. Ours sends it as MessagePack with the shape told once.',
  figures: { endToEnd: { unit: 'ns', better: 'less' }, sender: { unit: 'ns', better: 'less' } },
  rows: { burst: { messages: 300_000 } },
  base: bursting(openBase),
  rivals: { 'postMessage of the object': bursting(() => openPostMessage('signal')) },
  ours: {
    native: bursting(() => openTickbus('signal', 'native', 'auto')),
    'native, polling off': bursting(() => openTickbus('signal', 'native', 'off')),
    js: bursting(() => openTickbus('signal', 'js', 'auto')),
    'js, polling off': bursting(() => openTickbus('signal', 'js', 'off')),
  },
  targets: [{ ours: 'native', rival: 'postMessage of the object', must: 2, aim: 3 }],
  check: arrivedWhole,
})
