import { ccxtParsing } from '../../market/ccxt.js'
import { decoding } from '../../market/decoding.js'
import { type Shape, shapes } from '../../market/frames.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Shape>({
  name: 'market/ccxt',
  asks: 'What does it cost to make numbers of a frame, beside ccxt?',
  how: 'Frames of Binance as Buffers, 64 at a time, until JavaScript has read every price and size: out of records, or out of what ccxt makes of a frame that JSON.parse has read, which is `handleMessage` of binanceusdm for quotes and trades and `parseOrderBook` for levels. Its sockets, caches of books and promises are not played.',
  figures: { frame: { unit: 'ns', better: 'less' } },
  rows: shapes,
  rivals: { ccxt: ccxtParsing() },
  ours: { native: decoding('native', 64), js: decoding('js', 64) },
  targets: [
    { ours: 'native', rival: 'ccxt', rows: ['quote', 'trade'], must: 40, aim: 100 },
    { ours: 'native', rival: 'ccxt', rows: ['20 + 20 levels', '100 + 100 levels'], must: 5, aim: 20 },
  ],
  check: arrivedWhole,
})
