import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { Epoch } from 'tickbus'
import {
  type FrameSource,
  type MarketMessage,
  record,
  type RecordedFrame,
  RecordedFrames,
  RecordedMarket,
  RecordingReader,
  RecordingWriter,
  replay,
} from 'tickbus/market'
import { backends, plain } from './decoding.js'
import { bundled, line, quoteFrame, Scratch } from './samples.js'

const START_NS = 1_700_000_000_000_000_000n
const spot = { market: 'spot', symbol: 'BTCUSDT' } as const

function frame(afterNs: number, content: unknown, connection = 0): RecordedFrame {
  const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
  return { receivedNs: START_NS + BigInt(afterNs), connection, bytes }
}

async function framesOf(source: AsyncIterable<RecordedFrame>): Promise<RecordedFrame[]> {
  const frames: RecordedFrame[] = []
  for await (const { receivedNs, connection, bytes } of source) {
    frames.push({ receivedNs, connection, bytes: Buffer.from(bytes) })
  }
  return frames
}

/** Writes the frames, each list of them as a block. */
async function write(file: string, ...blocks: readonly (readonly RecordedFrame[])[]): Promise<void> {
  const writer = await RecordingWriter.open(file)
  writer.connect(spot)
  for (const frames of blocks) {
    for (const each of frames) writer.write(each)
    await writer.flush()
  }
  await writer.close()
}

async function drain(market: RecordedMarket): Promise<MarketMessage[]> {
  const messages: MarketMessage[] = []
  for await (const message of market.messages(new Epoch(market.epochNs))) messages.push(message)
  return messages
}

/** Three blocks of two quotes each, one every 10 ns. */
async function three(t: {
  teardown(fn: () => void): void
}): Promise<{ file: string; heads: { at: number; bytes: number }[] }> {
  const file = new Scratch(t).file('three.tbr', '')
  const quotes = Array.from({ length: 6 }, (_, i) => frame(10 * i, quoteFrame(i + 1)))
  await write(file, quotes.slice(0, 2), quotes.slice(2, 4), quotes.slice(4))
  const heads: { at: number; bytes: number }[] = []
  await using reader = await RecordingReader.open(file)
  for await (const { at, bytes } of reader.heads()) heads.push({ at, bytes })
  return { file, heads }
}

const bytes = fc.uint8Array({ maxLength: 60 })
const given = fc.tuple(fc.nat(1_000_000), fc.nat(2), bytes)

testProp(
  'whatever bytes were recorded come back with their time and connection, in order, however blocks are cut',
  [fc.array(fc.array(given, { maxLength: 8 }), { maxLength: 5 })],
  async (t, blocks) => {
    const scratch = new Scratch(t)
    const file = scratch.file('any.tbr', '')
    const writer = await RecordingWriter.open(file, { blockBytes: 1_024 })
    for (const market of ['spot', 'usdm', 'kraken'] as const) writer.connect({ market, url: 'wss://örtlich/"x"\n' })
    const expected: RecordedFrame[] = []
    for (const block of blocks) {
      for (const [afterNs, connection, content] of block) {
        const each = { receivedNs: START_NS + BigInt(afterNs), connection, bytes: Buffer.from(content) }
        t.true(writer.write(each))
        expected.push(each)
      }
      await writer.flush()
    }
    const counts = await writer.close()
    t.is(counts.frames, expected.length)
    const reader = await RecordingReader.open(file)
    t.deepEqual(await framesOf(reader), expected)
    t.is(reader.damaged + reader.framesLost, 0)
    // It is a gzip file like any other.
    t.is(gunzipSync(readFileSync(file)).toString('latin1').split('# ').length > 1, expected.length > 0)
    t.is(counts.fileBytes, readFileSync(file).length)
  },
  { numRuns: 40 },
)

