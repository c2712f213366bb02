import { bybitOkxShapes } from '../../market/bybit-okx-frames.js'
import { coinbaseKrakenShapes } from '../../market/coinbase-kraken-frames.js'
import { decoding, parsing } from '../../market/decoding.js'
import { type Shape, shapes } from '../../market/frames.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Shape>({
  name: 'market/decode',
  asks: 'What does it cost to make numbers of a frame?',
  how: 'Frames of Binance, Bybit, Coinbase, Kraken and OKX as Buffers, 64 at a time or one at a time, until JavaScript has read every price and size: out of records, or out of an object made by JSON.parse and Number.',
  figures: { frame: { unit: 'ns', better: 'less' } },
  rows: { ...shapes, ...coinbaseKrakenShapes, ...bybitOkxShapes },
  rivals: { 'toString + JSON.parse + Number': parsing() },
  ours: {
    native: decoding('native', 64),
    'native, one at a time': decoding('native', 1),
    js: decoding('js', 64),
    'js, one at a time': decoding('js', 1),
  },
  targets: [{ ours: 'native', rival: 'toString + JSON.parse + Number', must: 5, aim: 10 }],
  check: arrivedWhole,
})
