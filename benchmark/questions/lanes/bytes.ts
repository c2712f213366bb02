import { type Holding, objectsInDenques, objectsOf, recordsOf, weighing } from '../../lanes/holding.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Holding>({
  name: 'lanes/bytes',
  asks: 'How many bytes does a message take while it waits?',
  how: 'What the resident set grows by while 200,000 quotes are put into four lanes that are made for more, garbage collected, divided by their number; envelopes, lists and objects together.',
  figures: { bytes: { unit: 'B', better: 'less' } },
  rows: { '200,000 wait': { waiting: 200_000, rate: 0, seconds: 0 } },
  rivals: { 'objects in denque lanes': weighing(objectsInDenques) },
  ours: {
    'native, records': weighing(recordsOf('native')),
    'js, records': weighing(recordsOf('js')),
    'native, objects': weighing(objectsOf('native')),
    'js, objects': weighing(objectsOf('js')),
  },
  targets: [],
  freshRounds: 3,
  check: arrivedWhole,
})