test('the index gives the blocks of a time range alone', async (t) => {
  const { file, heads } = await three(t)
  let inflated = 0
  const reader = await RecordingReader.open(file, { from: START_NS + 25n, to: START_NS + 45n })
  for await (const block of reader.blocks()) inflated += block.bytes.length
  t.is(inflated, 4)
  t.is(heads.length, 3)
  const some = await framesOf(await RecordingReader.open(file, { from: START_NS + 25n, to: START_NS + 40n }))
  t.deepEqual(
    some.map(({ receivedNs }) => Number(receivedNs - START_NS)),
    [30, 40],
  )
})

test('a recording that breaks off anywhere in a block loses that block only, and says where', async (t) => {
  const { file, heads } = await three(t)
  const whole = readFileSync(file)
  for (let size = heads[1]!.at + 1; size < heads[2]!.at; size += 1) {
    writeFileSync(file, whole.subarray(0, size))
    const reader = await RecordingReader.open(file)
    t.is((await framesOf(reader)).length, 2)
    const reason = size - heads[1]!.at < 48 ? 'no block begins there' : 'the block breaks off'
    t.like(reader.damages, [{ at: heads[1]!.at, bytes: size - heads[1]!.at, reason }])
    // The head of a block says how many frames it has.
    t.is(reader.framesLost, size - heads[1]!.at < 48 ? 0 : 2)
  }
})

test('a changed byte anywhere in a block loses that block only', async (t) => {
  const { file, heads } = await three(t)
  const whole = readFileSync(file)
  for (let at = heads[1]!.at; at < heads[2]!.at; at += 1) {
    const changed = Buffer.from(whole)
    changed[at]! ^= 0x10
    writeFileSync(file, changed)
    const reader = await RecordingReader.open(file)
    const frames = await framesOf(reader)
    // The times in the head are for searching; nothing is lost if they are wrong.
    const isIndex = at - heads[1]!.at >= 20 && at - heads[1]!.at < 48
    t.true(frames.length === 4 || (isIndex && frames.length === 6), `byte ${at - heads[1]!.at}`)
    if (frames.length === 4) t.is(reader.damages[0]?.at, heads[1]!.at)
    t.is(frames.at(-1)!.receivedNs, START_NS + 50n)
  }
})

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const change = fc.oneof(
  fc.record({ how: fc.constant('set' as const), at: place, byte: fc.nat(255) }),
  fc.record({ how: fc.constant('cut' as const), at: place, to: place }),
  fc.record({ how: fc.constant('copy' as const), at: place, from: place, to: place }),
)

testProp(
  'a recording in which anything was changed, cut out and copied gives frames that were written, and accounts for its bytes',
  [fc.array(change, { minLength: 1, maxLength: 6 })],
  async (t, changes) => {
    const { file } = await three(t)
    const written = new Set((await framesOf(await RecordingReader.open(file))).map(({ bytes }) => bytes.toString()))
    let content = readFileSync(file)
    for (const { at, ...what } of changes) {
      const [position, to] = [at, 'to' in what ? what.to : 0].map((part) => Math.floor(part * content.length))
      if (what.how === 'set') content[position!] = what.byte
      else if (what.how === 'cut') {
        content = Buffer.concat([
          content.subarray(0, Math.min(position!, to!)),
          content.subarray(Math.max(position!, to!)),
        ])
      } else {
        const copied = content.subarray(Math.floor(what.from * content.length), to)
        content = Buffer.concat([content.subarray(0, position), copied, content.subarray(position!)])
      }
    }
    writeFileSync(file, content)
    let read = 0
    const reader = await RecordingReader.open(file, {}, (bytes) => void (read += bytes))
    for (const { bytes } of await framesOf(reader)) t.true(written.has(bytes.toString()))
    t.is(read, content.length)
    t.true(reader.damages.length <= 16 && reader.damages.length <= reader.damaged)
  },
  { numRuns: 150 },
)

