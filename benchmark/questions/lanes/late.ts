import type { Holding } from '../../lanes/holding.js'
import { question } from '../../question.js'
import holding from './holding.js'

const { collection, p999 } = holding.figures

export default question<Holding>({
  ...holding,
  name: 'lanes/late',
  asks: 'A million messages wait: how late is the latest thousandth of what is published meanwhile?',
  how: 'The same rounds as `lanes/holding`. 200,000 quotes a second are published in an open loop for a second, while nothing is handled; from the intended time to the return of the publish. Objects by reference stand beside the records.',
  figures: { p999, collection },
  targets: holding.targets.map((target) => ({ ...target, must: 3, aim: 5 })),
})
