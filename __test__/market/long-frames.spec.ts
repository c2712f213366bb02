import test from 'ava'
import { Epoch } from 'tickbus'
import { MarketDecoder, OrderBooks } from 'tickbus/market'
import { backends, instant, rejectionOf } from './decoding.js'

const epoch = new Epoch(instant)
const LEVELS = 60_000

/** A snapshot as Coinbase sends it, of the full book: both sides from the best price on. */
function snapshot(): Buffer {
  const side = (sign: number) =>
    Array.from({ length: LEVELS }, (_, i) => [(61_800 + sign * (i + 1) * 0.01).toFixed(2), '0.12345678'])
  return Buffer.from(JSON.stringify({ type: 'snapshot', product_id: 'BTC-USD', bids: side(-1), asks: side(1) }))
}

for (const backend of backends) {
  test(`a snapshot of several MB is decoded by default [${backend}]`, (t) => {
    const frame = snapshot()
    t.true(frame.length > 3_000_000)
    const decoder = new MarketDecoder({ market: 'coinbase', epoch, backend })
    const [message] = decoder.frames([frame], new Float64Array(1))
    t.is(message?.kind, 'book')
    const { bids, asks } = message!.message as unknown as { bids: number[][]; asks: number[][] }
    t.deepEqual(
      [bids.length, bids[0], asks.length, asks.at(-1)],
      [LEVELS, [61_799.99, 0.12345678], LEVELS, [62_400, 0.12345678]],
    )
    const line = Buffer.concat([Buffer.from(`${instant} `), frame, Buffer.from('\n')])
    t.is(decoder.lines(Buffer.concat([line, line])).length, 2)
    t.is(decoder.counts.rejected, 0)
  })

  test(`the book of such a snapshot keeps the best levels, and says down to where [${backend}]`, (t) => {
    const books = new OrderBooks({ market: 'coinbase', epoch, backend })
    books.frames([snapshot()], new Float64Array(1))
    const book = books.get('BTC-USD.COINBASE')!
    t.deepEqual([book.state, book.bidPrice, book.askPrice], ['live', 61_799.99, 61_800.01])
    t.deepEqual([book.reach('bid'), book.reach('ask')], [61_759.04, 61_840.96])
    t.is(book.counts.givenUp, 2 * (LEVELS - 4_096))
    t.true(books.totals.bytes < 1_048_576)
  })

  test(`a frame that is longer than the decoder was told to take is rejected, and the next one decoded [${backend}]`, (t) => {
    const short = { u: 1, s: 'X', b: '1', B: '1', a: '1', A: '1' }
    const decoder = new MarketDecoder({ market: 'spot', epoch, backend, frameBytesMost: 1_024 })
    const padded = (length: number) => `${JSON.stringify(short).padEnd(length - 1)} `
    t.is(rejectionOf(decoder, padded(1_025)), 'length')
    const messages = decoder.frames([Buffer.from(padded(1_024))], new Float64Array(1))
    t.is(messages.length, 1)
    for (const frameBytesMost of [1_023, 67_108_865, 1_024.5]) {
      t.throws(() => new MarketDecoder({ market: 'spot', epoch, backend, frameBytesMost }), {
        code: 'TICKBUS_ARGUMENT',
      })
    }
  })
}