testProp(
  'a recording may say anything of its connections: it is replayed, or refused with a reason',
  [
    fc.oneof(fc.constantFrom('spot', 'kraken', 'okx'), fc.string()),
    fc.option(fc.oneof(fc.constant('BTCUSDT'), fc.string(), fc.string({ minLength: 65, maxLength: 70 })), {
      nil: undefined,
    }),
    fc.option(fc.json(), { nil: undefined }),
  ],
  async (t, market, symbol, url) => {
    const file = new Scratch(t).file('told.tbr', '')
    const writer = await RecordingWriter.open(file)
    writer.connect({ market, symbol, url } as never)
    writer.write(frame(0, quoteFrame(1)))
    await writer.close()
    try {
      const read = await RecordedMarket.open([file])
      await drain(read)
      t.is(read.counts.total, 1)
    } catch (error) {
      t.is((error as { code?: string }).code, 'TICKBUS_RECORDING', String(error))
    }
  },
  { numRuns: 60 },
)

test('a recording without one of its blocks says how many frames are missing', async (t) => {
  const { file, heads } = await three(t)
  const whole = readFileSync(file)
  writeFileSync(file, Buffer.concat([whole.subarray(0, heads[1]!.at), whole.subarray(heads[2]!.at)]))
  const reader = await RecordingReader.open(file)
  t.is((await framesOf(reader)).length, 4)
  t.is(reader.framesLost, 2)
  const market = await RecordedMarket.open([file])
  t.is((await drain(market)).length, 4)
  t.regex(market.faults[0]!.message, /2 frames are missing/)
})

test('one that broke off is continued behind the cut', async (t) => {
  const { file, heads } = await three(t)
  truncateSync(file, heads[2]!.at + 60)
  await write(file, [frame(100, quoteFrame(7))])
  const reader = await RecordingReader.open(file)
  t.deepEqual(
    (await framesOf(reader)).map(({ receivedNs }) => Number(receivedNs - START_NS)),
    [0, 10, 20, 30, 100],
  )
  t.like(reader.damages, [{ at: heads[2]!.at, bytes: 60, frames: 2 }])
  t.is(reader.framesLost, 2)
})

test('one that is continued with another connection has both, each with its frames', async (t) => {
  const file = new Scratch(t).file('both.tbr', '')
  const markets = ['spot', 'usdm', 'spot'] as const
  for (const [place, market] of markets.entries()) {
    const writer = await RecordingWriter.open(file)
    writer.write({ ...frame(place, quoteFrame(place + 1)), connection: writer.connect({ market }) })
    await writer.close()
  }
  const reader = await RecordingReader.open(file)
  t.deepEqual(
    (await framesOf(reader)).map(({ connection }) => reader.connections.get(connection)?.market),
    [...markets],
  )
  t.is(reader.connections.size, 2)
  for (const backend of backends) {
    const messages = await drain(await RecordedMarket.open([file], backend))
    const ids = messages.map(({ instrument }) => instrument.id)
    t.deepEqual(ids, ['BTCUSDT.BINANCE', 'BTCUSDT-PERP.BINANCE', 'BTCUSDT.BINANCE'])
  }
})

test('what is no recording of ours is not continued', async (t) => {
  for (const content of ['text', gzipSync('text')]) {
    const file = new Scratch(t).file('other.gz', content)
    await t.throwsAsync(RecordingWriter.open(file), { code: 'TICKBUS_RECORD' })
    t.deepEqual(readFileSync(file), Buffer.from(content))
  }
})

test('frames that cannot be taken are counted by reason', async (t) => {
  const file = new Scratch(t).file('lost.tbr', '')
  const writer = await RecordingWriter.open(file, { blockBytes: 65_536, waitingBytesMost: 65_536 })
  writer.connect(spot)
  t.false(writer.write(frame(0, 'x', 1)))
  t.false(writer.write({ receivedNs: 5n, connection: 0, bytes: Buffer.from('x') }))
  t.false(writer.write(frame(0, 'x'.repeat(16_777_217))))
  t.true(writer.write(frame(0, 'x'.repeat(16_777_216))))
  // That one fills a block, which waits; there is no room for another.
  t.false(writer.write(frame(1, 'x'.repeat(60_000))))
  t.true(writer.isBusy)
  await writer.ready()
  t.true(writer.write(frame(2, 'x'.repeat(60_000))))
  const { frames, lost } = await writer.close()
  t.is(frames, 2)
  t.deepEqual(lost, { full: 1, length: 1, time: 1, connection: 1, failed: 0 })
  t.is((await framesOf(await RecordingReader.open(file))).length, 2)
})

