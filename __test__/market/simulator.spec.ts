import test from 'ava'
import { Epoch } from 'tickbus'
import { type MarketSimulatorOptions, MarketDecoder, MarketSimulator, simulatedFrame } from 'tickbus/market'
import { exp, ln } from '../../dist/fallback/market/simulator/elementary.js'
import { codeOf } from '../conformance/backends.js'
import { backends, plain } from './decoding.js'
import { bytesOf, crossings, recordsOf, simulate, spreadOf } from './simulator.js'

const SECOND = 1e9

for (const backend of backends) {
  test(`a seed gives the same bytes, however the calls are cut [${backend}]`, (t) => {
    const whole = bytesOf(simulate(backend), 3 * SECOND, 8_192)
    t.true(whole.length > 64 * 1_000)
    t.true(whole.equals(bytesOf(simulate(backend), 3 * SECOND, 64)))
    const inTwo = simulate(backend)
    t.true(whole.equals(Buffer.concat([bytesOf(inTwo, 1.234 * SECOND), bytesOf(inTwo, 3 * SECOND)])))
    t.false(whole.equals(bytesOf(simulate(backend, { seed: 8 }), 3 * SECOND, 8_192)))
    t.false(whole.equals(bytesOf(simulate(backend, { seed: 7 + 2 ** 32 }), 3 * SECOND, 8_192)))
  })

  test(`what crosses between venues is what was planted, to the record [${backend}]`, (t) => {
    const simulator = simulate(backend, { dislocationsPerMinute: 300, dislocationMs: 50 })
    const records = recordsOf(bytesOf(simulator, 20 * SECOND))
    const planted = simulator.dislocations
    t.true(planted.length > 20)
    t.deepEqual(crossings(simulator, records), planted)
    for (const { bps, fromNs, toNs } of planted) t.true(bps > 0 && (toNs ?? Infinity) > fromNs)
  })

  test(`nothing crosses where nothing is planted [${backend}]`, (t) => {
    const simulator = simulate(backend, { dislocationsPerMinute: 0, activity: 3 })
    t.deepEqual(crossings(simulator, recordsOf(bytesOf(simulator, 8 * SECOND))), [])
    t.deepEqual(simulator.dislocations, [])
  })

  test(`times rise, prices have two sides, and trades are at one of them [${backend}]`, (t) => {
    // The second is so busy that messages would come at the same nanosecond.
    for (const [activity, untilNs] of [
      [1, 3 * SECOND],
      [1_000, 0.13 * SECOND],
    ] as const) {
      const latest = new Map<number, readonly number[]>()
      let before = 0
      const records = recordsOf(bytesOf(simulate(backend, { activity }), untilNs))
      for (const { isQuote, stream, eventNs, initNs, fields, flags } of records) {
        const isInTime = initNs > before && eventNs <= initNs && eventNs > initNs - 12e6
        if (!isInTime || !Number.isInteger(initNs)) t.fail(`${initNs} after ${before}, event ${eventNs}`)
        before = initNs
        const [first, second, third, fourth] = fields as [number, number, number, number]
        if (isQuote) {
          if (!(first > 0 && second > first && third > 0 && fourth > 0)) t.fail(`a bad quote ${fields.join()}`)
          latest.set(stream, fields)
        } else {
          const [bid, ask] = latest.get(stream)!
          if (first !== ((flags & 3) === 1 ? ask : bid) || !(second > 0)) t.fail(`a bad trade ${fields.join()}`)
        }
      }
      t.true(records.length > 2_000 && before > 0.9 * untilNs && before <= untilNs + 64)
    }
  })

  test(`messages come in bursts, as in the recordings and as no Poisson process does [${backend}]`, (t) => {
    const simulator = simulate(backend, { venues: ['BINANCE'], symbols: ['BTC'] })
    const records = recordsOf(bytesOf(simulator, 300 * SECOND))
    const quotes = spreadOf(records.filter(({ isQuote }) => isQuote).map(({ initNs }) => initNs))
    const trades = spreadOf(records.filter(({ isQuote }) => !isQuote).map(({ initNs }) => initNs))
    // Around the recorded 81 and 28 a second, 2.8 and 3.2, 48 and 66 %, 0.88 and 0.93; a Poisson process has 1, 8 and 3 %, 0.
    const isWithin = (value: number, least: number, most: number) => t.true(value > least && value < most, `${value}`)
    isWithin(quotes.rate, 55, 110)
    isWithin(quotes.cv, 2.2, 4)
    isWithin(quotes.close, 0.38, 0.58)
    isWithin(quotes.excess, 0.8, 0.94)
    isWithin(trades.rate, 18, 40)
    isWithin(trades.cv, 2.4, 6)
    isWithin(trades.close, 0.55, 0.77)
    isWithin(trades.excess, 0.82, 0.97)
  })

  test(`a late venue knows the price of before [${backend}]`, (t) => {
    const simulator = simulate(backend, { venues: ['KRAKEN'], symbols: ['BTC'] })
    for (const { eventNs, initNs } of recordsOf(bytesOf(simulator, 5 * SECOND)))
      if (Math.floor((initNs - 10e6) / 1_000) * 1_000 !== eventNs) t.fail(`${initNs - eventNs} ns`)
    t.pass()
  })

  test(`frames decode to the messages that they were made of [${backend}]`, (t) => {
    const epoch = new Epoch(1_723_161_253_000_000_000n)
    const simulator = simulate(backend, { epoch })
    const messages = simulator.take(3 * SECOND)
    while (messages.length < 5_000) messages.push(...simulator.take())
    t.true(simulator.isSimulated)
    for (const { market } of new Set(simulator.instruments.filter((_, i) => i % 10 === 0))) {
      const own = messages.filter(({ instrument }) => instrument.market === market)
      const frames = own.map((message) => simulatedFrame(message))
      t.true(frames.every((frame) => (JSON.parse(frame) as { simulated: boolean }).simulated))
      const decoder = new MarketDecoder({ market, epoch, backend })
      const received = Float64Array.from(own, ({ receivedNs }) => receivedNs)
      const decoded = decoder.frames(
        frames.map((frame) => Buffer.from(frame)),
        received,
      )
      t.true(own.some(({ kind }) => kind === 'quote') && own.some(({ kind }) => kind === 'trade'))
      t.deepEqual(decoded.map(plain), own.map(plain), market)
      t.is(decoder.counts.general, 0)
    }
  })

  test(`options that cannot be are refused [${backend}]`, (t) => {
    const bad: Record<string, unknown>[] = [
      { seed: -1 },
      { seed: 1.5 },
      { seed: 2 ** 53 },
      { seed: undefined },
      { venues: [] },
      { venues: ['NYSE'] },
      { venues: ['OKX', 'OKX'] },
      { venues: 'OKX' },
      { symbols: ['GOLD'] },
      { symbols: ['constructor'] },
      { activity: 0 },
      { activity: NaN },
      { dislocationsPerMinute: -1 },
      { dislocationsPerMinute: Infinity },
      { dislocationBps: [5, 4] },
      { dislocationBps: [0, 4] },
      { dislocationBps: 4 },
      { dislocationMs: 0 },
      { epoch: 0 },
      { epoch: new Epoch(1n) },
    ]
    for (const options of bad) {
      const code = codeOf(() => simulate(backend, options as Partial<MarketSimulatorOptions>))
      t.is(
        code,
        'TICKBUS_ARGUMENT',
        JSON.stringify(options, (_, value: unknown) => String(value)),
      )
    }
    const simulator = simulate(backend)
    for (const out of [new Uint8Array(63 * 64), new Uint8Array(new SharedArrayBuffer(8_192)), new Float64Array(4_096)])
      t.is(
        codeOf(() => simulator.write(out as Uint8Array)),
        'TICKBUS_ARGUMENT',
      )
    t.is(
      codeOf(() => simulator.write(new Uint8Array(new ArrayBuffer(8_200), 1, 8_192))),
      'TICKBUS_ARGUMENT',
    )
    t.is(
      codeOf(() => simulator.take(NaN)),
      'TICKBUS_ARGUMENT',
    )
    // Nothing of it moved the market on.
    t.true(bytesOf(simulator, SECOND).equals(bytesOf(simulate(backend), SECOND)))
  })
}

