import { type Idle, idling } from '../../autoscale/idle.js'
import { arrivedWhole, question } from '../../question.js'

const ONE = { min: 1, max: 1 }
const FIFTY = { min: 50, max: 50 }
const SCALED = { min: 1, max: 50 }

export default question<Idle>({
  name: 'autoscale/idle',
  asks: 'What do slots cost that have nothing to do?',
  how: 'One group, one message, then nothing for 15 s, in which the hold ends: the share of a core that the process takes, and by how much its resident set grew when the group was opened. `1 to 50` follows the load; the others have one size.',
  figures: { share: { unit: '% of a core', better: 'less' }, memory: { unit: 'MB', better: 'less' } },
  rows: { 'one group': { settleSeconds: 15, seconds: 5 } },
  rivals: { 'one slot': idling('js', ONE) },
  ours: {
    'native, one slot': idling('native', ONE),
    'native, 50 slots': idling('native', FIFTY),
    'native, 1 to 50 slots': idling('native', SCALED),
    'js, 50 slots': idling('js', FIFTY),
    'js, 1 to 50 slots': idling('js', SCALED),
  },
  targets: [],
  bounds: ['native', 'js'].map((ours) => ({ ours: `${ours}, 1 to 50 slots`, figure: 'share', must: 0.5 })),
  freshRounds: 5,
  check: arrivedWhole,
})