test('a file that cannot be written rejects, and counts what it takes with it', async (t) => {
  const writer = await RecordingWriter.open('/dev/full').catch((error: unknown) => error as Error)
  if (writer instanceof Error) return t.pass('there is no /dev/full here')
  writer.connect(spot)
  writer.write(frame(0, quoteFrame(1)))
  await t.throwsAsync(writer.flush(), { code: 'TICKBUS_RECORD' })
  t.false(writer.write(frame(1, quoteFrame(2))))
  await t.throwsAsync(writer.close(), { code: 'TICKBUS_RECORD' })
  t.is(writer.counts.lost.failed, 2)
})

test('a recording of nothing is a gzip file, and is refused as empty', async (t) => {
  const file = new Scratch(t).file('empty.tbr', '')
  await write(file)
  t.is(gunzipSync(readFileSync(file)).length, 0)
  const error = await t.throwsAsync(RecordedMarket.open([file]), { code: 'TICKBUS_RECORDING' })
  t.regex(error.message, /it is empty/)
})

test('a recording ends when its signal aborts, and holds what came before', async (t) => {
  const file = new Scratch(t).file('live.tbr', '')
  const stopping = new AbortController()
  // A connection that falls silent: only `return` ends the wait.
  const source: FrameSource = {
    connections: new Map([[7, spot]]),
    [Symbol.asyncIterator]() {
      let given = 0
      let end: (result: IteratorResult<RecordedFrame>) => void = () => {}
      return {
        next: () => {
          given += 1
          if (given <= 3) return Promise.resolve({ done: false, value: frame(given, quoteFrame(given), 7) })
          queueMicrotask(() => stopping.abort())
          return new Promise((resolve) => (end = resolve))
        },
        return: () => {
          const result = { done: true, value: undefined } as const
          end(result)
          return Promise.resolve(result)
        },
      }
    },
  }
  const { frames } = await record(source, file, { signal: stopping.signal })
  t.is(frames, 3)
  t.is((await framesOf(await RecordingReader.open(file))).length, 3)
})

test('converted recordings are merged by receive time, and lines without one are counted', async (t) => {
  const scratch = new Scratch(t)
  const eth = quoteFrame(2, { s: 'ETHUSDT' })
  const source = await RecordedFrames.open([
    scratch.recording('spot_btcusdt.gz', [line(0, quoteFrame(1)), 'noise', line(20, quoteFrame(3))]),
    scratch.recording('spot_ethusdt.gz', [line(10, eth)]),
  ])
  const file = scratch.file('both.tbr', '')
  const counts = await record(source, file)
  t.is(counts.frames, 3)
  t.like(source.files[0]!, { frames: 2, passedOver: 1, linesPassedOver: [2] })
  const reader = await RecordingReader.open(file)
  t.deepEqual(await framesOf(reader), [frame(0, quoteFrame(1)), frame(10, eth, 1), frame(20, quoteFrame(3))])
  t.deepEqual([...reader.connections.values()], [spot, { market: 'spot', symbol: 'ETHUSDT' }])
  t.deepEqual(await framesOf(await RecordedFrames.open([file])), await framesOf(await RecordingReader.open(file)))
})