if (backends.length === 2) {
  test('both backends make the same bytes', (t) => {
    for (const seed of [0, 1, 2 ** 53 - 1]) {
      const [native, js] = (['native', 'js'] as const).map((backend) =>
        simulate(backend, { seed, dislocationsPerMinute: 120 }),
      )
      t.true(bytesOf(native!, 20 * SECOND).equals(bytesOf(js!, 20 * SECOND)))
      t.deepEqual(native!.dislocations, js!.dislocations)
    }
  })
}

test('instruments of one currency are a pair, under the names that the venues give them', (t) => {
  const { pairs } = new MarketSimulator({ seed: 1, symbols: ['BTC', 'DOGE'] })
  t.deepEqual(pairs, {
    BTC: ['BTCUSDT.BINANCE', 'BTC-USD.COINBASE', 'XBT/USD.KRAKEN', 'BTCUSDT-SPOT.BYBIT', 'BTC-USDT.OKX'],
    DOGE: ['DOGEUSDT.BINANCE', 'DOGE-USD.COINBASE', 'XDG/USD.KRAKEN', 'DOGEUSDT-SPOT.BYBIT', 'DOGE-USDT.OKX'],
  })
})

test('logarithm and exponential are right to the last digits but a few', (t) => {
  for (let x = 1e-10; x < 1e10; x *= 1.37) {
    const error = Math.abs(ln(x) - Math.log(x))
    if (error > 1e-13 + 1e-15 * Math.abs(Math.log(x))) t.fail(`ln(${x}) is off by ${error}`)
  }
  for (let x = -600; x < 300; x += 0.731) {
    const error = Math.abs(exp(x) / Math.exp(x) - 1)
    if (error > 3e-13) t.fail(`exp(${x}) is off by ${error}`)
  }
  t.is(exp(-1e9), 0)
  t.is(exp(0), 1)
})
