import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import test from 'ava'
import {
  checkRecording,
  instrumentOf,
  type Line,
  MOST_LINE_CHARACTERS,
  readLines,
  type Rejection,
} from 'tickbus/market'
import { bundled, line, quoteFrame, Scratch } from './samples.js'

interface Reading {
  lines: Line[]
  rejections: Rejection[]
  error: Error | undefined
}

async function read(file: string): Promise<Reading> {
  const reading: Reading = { lines: [], rejections: [], error: undefined }
  try {
    for await (const lines of readLines(file, (rejection) => reading.rejections.push(rejection)))
      reading.lines.push(...lines)
  } catch (error) {
    reading.error = error as Error
  }
  return reading
}

const joined = (lines: readonly Line[]) =>
  lines.map(({ seconds, nanos, frame }) => `${seconds}${String(nanos).padStart(9, '0')} ${frame}\n`).join('')

test('a recording gives back every character of its lines', async (t) => {
  const { lines, rejections, error } = await read(bundled[0]!)
  t.is(error, undefined)
  t.deepEqual(rejections, [])
  t.is(lines.at(-1)!.number, 4003)
  t.true(joined(lines) === gunzipSync(readFileSync(bundled[0]!)).toString())
})

test('a recording is read as it is asked for, not ahead', async (t) => {
  let bytes = 0
  const batches = readLines(
    bundled[4]!,
    () => {},
    (count) => (bytes += count),
  )
  await batches.next()
  t.is(bytes, 16_384)
  await batches.return(undefined)
})

test('the last line needs no line end', async (t) => {
  const file = new Scratch(t).file('spot_btcusdt.gz', gzipSync(`${line(0, 'a')}\n${line(1, 'b')}`))
  t.deepEqual(
    (await read(file)).lines.map(({ frame }) => frame),
    ['a', 'b'],
  )
})

test('characters that take several bytes survive where chunks meet', async (t) => {
  const frame = 'ä€😀'.repeat(20_000)
  const file = new Scratch(t).recording('spot_btcusdt.gz', [line(0, frame)])
  t.true((await read(file)).lines[0]!.frame === frame)
})

test('gzip files put one behind the other read as one', async (t) => {
  const parts = [line(0, 'a'), line(1, 'b')].map((text) => gzipSync(`${text}\n`))
  const file = new Scratch(t).file('spot_btcusdt.gz', Buffer.concat(parts))
  t.deepEqual(
    (await read(file)).lines.map(({ frame }) => frame),
    ['a', 'b'],
  )
})

test('zeros behind the end of the gzip data are padding', async (t) => {
  const file = new Scratch(t).file(
    'spot_btcusdt.gz',
    Buffer.concat([gzipSync(`${line(0, 'a')}\n`), Buffer.alloc(40_000)]),
  )
  const { lines, error } = await read(file)
  t.is(lines.length, 1)
  t.is(error, undefined)
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
  const { lines, rejections, error } = await read(new Scratch(t).file('spot_btcusdt.gz', cut))
  t.true(joined(lines) === readable.slice(0, readable.lastIndexOf('\n') + 1))
  t.deepEqual(rejections, [])
  t.like(error, { code: 'TICKBUS_RECORDING' })
  t.regex(error!.message, new RegExp(`breaks off in the middle of a gzip block after line ${lines.length}`))
})

test('damaged gzip data is an error that says so', async (t) => {
  const bytes = Buffer.from(readFileSync(bundled[2]!))
  bytes.fill(0xff, 40_000, 40_100)
  const { lines, error } = await read(new Scratch(t).file('spot_btcusdt.gz', bytes))
  t.true(lines.length > 0)
  t.like(error, { code: 'TICKBUS_RECORDING' })
  t.regex(error!.message, /damaged after line \d+/)
})

test('lines without a receive time are passed over with their position', async (t) => {
  const lines = [line(0, 'a'), '', 'noise', '12 short', line(1, 'b'), '17000000000000000000 one digit too many']
  const file = new Scratch(t).recording('spot_btcusdt.gz', lines)
  const reading = await read(file)
  t.deepEqual(
    reading.lines.map(({ frame }) => frame),
    ['a', 'b'],
  )
  t.deepEqual(
    reading.rejections.map((rejection) => rejection.line),
    [2, 3, 4, 6],
  )
  t.true(reading.rejections.every((rejection) => rejection.file === file && /receive time/.test(rejection.reason)))
})

test('a line beyond all bounds is passed over without being kept', async (t) => {
  const endless = `1700000000000000000 ${'x'.repeat(3 * MOST_LINE_CHARACTERS)}`
  const file = new Scratch(t).recording('spot_btcusdt.gz', [line(0, 'a'), endless, line(1, 'b'), endless])
  const { lines, rejections } = await read(file)
  t.deepEqual(
    lines.map(({ number }) => number),
    [1, 3],
  )
  t.deepEqual(
    rejections.map((rejection) => rejection.line),
    [2, 4],
  )
  t.regex(rejections[0]!.reason, /longer than/)
})

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
  t.is(instrumentOf('/some/where/spot_btcusdt_20240808.gz').id, 'BTCUSDT')
  t.is(instrumentOf('usdm_ethusdt_20240808.gz').id, 'ETHUSDT-PERP')
  t.is(instrumentOf('cm_btcusd_perp_20240808.gz').id, 'BTCUSD_PERP')
  t.is(instrumentOf('usdm_btcusdt_240927_20240808.gz').id, 'BTCUSDT_240927')
  t.is(instrumentOf('spot_btcusdt.gz').symbol, 'BTCUSDT')
  t.throws(() => instrumentOf('btcusdt.gz'), { code: 'TICKBUS_RECORDING', message: /does not say the market/ })
})
