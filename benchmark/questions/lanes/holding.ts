import { type Holding, holding, objectsInDenques, objectsOf, recordsOf } from '../../lanes/holding.js'
import { arrivedWhole, question } from '../../question.js'

const OURS = ['native, records', 'js, records']

export default question<Holding>({
  name: 'lanes/holding',
  asks: 'A million messages wait: how long does a full garbage collection take?',
  how: 'Collection is forced once everything waits, and measured the second time. Then 200,000 quotes a second are published in an open loop for a second, while nothing is handled; from the intended time to the return of the publish. Objects by reference stand beside the records.',
  figures: { collection: { unit: 'ms', better: 'less' }, p999: { unit: 'us', better: 'less' } },
  rows: { '1,000,000 wait': { waiting: 1_000_000, rate: 200_000, seconds: 1 } },
  rivals: { 'objects in denque lanes': holding(objectsInDenques) },
  ours: {
    'native, records': holding(recordsOf('native')),
    'js, records': holding(recordsOf('js')),
    'native, objects': holding(objectsOf('native')),
    'js, objects': holding(objectsOf('js')),
  },
  targets: OURS.map((ours) => ({ ours, rival: 'objects in denque lanes', must: 15, aim: 40 })),
  check: arrivedWhole,
})
