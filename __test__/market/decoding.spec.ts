import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { Quote, Trade } from 'tickbus'
import { COUNT_RECORDS, FRAME_BYTES_MOST, FRAME_NESTING_MOST, RECORD_BYTES } from '../../dist/layout.js'
import { sameOfAnyText, sameOfChangedTexts } from './both-backends.js'
import { backends, framesOf, messageOf, open, openCore, rejectionOf } from './decoding.js'
import { decimal, seed, whole, write } from './writing.js'

const level = fc.tuple(decimal, decimal)
const milliseconds = fc.integer({ min: 1_723_161_250_000, max: 1_723_161_350_000 })
const time = fc.oneof(
  milliseconds,
  fc.tuple(milliseconds, fc.nat(999)).map(([ms, us]) => ms * 1_000 + us),
)

/** Messages under the venue's names, prices and sizes as text. */
const contents = {
  quote: fc.record({
    e: fc.constant('bookTicker'),
    s: fc.constant('BTCUSDT'),
    u: whole,
    T: time,
    b: decimal,
    B: decimal,
    a: decimal,
    A: decimal,
  }),
  trade: fc.record({
    e: fc.constant('trade'),
    s: fc.constant('ETHUSDT'),
    t: whole,
    E: time,
    p: decimal,
    q: decimal,
    m: fc.boolean(),
  }),
  book: fc.record({
    e: fc.constant('depthUpdate'),
    s: fc.constant('BNBUSDT'),
    U: whole,
    u: whole,
    pu: whole,
    T: time,
    b: fc.array(level, { maxLength: 8 }),
    a: fc.array(level, { maxLength: 8 }),
  }),
}

/** In the wrapper of a stream, or bare. */
function writeWrapped(message: Record<string, unknown>, numbers: readonly number[], isWrapped: boolean): string {
  return write(isWrapped ? { stream: 'x@y', data: message } : message, numbers)
}

/** What a message says, by the plain way. */
function expectedOf(message: Record<string, unknown>): object {
  const unix = (message.T ?? message.E) as number
  const tsEvent = BigInt(unix) * (String(unix).length === 16 ? 1_000n : 1_000_000n)
  const levels = (side: unknown) => (side as [string, string][]).map((pair) => pair.map(Number))
  if (message.e === 'bookTicker') {
    const [bidPrice, bidSize, askPrice, askSize] = [message.b, message.B, message.a, message.A].map(Number)
    return { bidPrice, bidSize, askPrice, askSize, sequence: message.u, tsEvent }
  }
  if (message.e === 'trade') {
    const aggressorSide = message.m === true ? 'SELLER' : 'BUYER'
    return { price: Number(message.p), size: Number(message.q), aggressorSide, tradeId: String(message.t), tsEvent }
  }
  const sequences = { firstSequence: message.U, lastSequence: message.u, previousSequence: message.pu }
  return { kind: 'delta', ...sequences, bids: levels(message.b), asks: levels(message.a), tsEvent }
}

function plain(message: unknown): object {
  if (message instanceof Quote) {
    const { bidPrice, bidSize, askPrice, askSize, sequence, tsEvent } = message
    return { bidPrice, bidSize, askPrice, askSize, sequence, tsEvent }
  }
  if (message instanceof Trade) {
    const { price, size, aggressorSide, tradeId, tsEvent } = message
    return { price, size, aggressorSide, tradeId, tsEvent }
  }
  const { tsInit: _tsInit, ...fields } = message as { tsInit: bigint }
  return fields
}

const content = fc.oneof(contents.quote, contents.trade, contents.book)

