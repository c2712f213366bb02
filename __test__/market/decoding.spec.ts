import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { Quote, Trade } from 'tickbus'
import { loadMarketCore } from '../../dist/native/index.js'
import type { Decoder } from '../../dist/market-core.js'
import { COUNT_RECORDS, FRAME_BYTES_MOST, FRAME_NESTING_MOST, RECORD_BYTES } from '../../dist/layout.js'
import { backends, framesOf, messageOf, open, rejectionOf } from './decoding.js'

const decimal = fc
  .tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 8 }))
  .map(([digits, places]) => (digits / 10 ** places).toFixed(places))
const whole = fc.integer({ min: 0, max: 2 ** 48 })
const level = fc.tuple(decimal, decimal)
const time = fc.integer({ min: 1_723_161_250_000, max: 1_723_161_350_000 })

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

/** Ways to write the same thing, chosen by the numbers of `seed` one after the other. */
function* choices(seed: readonly number[]): Generator<number, never> {
  for (let i = 0; ; i += 1) yield seed[i % seed.length]!
}

/** A frame as somebody else would write it: other order, white space, unknown fields, escapes, numbers without quotes. */
function write(message: Record<string, unknown>, seed: readonly number[], isWrapped: boolean): string {
  const chance = choices(seed)
  const space = () => ['', ' ', '\t\n', '  \r\n '][chance.next().value % 4]!
  const text = (value: string) =>
    chance.next().value % 8 === 0
      ? `"${[...value].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(value)
  const isNumber = (value: unknown) => typeof value === 'string' && /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)
  const any = (value: unknown): string => {
    if (Array.isArray(value)) return `[${space()}${value.map(any).join(`${space()},${space()}`)}${space()}]`
    if (isNumber(value)) return chance.next().value % 2 === 0 ? String(value) : text(String(value))
    if (typeof value === 'number') return chance.next().value % 2 === 0 ? String(value) : text(String(value))
    return typeof value === 'string' ? text(value) : JSON.stringify(value)
  }
  const entries = Object.entries(message).map(([name, value]) => [name, any(value)] as const)
  const unknown = ['{"deep":[[1,{"b":"2"}]]}', '"ä€😀"', 'null', '-1.5e-7', '[]'][chance.next().value % 5]!
  const members = [...entries, ['unknown', unknown] as const]
    .map((member, i) => [chance.next().value + i / 100, member] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, [name, value]]) => `${text(name)}${space()}:${space()}${value}`)
  const object = `{${space()}${members.join(`${space()},${space()}`)}${space()}}`
  return isWrapped ? `${space()}{"stream":"x@y",${space()}"data":${object}}${space()}` : object
}

/** What a message says, by the plain way. */
function expectedOf(message: Record<string, unknown>): object {
  const ms = (message.T ?? message.E) as number
  const tsEvent = BigInt(ms) * 1_000_000n
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

const seed = fc.array(fc.nat(999), { minLength: 7, maxLength: 23 })
const content = fc.oneof(contents.quote, contents.trade, contents.book)

for (const backend of backends) {
  testProp(
    `a message decodes to the same however it is written [${backend}]`,
    [content, seed, fc.boolean()],
    (t, message, choice, isWrapped) => {
      const frame = write(message, choice, isWrapped)
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

function openCore(backend: 'native' | 'js'): Decoder {
  const decoder = loadMarketCore(backend).openDecoder({ venue: 'BINANCE', symbols: [], instrumentsMost: 1_000 })
  decoder.setEpoch(1_723_161_253, 0)
  return decoder
}

const onBoth = backends.length === 2 ? testProp : testProp.skip

/** Everything that a decoder makes of frames. */
function allOf(backend: 'native' | 'js', frames: readonly Uint8Array[]): unknown {
  const decoder = openCore(backend)
  const out = new Uint8Array(1_024 * RECORD_BYTES)
  const taken = decoder.decodeFrames(
    frames,
    Float64Array.from(frames, (_, i) => i),
    out,
  )
  const records = Buffer.from(out.slice(0, decoder.counts[COUNT_RECORDS]! * RECORD_BYTES)).toString('hex')
  return { taken, records, counts: [...decoder.counts], report: decoder.report() }
}

onBoth(
  'both backends make the same of frames in which anything was changed',
  [
    fc.array(fc.tuple(content, seed, fc.boolean()), { minLength: 1, maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(5), fc.nat(600), fc.nat(255), fc.nat(2)), { maxLength: 6 }),
  ],
  (t, written, changes) => {
    const frames = written.map(([message, choice, isWrapped]) => Buffer.from(write(message, choice, isWrapped)))
    for (const [which, where, byte, how] of changes) {
      const frame = frames[which % frames.length]!
      const at = where % frame.length
      const between = how === 0 ? [byte] : how === 1 ? [] : [byte, frame[at]!]
      frames[which % frames.length] = Buffer.concat(
        [frame.subarray(0, at), Buffer.from(between), frame.subarray(at + 1), Buffer.of(0x7d)].slice(0, 3),
      )
    }
    t.deepEqual(allOf('js', frames), allOf('native', frames))
  },
  { numRuns: 1_500 },
)

onBoth(
  'both backends make the same of any text',
  [
    fc.array(
      fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.json().map((text) => `{"e":${text}}`),
      ),
      { maxLength: 5 },
    ),
  ],
  (t, texts) => {
    const frames = texts.map((text) => Buffer.from(text))
    t.deepEqual(allOf('js', frames), allOf('native', frames))
  },
  { numRuns: 500 },
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
  t.throws(() => decoder.decodeFrames([lines, shared], new Float64Array(2), out), { code: 'TICKBUS_ARGUMENT' })
})
