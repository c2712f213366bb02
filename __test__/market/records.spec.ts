import test from 'ava'
import { Epoch } from 'tickbus'
import { feedInstrument } from 'tickbus/market'
import { KIND_BOOK_LEVEL } from '../../dist/layout.js'
import { type MarketMessage, Records } from '../../dist/market/market-message.js'
import { lendForFrames } from '../../dist/market/record-room.js'

test('levels of which none is the last end with what was written', (t) => {
  const records = new Records(3)
  new Uint32Array(records.bytes.buffer)[0] = KIND_BOOK_LEVEL
  const messages: MarketMessage[] = []
  records.read(1, [feedInstrument('okx', 'BTC-USDT')], new Epoch(0n), messages)
  t.is(messages.length, 1)
  t.like(messages[0]!.message, { kind: 'delta', bids: [[0, 0]], asks: [] })
})

test('who decodes while records of before are still read gets memory of its own', (t) => {
  const frames = [Buffer.from('{}')]
  // From now on there is memory that has come back.
  lendForFrames(frames, () => {})
  const [outer, inner] = lendForFrames(frames, (lent) => [lent, lendForFrames(frames, (other) => other)])
  t.not(outer, inner)
  t.is(
    lendForFrames(frames, (again) => again),
    outer,
  )
  t.throws(() => lendForFrames(frames, () => fail()))
  t.is(
    lendForFrames(frames, (again) => again),
    outer,
  )
})

function fail(): never {
  throw new Error('a reader that fails')
}
