import { gzipSync } from 'node:zlib'
import test from 'ava'
import { Epoch } from 'tickbus'
import { type MarketMessage, RecordedMarket } from 'tickbus/market'
import { Scratch } from './samples.js'

const connection = 'wss://ws.kraken.com <-> 1618678132.3858151'
const request = 'wss://ws.kraken.com <- 1618678132.8253062: {"event":"subscribe","pair":["XBT/USD"]}'
const trade = (receivedAt: string) =>
  `${receivedAt}: [0,[["5541.20000","0.15850568","1618678133.321597","s","l",""]],"trade","XBT/USD"]`

function capture(t: { teardown(fn: () => void): void }, lines: readonly string[], name = 'kraken.ws.1.gz'): string {
  return new Scratch(t).file(name, gzipSync(lines.map((text) => `${text}\n`).join('')))
}

async function drain(market: RecordedMarket): Promise<MarketMessage[]> {
  const messages: MarketMessage[] = []
  for await (const message of market.messages(new Epoch(market.epochNs))) messages.push(message)
  return messages
}

test('a capture says its venue in the first line, and its receive times in seconds', async (t) => {
  const file = capture(t, [connection, request, trade('1618678133.9'), '', trade('1618678134.0618958')])
  const market = await RecordedMarket.open([file])
  t.deepEqual(
    market.instruments.map(({ id }) => id),
    ['XBT/USD.KRAKEN'],
  )
  t.is(market.epochNs, 1_618_678_133_000_000_000n)
  const messages = await drain(market)
  t.deepEqual(
    messages.map(({ message }) => message.tsInit),
    [1_618_678_133_900_000_000n, 1_618_678_134_061_895_800n],
  )
  t.like(market.counts, { trades: 2, rejected: 0, total: 2 })
  t.is(market.portionRead, 1)
})

test('a bad frame is reported with its line in the capture', async (t) => {
  const lines = [connection, request, trade('1618678133.9'), '1618678133.95: {"event":', request, 'noise']
  const market = await RecordedMarket.open([capture(t, [...lines, trade('1618678134.1')])])
  t.is((await drain(market)).length, 2)
  t.deepEqual(
    market.rejections.map(({ line }) => line),
    [4, 6],
  )
})

test('a capture of a venue that is not decoded is refused', async (t) => {
  const file = capture(t, ['wss://stream.example.com <-> 1618678132.3', trade('1618678133.9')])
  await t.throwsAsync(RecordedMarket.open([file]), { code: 'TICKBUS_RECORDING', message: /does not say the market/ })
  const other = capture(t, ['wss://ws.notkraken.com <-> 1618678132.3', trade('1618678133.9')])
  await t.throwsAsync(RecordedMarket.open([other]), { code: 'TICKBUS_RECORDING' })
})

test('a capture that breaks off is a fault, after what it held was delivered', async (t) => {
  const lines = Array.from({ length: 2_000 }, (_, i) =>
    trade(
      `1618678133.${String(i * 7_919_993)
        .padStart(9, '0')
        .slice(0, 9)}`,
    ),
  )
  const whole = gzipSync([connection, ...lines, ''].join('\n'))
  const market = await RecordedMarket.open([new Scratch(t).file('kraken.ws.2.gz', whole.subarray(0, -100))])
  const messages = await drain(market)
  t.true(messages.length > 1_500 && messages.length < 2_000)
  t.deepEqual(
    market.faults.map(({ code }) => code),
    ['TICKBUS_RECORDING'],
  )
})

test('a recording is of the venue that its name says', async (t) => {
  const frame = '{"type":"match","trade_id":1,"side":"sell","size":"1","price":"2","product_id":"BTC-USD"}'
  const file = capture(t, [`1700000000000000000 ${frame}`], 'coinbase_20231114.gz')
  const market = await RecordedMarket.open([file])
  const [{ topic, message }] = await drain(market)
  t.is(topic, 'data.trades.COINBASE.BTC-USD')
  t.is(message.tsEvent, 1_700_000_000_000_000_000n)
})