for (const backend of backends) {
  testProp(
    `a message decodes to the same however it is written [${backend}]`,
    [content, seed, fc.boolean()],
    (t, message, choice, isWrapped) => {
      const frame = writeWrapped(message, choice, isWrapped)
      const parsed = JSON.parse(frame)
      t.is((parsed.data ?? parsed).s, message.s)
      t.deepEqual(plain(messageOf(open(backend), frame)), expectedOf(message))
    },
    { numRuns: 400 },
  )

  testProp(
    `every decimal text becomes the double that Number makes of it [${backend}]`,
    [
      fc.tuple(
        fc.stringMatching(/^\d{1,25}$/),
        fc.option(fc.stringMatching(/^\d{1,25}$/), { nil: undefined }),
        fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
      ),
    ],
    (t, [digits, fraction, exponent]) => {
      const text = `${digits}${fraction === undefined ? '' : `.${fraction}`}${exponent === undefined ? '' : `e${exponent}`}`
      const frame = { u: 1, s: 'X', b: text, B: '1', a: '1', A: '1' }
      t.is((messageOf(open(backend), frame) as Quote).bidPrice, Number(text))
    },
    { numRuns: 400 },
  )

  test(`numbers with more than 15 significant digits are counted [${backend}]`, (t) => {
    const isPrecise = (price: string) => {
      const decoder = open(backend)
      messageOf(decoder, { u: 1, s: 'X', b: price, B: '1', a: '1', A: '1' })
      return decoder.counts.imprecise === 0
    }
    for (const text of ['0000000061737.6300000000', '1234567.12345678', '0.000000000000000000012', '100000000000000']) {
      t.true(isPrecise(text), text)
    }
    const long = ['1234567.123456789', '1000000000000000', '1000000000000000.0', '1'.repeat(40), `0.${'1'.repeat(40)}`]
    for (const text of long) t.false(isPrecise(text), text)
  })

  test(`what is not taken has no numbers to count [${backend}]`, (t) => {
    const decoder = open(backend)
    const long = '1234567.123456789'
    framesOf(decoder, [
      { u: 1, s: 'X', b: long, B: '1', a: '1', A: '-1' },
      { e: 'aggTrade', s: 'X', b: [[long, '1']], a: [] },
      { e: 'depthUpdate', s: 'X', U: 1, u: 1, b: [[long, '1']], a: [] },
      { u: 1, s: 'X', b: '1', B: '1', a: '1', A: '1' },
    ])
    t.like(decoder.counts, { imprecise: 1, rejected: 1, ignored: 1 })
  })

  test(`many instruments keep their numbers [${backend}]`, (t) => {
    const decoder = open(backend)
    const frames = Array.from({ length: 2_000 }, (_, i) => ({
      u: i,
      s: `S${(i * i) % 700}`,
      b: '1',
      B: '1',
      a: '1',
      A: '1',
    }))
    const seen = framesOf(decoder, frames).map(({ instrument }) => instrument.symbol)
    t.deepEqual(
      seen,
      frames.map(({ s }) => s),
    )
    t.is(decoder.counts.instruments, new Set(seen).size)
  })

  test(`a frame in hostile form is rejected, and the next one decoded [${backend}]`, (t) => {
    const sound = { u: 1, s: 'X', b: '1', B: '1', a: '1', A: '1' }
    const nested = (depth: number) =>
      `{"u":1,"s":"X","b":"1","B":"1","a":"1","A":"1","n":${'['.repeat(depth)}${']'.repeat(depth)}}`
    for (const [frame, reason] of [
      [nested(100_000), 'nesting'],
      [nested(FRAME_NESTING_MOST), 'nesting'],
      [`${nested(1)}${' '.repeat(FRAME_BYTES_MOST)}`, 'length'],
      [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'encoding'],
      [Buffer.from(JSON.stringify(sound), 'utf16le'), 'json'],
      [JSON.stringify(sound).slice(0, -1), 'json'],
      [{ ...sound, s: 'X'.repeat(65) }, 'instrument'],
      [{ ...sound, s: 'A B' }, 'instrument'],
      [{ ...sound, s: '' }, 'instrument'],
      [{ e: 'depthUpdate', s: 'X', U: 1, u: 1, b: Array.from({ length: 17_000 }, () => [1, 1]), a: [] }, 'room'],
    ] as const) {
      const decoder = open(backend)
      t.is(rejectionOf(decoder, frame), reason)
      t.is((messageOf(decoder, sound) as Quote).bidPrice, 1)
      t.like(decoder.counts, { frames: 2, rejected: 1, quotes: 1 })
      t.deepEqual(decoder.report.rejected, [{ name: reason, count: 1 }])
      t.is(decoder.report.samples[0]!.offset, 0)
    }
    t.is((messageOf(open(backend), nested(FRAME_NESTING_MOST - 1)) as Quote).bidPrice, 1)
  })

  test(`names beyond ASCII take the general parser, and are names like any [${backend}]`, (t) => {
    const decoder = open(backend)
    const [{ instrument }] = framesOf(decoder, [{ u: 1, s: '币安人生USDT', b: '1', B: '1', a: '1', A: '1' }])
    t.is(instrument.id, '币安人生USDT.BINANCE')
    t.is(decoder.counts.general, 1)
  })

  test(`garbage names and kinds do not grow memory without bound [${backend}]`, (t) => {
    const decoder = open(backend, { instrumentsMost: 100 })
    const frames = Array.from({ length: 1_000 }, (_, i) => ({ u: 1, s: `G${i}`, b: '1', B: '1', a: '1', A: '1' }))
    const kinds = Array.from({ length: 1_000 }, (_, i) => ({ e: `kind${i}` }))
    t.is(framesOf(decoder, frames).length, 100)
    framesOf(decoder, kinds)
    t.like(decoder.counts, { instruments: 100, rejected: 900, ignored: 1_000 })
    const { ignored, samples, rejected } = decoder.report
    t.is(ignored.length, 65)
    t.deepEqual(ignored.at(-1), { name: '(others)', count: 936 })
    t.is(samples.length, 16)
    t.deepEqual(samples[0], {
      frame: 101,
      offset: Buffer.byteLength(
        frames
          .slice(0, 100)
          .map((f) => JSON.stringify(f))
          .join(''),
      ),
      reason: 'instrument',
    })
    t.deepEqual(rejected, [{ name: 'instrument', count: 900 }])
  })

  testProp(
    `how the output and the input are cut changes nothing [${backend}]`,
    [
      fc.array(content, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 16, max: 40 }),
      fc.integer({ min: 1, max: 700 }),
    ],
    (t, messages, room, step) => {
      const text = messages.map((message, i) => `172316125${String(i).padStart(10, '0')} ${JSON.stringify(message)}\n`)
      const lines = Buffer.from(text.join(''))
      t.deepEqual(inParts(backend, lines, room, step), inParts(backend, lines, 4_096, lines.length))
    },
    { numRuns: 100 },
  )
}

