import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import { backend } from 'tickbus'
import { replay, type ReplayProgress, type ReplayResult } from 'tickbus/market'
import { bundled, line, quoteFrame, Scratch } from './samples.js'

const backends = backend === 'native' && !process.env.TICKBUS_BACKEND ? (['native', 'js'] as const) : [backend]

/** Everything was sent, arrived once and unchanged. */
function assertWhole(t: ExecutionContext, result: ReplayResult): void {
  const { quotes, trades, bookUpdates } = result.messages
  t.is(result.lost, 0)
  t.is(result.delivered, quotes + trades + bookUpdates)
  t.is(result.proof.lostByBus, 0)
  t.true(result.proof.isSame)
  t.true(Object.values(result.proof.topics).every(({ sent, received }) => sent === received))
}

for (const name of backends) {
  test(`${name}: the bundled recordings arrive whole, as fast as possible`, async (t) => {
    const result = await replay(bundled, { backend: name })
    assertWhole(t, result)
    t.like(result, {
      backend: name,
      transport: 'ring',
      speed: 'max',
      threads: 1,
      delivered: 27_743,
      precision: 0,
      faults: [],
    })
    t.is(result.latency.from, 'sent')
    t.is(result.latency.samples, Math.ceil(27_743 / 16))
    const { p50, p90, p99, p999, max } = result.latencyUs
    t.true(0 < p50 && p50 <= p90 && p90 <= p99 && p99 <= p999 && p999 <= max)
  })

  test(`${name}: the worker sees the spreads that the files say`, async (t) => {
    const { spreads } = await replay(bundled, { backend: name })
    for (const [file, instrument] of [
      ['spot_btcusdt', 'BTCUSDT'],
      ['usdm_ethusdt', 'ETHUSDT-PERP'],
      ['cm_btcusd_perp', 'BTCUSD_PERP'],
    ]) {
      const quotes = gunzipSync(readFileSync(bundled.find((path) => path.includes(file!))!))
        .toString()
        .split('\n')
        .filter((text) => text.includes('@bookTicker'))
        .map((text) => JSON.parse(text.slice(20)).data)
      const widths = quotes.map(({ a, b }) => Number(a) - Number(b))
      const spread = spreads.find((candidate) => candidate.instrument === instrument)!
      t.is(spread.quotes, quotes.length)
      t.is(spread.bid, Number(quotes.at(-1).b))
      t.is(spread.ask, Number(quotes.at(-1).a))
      t.is(spread.widest, Math.max(...widths))
      t.true(Math.abs(spread.mean - widths.reduce((a, b) => a + b) / widths.length) < 1e-9)
    }
  })

  test(`${name}: paced, every message is measured and none is sent before it is due`, async (t) => {
    const lines = Array.from({ length: 300 }, (_, i) => line(i * 10_000_000, quoteFrame(i)))
    const result = await replay([new Scratch(t).recording('spot_btcusdt.gz', lines)], { backend: name, speed: 30 })
    assertWhole(t, result)
    t.like(result.latency, { from: 'due', samples: 300 })
    t.true(result.durationMs >= (299 * 10) / 30)
  })

  test(`${name}: several workers divide the instruments, and each message is sent once`, async (t) => {
    const result = await replay(bundled, { backend: name, threads: 4 })
    assertWhole(t, result)
    t.is(result.threads, 4)
    t.is(result.proof.checksums.length, 4)
    t.is(new Set(result.proof.checksums.map(({ sent }) => sent)).size, 4)
    t.is(result.spreads.length, 6)
  })

  test(`${name}: at a million times the pace nobody waits, and what is lost is counted`, async (t) => {
    const result = await replay([...bundled, ...bundled, ...bundled], {
      backend: name,
      speed: 1_000_000,
      readAhead: 100_000,
    })
    const { quotes, trades, bookUpdates } = result.messages
    t.is(quotes + trades + bookUpdates, 3 * 27_743)
    t.is(result.delivered + result.lost, 3 * 27_743)
    t.is(result.proof.lostByBus, result.lost)
    t.is(result.proof.isSame, result.lost === 0)
  })
}