for (const backend of backends) {
  test(`a converted recording decodes to what the recordings decode to [${backend}]`, async (t) => {
    const file = new Scratch(t).file('six.tbr', '')
    await record(await RecordedFrames.open(bundled), file)
    const [before, after] = await Promise.all(
      [bundled, [file]].map(async (files) => {
        const market = await RecordedMarket.open(files, backend)
        return { messages: (await drain(market)).map(plain), counts: market.counts, faults: market.faults.length }
      }),
    )
    t.is(after!.messages.length, 27_743)
    t.true(JSON.stringify(after, text) === JSON.stringify(before, text))
  })

  test(`a part of a recording is what the whole has of that time, in every format [${backend}]`, async (t) => {
    const file = new Scratch(t).file('six.tbr', '')
    await record(await RecordedFrames.open(bundled), file, { blockBytes: 65_536 })
    const whole = await drain(await RecordedMarket.open(bundled, backend))
    const times = whole.map(({ message }) => message.tsInit)
    const [from, to] = [times[9_000]!, times[15_000]!]
    const expected = whole.filter(({ message }) => message.tsInit >= from && message.tsInit <= to).map(plain)
    for (const files of [bundled, [file]]) {
      const part = await drain(await RecordedMarket.open(files, backend, { from, to }))
      t.true(JSON.stringify(part.map(plain), text) === JSON.stringify(expected, text))
    }
  })

  test(`a rejected frame is reported with its connection [${backend}]`, async (t) => {
    const file = new Scratch(t).file('bad.tbr', '')
    const writer = await RecordingWriter.open(file)
    writer.connect(spot)
    writer.connect({ market: 'okx' })
    writer.write(frame(0, quoteFrame(1)))
    writer.write(frame(1, 'pong', 1))
    writer.write(frame(2, '{"two\nlines', 1))
    writer.write(frame(-5, { event: 'error', code: '60012', msg: 'Invalid request' }, 1))
    await writer.close()
    const market = await RecordedMarket.open([file], backend)
    t.is((await drain(market)).length, 1)
    t.like(market.rejections, [{ file, connection: 1, line: 2 }])
    t.deepEqual(market.clockJumps, { count: 1, first: [{ file, connection: 1, line: 3, backNs: 7 }] })
    t.like(market.controls, { counts: { heartbeat: 1, error: 1 }, errors: [{ file, connection: 1, line: 3 }] })
    t.like(market.counts, { quotes: 1, other: 2, rejected: 1, total: 4 })
  })
}

test('a recording of ours says how the books of Kraken are checked', async (t) => {
  const file = new Scratch(t).file('kraken.tbr', '')
  const writer = await RecordingWriter.open(file)
  writer.connect({ market: 'kraken' })
  writer.write(frame(0, '[0, {"as": [["20.0", "1.00", "1700000000.1"]], "bs": []}, "book-10", "XBT/USD"]'))
  await writer.close()
  const market = await RecordedMarket.open([file])
  t.deepEqual(market.bookOptionsOf(market.instruments[0]!), {
    continuity: 'checksum',
    checksum: { kind: 'kraken', pricePlaces: 1, sizePlaces: 2 },
    window: 10,
  })
  await market.close()
})

test('a replay of a part delivers that part, and tells of clocks and gaps', async (t) => {
  const scratch = new Scratch(t)
  const at = (afterNs: number, update: number) =>
    line(afterNs, quoteFrame(update, { T: 1_700_000_000_000 - 3, E: 1_700_000_000_000 }))
  const files = [
    scratch.recording('spot_btcusdt.gz', [at(0, 1), at(50, 2), at(40, 3)]),
    scratch.recording('spot_ethusdt.gz', [line(2_000, quoteFrame(9, { s: 'ETHUSDT' }))]),
  ]
  const result = await replay(files, { from: START_NS + 10n, clockWindowSeconds: 1 })
  t.like(result, { delivered: 3, lost: 0, gaps: [{ before: files[0], after: files[1], gapNs: 1_950 }] })
  t.deepEqual(result.clockJumps, { count: 1, first: [{ file: files[0]!, line: 3, backNs: 10 }] })
  t.like(result.clockOffset[0]!, { venue: 'BINANCE', offsetNs: 3_000_040, windowSeconds: 1, samples: 2 })
  t.is(result.clockOffset[1]!.offsetNs, null)
})

function text(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