/** Decodes lines that come in steps of so many bytes into an output with room for so many records. */
function inParts(backend: 'native' | 'js', lines: Buffer, room: number, step: number): Buffer {
  const decoder = openCore(backend)
  const out = new Uint8Array(room * RECORD_BYTES)
  const parts: Uint8Array[] = []
  let from = 0
  for (let to = step; from < lines.length; to += step) {
    for (;;) {
      const taken = decoder.decodeLines(lines.subarray(from, to), out)
      if (taken === 0) break
      parts.push(out.slice(0, decoder.counts[COUNT_RECORDS]! * RECORD_BYTES))
      from += taken
    }
  }
  return Buffer.concat(parts)
}

sameOfChangedTexts(
  'BINANCE',
  'frames of BINANCE',
  fc.tuple(content, seed, fc.boolean()).map(([message, choice, isWrapped]) => writeWrapped(message, choice, isWrapped)),
)

sameOfAnyText(
  'BINANCE',
  fc.json().map((text) => `{"e":${text}}`),
)

const onNative = backends.includes('native') ? test : test.skip

onNative('the native decoder refuses memory that others could change meanwhile', (t) => {
  const decoder = openCore('native')
  const [lines, out] = [new Uint8Array(64), new Uint8Array(256)]
  const shared = new Uint8Array(new SharedArrayBuffer(256))
  for (const [input, output] of [
    [shared, out],
    [lines, shared],
    [out, out],
    [out.subarray(200), out],
    [lines, out.subarray(1)],
    [new Uint16Array(4) as unknown as Uint8Array, out],
    [lines, 'out' as unknown as Uint8Array],
  ] as const) {
    t.throws(() => decoder.decodeLines(input, output), { code: 'TICKBUS_ARGUMENT' })
  }
  t.throws(() => decoder.decodeFrames([lines, shared], 0, new Float64Array(2), out), { code: 'TICKBUS_ARGUMENT' })
})
