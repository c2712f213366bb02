import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import test from 'ava'
import { Epoch } from 'tickbus'
import {
  checkRecording,
  feedInstrumentOf,
  type MarketMessage,
  MOST_LINE_BYTES,
  readLines,
  RecordedMarket,
} from 'tickbus/market'
import { backends } from './decoding.js'
import { bundled, line, quoteFrame, Scratch } from './samples.js'

interface Reading {
  text: string
  error: Error | undefined
}

async function read(file: string): Promise<Reading> {
  const blocks: Buffer[] = []
  const reading: Reading = { text: '', error: undefined }
  try {
    for await (const block of readLines(file)) blocks.push(block)
  } catch (error) {
    reading.error = error as Error
  }
  reading.text = Buffer.concat(blocks).toString()
  return reading
}

test('a recording gives back every character of its lines, in blocks of whole lines', async (t) => {
  const { text, error } = await read(bundled[0]!)
  t.is(error, undefined)
  t.true(text === gunzipSync(readFileSync(bundled[0]!)).toString())
  for await (const block of readLines(bundled[0]!)) t.is(block.at(-1), 0x0a)
})

test('a recording is read as it is asked for, not ahead', async (t) => {
  let bytes = 0
  const blocks = readLines(bundled[4]!, (count) => (bytes += count))
  await blocks.next()
  t.is(bytes, 16_384)
  await blocks.return(undefined)
})

test('the last line needs no line end', async (t) => {
  const file = new Scratch(t).file('spot_btcusdt.gz', gzipSync(`${line(0, 'a')}\n${line(1, 'b')}`))
  t.is((await read(file)).text, `${line(0, 'a')}\n${line(1, 'b')}\n`)
})

test('characters that take several bytes survive where chunks meet', async (t) => {
  const frame = 'ä€😀'.repeat(20_000)
  const file = new Scratch(t).recording('spot_btcusdt.gz', [line(0, frame)])
  t.true((await read(file)).text === `${line(0, frame)}\n`)
})

test('gzip files put one behind the other read as one', async (t) => {
  const parts = [line(0, 'a'), line(1, 'b')].map((text) => gzipSync(`${text}\n`))
  const file = new Scratch(t).file('spot_btcusdt.gz', Buffer.concat(parts))
  t.is((await read(file)).text, `${line(0, 'a')}\n${line(1, 'b')}\n`)
})

test('zeros behind the end of the gzip data are padding', async (t) => {
  const file = new Scratch(t).file(
    'spot_btcusdt.gz',
    Buffer.concat([gzipSync(`${line(0, 'a')}\n`), Buffer.alloc(40_000)]),
  )
  t.deepEqual(await read(file), { text: `${line(0, 'a')}\n`, error: undefined })
})

test('other bytes behind the end of the gzip data are damage', async (t) => {
  const file = new Scratch(t).file(
    'spot_btcusdt.gz',
    Buffer.concat([gzipSync(`${line(0, 'a')}\n`), Buffer.from('and more')]),
  )
  t.regex(String((await read(file)).error), /its gzip data is damaged/)
})

test('a file that breaks off delivers all that came before, then says where', async (t) => {
  const whole = readFileSync(bundled[2]!)
  const cut = whole.subarray(0, 50_000)
  const readable = gunzipSync(cut, { finishFlush: 2 }).toString()
  const { text, error } = await read(new Scratch(t).file('spot_btcusdt.gz', cut))
  t.true(text === readable.slice(0, readable.lastIndexOf('\n') + 1))
  t.like(error, { code: 'TICKBUS_RECORDING' })
  t.regex(error!.message, /breaks off in the middle of a gzip block/)
})

test('damaged gzip data is an error that says so', async (t) => {
  const bytes = Buffer.from(readFileSync(bundled[2]!))
  bytes.fill(0xff, 40_000, 40_100)
  const { text, error } = await read(new Scratch(t).file('spot_btcusdt.gz', bytes))
  t.true(text.length > 0)
  t.like(error, { code: 'TICKBUS_RECORDING' })
  t.regex(error!.message, /damaged/)
})

for (const backend of backends) {
  const decoded = async (file: string) => {
    const market = await RecordedMarket.open([file], backend)
    const messages: MarketMessage[] = []
    for await (const message of market.messages(new Epoch(market.epochNs))) messages.push(message)
    return { messages: messages.length, rejections: market.rejections, faults: market.faults }
  }

  test(`the error says after which line a file breaks off [${backend}]`, async (t) => {
    const cut = readFileSync(bundled[2]!).subarray(0, 50_000)
    const { messages, faults } = await decoded(new Scratch(t).file('spot_btcusdt.gz', cut))
    t.regex(faults[0]!.message, new RegExp(`in the middle of a gzip block after line ${messages}`))
  })

  test(`lines without a receive time are passed over with their position [${backend}]`, async (t) => {
    const sound = line(0, quoteFrame(1))
    const lines = ['noise', sound, '', 'noise', '12 short', sound, `1${sound}`, `-${sound.slice(1)}`]
    const file = new Scratch(t).recording('spot_btcusdt.gz', lines)
    const { messages, rejections } = await decoded(file)
    t.is(messages, 2)
    t.deepEqual(
      rejections.map((rejection) => rejection.line),
      [1, 3, 4, 5, 7, 8],
    )
    t.true(rejections.every((rejection) => rejection.file === file && /receive time/.test(rejection.reason)))
  })

  test(`a line beyond all bounds is passed over without being kept [${backend}]`, async (t) => {
    const sound = line(0, quoteFrame(1))
    const endless = `1700000000000000000 ${'x'.repeat(3 * MOST_LINE_BYTES)}`
    const file = new Scratch(t).recording('spot_btcusdt.gz', [sound, endless, sound, endless])
    const { messages, rejections } = await decoded(file)
    t.is(messages, 2)
    t.deepEqual(
      rejections.map((rejection) => rejection.line),
      [2, 4],
    )
    t.regex(rejections[0]!.reason, /longer than/)
  })
}

test('a missing file, a folder, and what is no gzip file are refused before anything is read', async (t) => {
  const scratch = new Scratch(t)
  const refused = (file: string, message: RegExp) =>
    t.throwsAsync(checkRecording(file), { code: 'TICKBUS_RECORDING', message })
  await refused(`${scratch.folder}/spot_none.gz`, /there is no such file/)
  await refused(scratch.folder, /it is a folder/)
  await refused(scratch.file('spot_text.gz', line(0, quoteFrame(1))), /not a gzip file/)
  await refused(scratch.file('spot_empty.gz', ''), /not a gzip file/)
  t.is(await checkRecording(scratch.file('spot_one.gz', gzipSync(''))), 20)
})

test('the name of a file says the instrument', (t) => {
  t.is(feedInstrumentOf('/some/where/spot_btcusdt_20240808.gz').id, 'BTCUSDT.BINANCE')
  t.is(feedInstrumentOf('usdm_ethusdt_20240808.gz').id, 'ETHUSDT-PERP.BINANCE')
  t.is(feedInstrumentOf('cm_btcusd_perp_20240808.gz').id, 'BTCUSD_PERP.BINANCE')
  t.is(feedInstrumentOf('usdm_btcusdt_240927_20240808.gz').id, 'BTCUSDT_240927.BINANCE')
  t.is(feedInstrumentOf('spot_btcusdt.gz').symbol, 'BTCUSDT')
  t.throws(() => feedInstrumentOf('btcusdt.gz'), { code: 'TICKBUS_RECORDING', message: /does not say the market/ })
})