test('postMessage carries the same messages, to the same checksum', async (t) => {
  const [ring, posted] = [await replay(bundled), await replay(bundled, { transport: 'postMessage' })]
  assertWhole(t, posted)
  t.deepEqual(posted.proof.checksums, ring.proof.checksums)
  t.deepEqual(posted.proof.topics, ring.proof.topics)
  t.deepEqual(posted.spreads, ring.spreads)
})

test('a warm-up does not count', async (t) => {
  for (const transport of ['ring', 'postMessage'] as const) {
    const result = await replay(bundled, { transport, warmUp: true })
    assertWhole(t, result)
    t.is(result.delivered, 27_743)
    t.is(result.latency.samples, Math.ceil(27_743 / 16))
  }
})

test('more than is read ahead arrives whole', async (t) => {
  for (const readAhead of [1, 500]) {
    const result = await replay(bundled, { readAhead })
    assertWhole(t, result)
    t.is(result.delivered, 27_743)
  }
})

test('frames of other kinds and lines that are none are counted and not sent', async (t) => {
  const lines = [
    line(0, quoteFrame(1)),
    'noise',
    line(1, { result: null, id: 1 }),
    line(2, 'noise'),
    line(3, quoteFrame(2)),
  ]
  const file = new Scratch(t).recording('spot_btcusdt.gz', lines)
  const result = await replay([file])
  assertWhole(t, result)
  t.deepEqual(result.messages, { quotes: 2, trades: 0, bookUpdates: 0, other: 1, rejected: 2, total: 5 })
  t.deepEqual(result.rejections.map((rejection) => rejection.line).toSorted(), [2, 4])
})

test('a recording that breaks off is delivered as far as it goes, and is a fault in the result', async (t) => {
  const whole = readFileSync(bundled[0]!)
  const cut = new Scratch(t).file('cm_btcusd_perp.gz', whole.subarray(0, whole.length / 2))
  const result = await replay([cut, bundled[2]!])
  assertWhole(t, result)
  t.like(result.faults, { length: 1 })
  t.like(result.faults[0], { code: 'TICKBUS_RECORDING', file: cut })
  t.true(result.proof.topics['data.quotes.BINANCE.BTCUSD_PERP']!.received > 0)
  t.is(result.proof.topics['data.quotes.BINANCE.BTCUSDT']!.received, 2_432)
})

test('recordings without a message to send end with nothing delivered', async (t) => {
  const result = await replay([new Scratch(t).recording('spot_btcusdt.gz', [line(0, { result: null, id: 1 })])])
  t.is(result.delivered, 0)
  t.is(result.messages.other, 1)
  t.is(result.latencyUs.p50, 0)
})

test('options out of range are refused', async (t) => {
  for (const speed of [0, -1, NaN, Infinity, 1e9]) {
    await t.throwsAsync(replay(bundled, { speed }), { code: 'TICKBUS_ARGUMENT' }, `speed ${speed}`)
  }
  for (const threads of [0, 1.5, 64]) {
    await t.throwsAsync(replay(bundled, { threads }), { code: 'TICKBUS_THREADS' }, `threads ${threads}`)
  }
  for (const readAhead of [0, 0.5]) await t.throwsAsync(replay(bundled, { readAhead }), { code: 'TICKBUS_ARGUMENT' })
  await t.throwsAsync(replay(bundled, { transport: 'pigeon' as 'ring' }), { code: 'TICKBUS_ARGUMENT' })
})

test('progress rises within each phase, and ends with sending', async (t) => {
  const lines = Array.from({ length: 100 }, (_, i) => line(i * 10_000_000, quoteFrame(i)))
  const seen: ReplayProgress[] = []
  await replay([new Scratch(t).recording('spot_btcusdt.gz', lines)], {
    speed: 2,
    onProgress: (progress) => seen.push(progress),
  })
  t.is(seen.at(-1)!.phase, 'sending')
  for (const phase of ['reading', 'sending']) {
    const portions = seen.filter((progress) => progress.phase === phase).map(({ portion }) => portion)
    t.true(portions.every((portion) => portion >= 0 && portion <= 1))
    t.deepEqual(
      portions,
      portions.toSorted((a, b) => a - b),
    )
  }
})
