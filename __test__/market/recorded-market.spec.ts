import { gzipSync } from 'node:zlib'
import test from 'ava'
import { Epoch } from 'tickbus'
import { type MarketMessage, RecordedMarket } from 'tickbus/market'
import { bundled, line, quoteFrame, Scratch } from './samples.js'

async function drain(market: RecordedMarket): Promise<MarketMessage[]> {
  const messages: MarketMessage[] = []
  for await (const message of market.messages(new Epoch(market.epochNs))) messages.push(message)
  return messages
}

test('the bundled recordings hold what their notice says', async (t) => {
  const market = await RecordedMarket.open(bundled)
  t.is(market.epochNs, 1_723_161_253_000_000_000n)
  await drain(market)
  t.deepEqual(market.counts, {
    quotes: 18_605,
    trades: 3_342,
    bookUpdates: 5_796,
    other: 0,
    rejected: 0,
    total: 27_743,
  })
  t.is(market.portionRead, 1)
})

test('files are merged by receive time, each keeping its own order', async (t) => {
  const scratch = new Scratch(t)
  const eth = (update: number) => quoteFrame(update, { s: 'ETHUSDT' })
  const files = [
    scratch.recording('spot_btcusdt.gz', [
      line(5, quoteFrame(1)),
      line(30, quoteFrame(2)),
      line(20, quoteFrame(3)),
      line(40, quoteFrame(4)),
    ]),
    scratch.recording('spot_ethusdt.gz', [line(5, eth(11)), line(25, eth(12)), line(35, eth(13))]),
  ]
  const messages = await drain(await RecordedMarket.open(files))
  t.deepEqual(
    messages.map(({ message }) => ('sequence' in message ? message.sequence : 0)),
    [1, 11, 12, 2, 3, 13, 4],
  )
})

test('what is no frame is counted and described, and the rest goes on', async (t) => {
  const lines = [
    line(0, quoteFrame(1)),
    'no time',
    line(1, 'no JSON'),
    line(2, { result: null, id: 1 }),
    line(3, quoteFrame(2)),
  ]
  const file = new Scratch(t).recording('spot_btcusdt.gz', lines)
  const market = await RecordedMarket.open([file])
  t.is((await drain(market)).length, 2)
  t.deepEqual(market.counts, { quotes: 2, trades: 0, bookUpdates: 0, other: 1, rejected: 2, total: 5 })
  t.deepEqual(market.rejections.map((rejection) => rejection.line).sort(), [2, 3])
  t.deepEqual(market.faults, [])
})

test('only the first rejected lines are described, all are counted', async (t) => {
  const noise = Array.from({ length: 100 }, (_, i) => line(i, 'noise'))
  const file = new Scratch(t).recording('spot_btcusdt.gz', [line(0, quoteFrame(1)), ...noise])
  const market = await RecordedMarket.open([file])
  await drain(market)
  t.is(market.counts.rejected, 100)
  t.is(market.rejections.length, 10)
})

test('a file that breaks off is a fault; what it held and the other files are delivered', async (t) => {
  const scratch = new Scratch(t)
  const many = Array.from(
    { length: 1000 },
    (_, i) => `${line(i, quoteFrame(i, { B: String(Math.sin(i) ** 2) }))}\n`,
  ).join('')
  const cut = scratch.file('spot_btcusdt.gz', gzipSync(many).subarray(0, -100))
  const sound = scratch.recording('spot_ethusdt.gz', [line(2_000, quoteFrame(1, { s: 'ETHUSDT' }))])
  const market = await RecordedMarket.open([cut, sound])
  const messages = await drain(market)
  t.true(messages.length > 900 && messages.length < 1001)
  t.is(messages.at(-1)!.topic, 'data.quotes.BINANCE.ETHUSDT')
  t.deepEqual(
    market.faults.map(({ code }) => code),
    ['TICKBUS_RECORDING'],
  )
})

test('a file without one frame is a fault beside sound ones', async (t) => {
  const scratch = new Scratch(t)
  const sound = scratch.recording('spot_btcusdt.gz', [line(0, quoteFrame(1))])
  const binary = scratch.file(
    'spot_ethusdt.gz',
    gzipSync(Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256))),
  )
  const empty = scratch.file('spot_bnbusdt.gz', gzipSync(''))
  const market = await RecordedMarket.open([sound, binary, empty])
  t.is((await drain(market)).length, 1)
  t.deepEqual(
    market.faults.map(({ details }) => details.file),
    [binary, empty],
  )
  t.regex(market.faults[0]!.message, /none of its \d+ lines is a receive time/)
  t.regex(market.faults[1]!.message, /it is empty/)
})

test('recordings that hold nothing at all are refused', async (t) => {
  const scratch = new Scratch(t)
  const empty = scratch.file('spot_btcusdt.gz', gzipSync(''))
  const binary = scratch.file('spot_ethusdt.gz', gzipSync(Buffer.alloc(2_000_000, 1)))
  await t.throwsAsync(RecordedMarket.open([empty]), { code: 'TICKBUS_RECORDING', message: /it is empty/ })
  await t.throwsAsync(RecordedMarket.open([binary]), { code: 'TICKBUS_RECORDING', message: /none of its 1 lines/ })
  await t.throwsAsync(RecordedMarket.open([]), { code: 'TICKBUS_RECORDING' })
})

test('a line from another year is passed over, since its time would not be exact', async (t) => {
  const late = `1800000000000000000 ${JSON.stringify(quoteFrame(2))}`
  const market = await RecordedMarket.open([
    new Scratch(t).recording('spot_btcusdt.gz', [line(0, quoteFrame(1)), late]),
  ])
  t.is((await drain(market)).length, 1)
  t.regex(market.rejections[0]!.reason, /104 days/)
})
