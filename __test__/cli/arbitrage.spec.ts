import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { bundled, line, quoteFrame, Scratch } from '../market/samples.js'
import { tickbus } from './command.js'

const PAIRS = { BTC: ['BTCUSDT.BINANCE', 'BTCUSDT-PERP.BINANCE'] }
const today = new Date().toISOString().slice(0, 10)

/** Spot and futures whose quotes cross at 2, uncross at 3, and cross the other way at 4, received at once. */
function scene(t: ExecutionContext) {
  const scratch = new Scratch(t)
  const spot = scratch.recording('spot_btcusdt.gz', [
    line(1, quoteFrame(1, { b: '100', a: '101' })),
    line(3, quoteFrame(2, { b: '100', a: '102' })),
    line(4, quoteFrame(3, { b: '103', a: '104' })),
  ])
  const futures = { e: 'bookTicker', T: 1_700_000_000_000, E: 1_700_000_000_000 }
  const usdm = scratch.recording('usdm_btcusdt.gz', [
    line(2, quoteFrame(1, { ...futures, b: '101.5', a: '102' })),
    line(4, quoteFrame(2, { ...futures, b: '101.5', a: '102' })),
  ])
  const files = [spot, usdm]
  const json = (name: string, value: unknown) => scratch.file(name, JSON.stringify(value))
  const arbitrage = (...args: string[]) =>
    tickbus('replay', ...files, '--arbitrage', '--pairs', json('p.json', PAIRS), ...args)
  return { files, json, arbitrage, folder: scratch.folder, out: join(scratch.folder, 'episodes.ndjson') }
}

test('each episode is one line, as anyone can recompute it', async (t) => {
  const { arbitrage, out } = scene(t)
  const { code, stdout, stderr } = await arbitrage('--episodes', out, '--json')
  t.is(code, 0, stderr)
  const time = (ns: number) => String(1_700_000_000_000_000_000n + BigInt(ns))
  const lines = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
  const [first, second] = lines
  const [spot, perp] = PAIRS.BTC
  t.is(lines.length, 2)
  t.like(first, { pair: 'BTC', buy: spot, sell: perp, openedAt: time(2), closedAt: time(3), updates: 1 })
  t.true(Math.abs(first.peakBps - (101.5 / 101 - 1) * 1e4) < 1e-9)
  // The spot quote at 4 comes first, since its file was named first; the futures quote at 4 counts as another update.
  t.like(second, { pair: 'BTC', buy: perp, sell: spot, openedAt: time(4), closedAt: null, updates: 2 })
  t.deepEqual(Object.keys(first), ['pair', 'buy', 'sell', 'openedAt', 'closedAt', 'updates', 'peakBps'])
  const document = JSON.parse(stdout)
  t.like(document.pairs[0], { pair: 'BTC', episodes: 2, open: 1, aboveOneBps: 2 })
  t.like(document.counts, { quotes: 5, opened: 2, closed: 1 })
})

test('fees and a threshold are taken off, and a threshold that is hit is not exceeded', async (t) => {
  const { arbitrage, json } = scene(t)
  const fees = json('f.json', { asOf: today, takerBps: { [PAIRS.BTC[0]!]: 10, 'X.Y': 3 } })
  const episodes = async (bps: string) => {
    const { stdout } = await arbitrage('--fees', fees, '--min-net-bps', bps, '--json')
    return JSON.parse(stdout)
  }
  const { pairs, notes, feesAsOf } = await episodes('0')
  t.is(pairs[0].episodes, 2)
  t.is(feesAsOf, today)
  t.regex(notes.join(), /so taken to pay none: BTCUSDT-PERP\.BINANCE\..*in no pair: X\.Y/)
  // 103 less 10 bp over 102 is 8,794.117... bp above; 102.897 / 102 - 1 is what it has to be above.
  t.is((await episodes('87.9')).pairs[0].episodes, 1)
  t.is((await episodes('88')).pairs[0].episodes, 0)
})

test('--delay-ms says what is left for who acts later, without fees and with them', async (t) => {
  const { arbitrage, json } = scene(t)
  const fees = json('f.json', { asOf: today, takerBps: { [PAIRS.BTC[0]!]: 1_000 } })
  const { code, stdout } = await arbitrage(
    '--fees',
    fees,
    '--delay-ms',
    '0,0.0000005,1',
    '--min-net-bps',
    '0,60',
    '--json',
  )
  t.is(code, 0)
  const { delays, notes } = JSON.parse(stdout)
  t.deepEqual(
    delays.map(({ of, thresholdBps, episodes }: { of: string; thresholdBps: number; episodes: number }) => [
      of,
      thresholdBps,
      episodes,
    ]),
    [
      ['gross', 0, 2],
      ['net', 0, 0],
      ['gross', 60, 1],
      ['net', 60, 0],
    ],
  )
  const [gross] = delays
  t.deepEqual(
    gross.delays.map(({ share }: { share: number }) => share > 0.999),
    [true, true, false],
  )
  t.regex(notes.join(), /After fees no episode was above any of the thresholds/)
})

test('with fees as retail pays them the report says that nothing is left', async (t) => {
  const { json } = scene(t)
  const ids = ['BTCUSDT.BINANCE', 'BTCUSDT-PERP.BINANCE', 'BTCUSD_PERP.BINANCE']
  const fees = json('f.json', { asOf: today, takerBps: Object.fromEntries(ids.map((id) => [id, 10])) })
  const { code, stdout } = await tickbus(
    'replay',
    ...bundled,
    '--arbitrage',
    '--pairs',
    json('p.json', { BTC: ids }),
    '--fees',
    fees,
  )
  t.is(code, 0)
  t.regex(stdout, /BTC +0 +0 +0 +-\n/)
  t.regex(stdout, /After fees no episode was worth more than a basis point/)
})

test('instruments that are in no recording are told', async (t) => {
  const { files, json } = scene(t)
  const pairs = json('p.json', { BTC: [...PAIRS.BTC, 'BTC-USD.COINBASE'] })
  const { stdout } = await tickbus('replay', ...files, '--arbitrage', '--pairs', pairs)
  t.regex(stdout, /in none of the recordings: BTC-USD\.COINBASE/)
})

for (const [what, args, exit, says] of [
  ['no table of pairs', ['--arbitrage'], 2, /needs --pairs/],
  ['pairs without --arbitrage', ['--pairs', 'x.json'], 2, /need --arbitrage/],
  ['a table that is not there', ['--arbitrage', '--pairs', 'nowhere.json'], 1, /nowhere\.json cannot be read/],
  ['a speed', ['--arbitrage', '--pairs', 'x.json', '--speed', '10'], 2, /sends nothing/],
  ['a threshold that is none', ['--arbitrage', '--pairs', 'x.json', '--min-net-bps', 'much'], 2, /Give a number/],
  [
    'several thresholds for one file',
    ['--arbitrage', '--pairs', 'x.json', '--min-net-bps', '0,1'],
    2,
    /several thresholds/,
  ],
] as const) {
  test(`${what} exits with ${exit} and says what to do`, async (t) => {
    const { code, stderr } = await tickbus('replay', ...args)
    t.is(code, exit)
    t.regex(stderr, says)
  })
}

test('episodes that cannot be written are a fault with a sentence', async (t) => {
  const { arbitrage, folder } = scene(t)
  const { code, stderr } = await arbitrage('--episodes', folder)
  t.is(code, 1)
  t.regex(stderr, /The episodes cannot be written to /)
})
