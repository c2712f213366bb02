import { decoded, parsed, type Recorded, recordedRows } from '../../market/recorded.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Recorded>({
  name: 'market/recording',
  asks: 'What does a recording cost from its lines to the handlers of a strategy?',
  how: 'Six recordings of Binance, one after the other, until handlers have read every price and size: decoded and published on a bus, or line by line through JSON.parse, Number and an EventEmitter. The whole recordings where they lie beside the checkout, else those of the package.',
  figures: { message: { unit: 'ns', better: 'less' } },
  rows: recordedRows,
  rivals: { 'lines + JSON.parse + EventEmitter': parsed() },
  ours: { native: decoded('native'), js: decoded('js') },
  targets: [
    { ours: 'native', rival: 'lines + JSON.parse + EventEmitter', rows: ['all files, inflated'], must: 4, aim: 6 },
  ],
  check: arrivedWhole,
})
