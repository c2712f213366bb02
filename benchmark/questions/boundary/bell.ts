import { type Rings, ringing } from '../../boundary/bell.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Rings>({
  name: 'boundary/bell',
  asks: 'What does it cost to wake a sleeping thread, and how soon does it run?',
  how: 'One ring each 300 us, clock reads included: `ring` is the time inside the call, `wake` until the other thread runs.',
  figures: { ring: { unit: 'us', better: 'less' }, wake: { unit: 'us', better: 'less' } },
  rows: { asleep: { rings: 500 } },
  rivals: { postMessage: ringing() },
  ours: { native: ringing('native'), js: ringing('js') },
  targets: [],
  check: arrivedWhole,
})
