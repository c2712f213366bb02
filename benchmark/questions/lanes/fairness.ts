import { denqueLanes, type Fairness, sharingLanes, tickbusLanes } from '../../lanes/fairness.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Fairness>({
  name: 'lanes/fairness',
  asks: 'HIGH always has something that waits: how many of 8,000 handlers are for LOW?',
  how: 'Twice as many wait in each of the two lanes, all of them longer than the age bound. A count, which does not depend on the machine: with `strict` one pick in eight is by age, among those with equal age the lower lane first. By hand, lanes starve.',
  figures: { low: { unit: 'handlers', better: 'more' }, high: { unit: 'handlers', better: 'more' } },
  rows: { 'low and high are full': { handlers: 8_000 } },
  rivals: {
    'denque lanes': sharingLanes(denqueLanes),
    'native, fifo': sharingLanes(tickbusLanes('native', 'fifo')),
  },
  ours: { native: sharingLanes(tickbusLanes('native', 'strict')), js: sharingLanes(tickbusLanes('js', 'strict')) },
  targets: [],
  check: arrivedWhole,
})
