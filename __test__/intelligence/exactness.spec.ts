import anyTest, { type ExecutionContext } from 'ava'
import { type Backend, Epoch, type Quote } from 'tickbus'
import { ArbitrageRouter, type Episode, findEpisodes } from 'tickbus/intelligence'
import { RecordedMarket } from 'tickbus/market'
import { backends, forEachBackend } from '../conformance/backends.js'
import { bundled, wholeRecordings } from '../market/samples.js'
import { byOpening, Oracle, type OracleEpisode } from './oracle.js'
import { randoms, recordsOf, type TestQuote } from './quotes.js'

const EPOCH = 1_700_000_000_000_000_000n
const isLong = process.env.TICKBUS_LONG === '1'
const UPDATES = isLong ? 1_000_000 : 10_000
const PAIRS = { A: ['A1.X', 'A2.Y', 'A3.Z', 'A4.X', 'A5.Y'], B: ['B1.X', 'B2.Y'] }
const IDS = Object.values(PAIRS).flat()

/** Prices on so small a grid that ties and hits of the threshold are everyday, and times that stand still as often. */
function quotes(seed: number, count: number): TestQuote[] {
  const random = randoms(seed)
  let at = 0
  return Array.from({ length: count }, () => {
    at += random(3) === 0 ? random(1_000) : 0
    const bid = 99_990 + random(24)
    // Now and then one that is crossed or has no offer.
    const ask = random(50) === 0 ? [0, bid - 1][random(2)]! : bid + random(4)
    return { number: random(IDS.length), bid: bid / 1_000, ask: ask / 1_000, at }
  })
}

const plain = ({ pair, buy, sell, openedAt, closedAt, updates }: OracleEpisode | Episode) =>
  `${pair} ${buy} ${sell} ${openedAt} ${closedAt} ${updates}`

function agree(t: ExecutionContext, found: readonly Episode[], oracle: Oracle): void {
  const [ours, theirs] = [found.toSorted(byOpening), oracle.episodes]
  t.deepEqual(ours.map(plain), theirs.map(plain))
  const worst = ours.reduce((most, { peakBps }, i) => Math.max(most, Math.abs(peakBps - theirs[i]!.peakBps)), 0)
  t.true(worst < 1e-8, `a peak differs by ${worst} bp`)
}

const CASES = [
  ['no fees', {}, 0],
  ['a threshold that is hit', {}, 1],
  ['fees and a threshold that are hit together', { 'A1.X': 0.5, 'A2.Y': 0.25, 'B1.X': 1 }, 0.25],
  ['rebates and a threshold below 0', { 'A1.X': -0.5, 'A3.Z': 0.000001 }, -0.7],
] as const

forEachBackend('episodes', (test, { backend }) => {
  for (const [what, takerBps, minNetBps] of CASES) {
    test(`are those of exact rationals, with ${what}`, (t) => {
      const oracle = new Oracle(PAIRS, takerBps, minNetBps)
      const fees = { asOf: new Date().toISOString().slice(0, 10), takerBps }
      const router = new ArbitrageRouter({ pairs: PAIRS, fees, minNetBps, epoch: EPOCH, backend })
      const found: Episode[] = []
      router.on('closed', (episode) => found.push(episode))
      const made = quotes(7, UPDATES)
      for (const { number, bid, ask, at } of made) oracle.take({ id: IDS[number]!, bid, ask, at: EPOCH + BigInt(at) })
      for (let i = 0; i < made.length; i += 700) router.update(recordsOf(made.slice(i, i + 700)))
      agree(t, [...found, ...router.open()], oracle)
      t.true(found.length > 100)
      const { exact, refused } = router.stats()
      t.true(exact > 100 && refused.crossed > 10 && refused.oneSided > 10)
      t.is(new Set(found.map(({ id }) => id)).size, found.length)
    })
  }

  test('take prices of seventeen digits as the decimals that they are', (t) => {
    const pairs = { P: ['A.X', 'B.Y'] }
    const router = new ArbitrageRouter({ pairs, minNetBps: 10, epoch: EPOCH, backend })
    // The bid is 1.001 times the offer, exactly; the next one a last digit more.
    const offer = 61_837.63
    const at = (bid: number) => router.update(recordsOf([{ number: 1, bid, ask: 70_000, at: 1 }]))
    router.update(recordsOf([{ number: 0, bid: 1, ask: offer, at: 0 }]))
    at(61_899.46763)
    t.is(router.open().length, 0)
    at(Number('61899.467630000005'))
    t.is(router.open().length, 1)
    at(61_899.46763)
    t.is(router.open().length, 0)
    t.is(router.stats().exact, 3)
  })
})

const MARKETS = {
  BTC: ['BTCUSDT.BINANCE', 'BTCUSD_PERP.BINANCE', 'BTCUSDT-PERP.BINANCE'],
  ETH: ['ETHUSDT.BINANCE', 'ETHUSD_PERP.BINANCE', 'ETHUSDT-PERP.BINANCE'],
}
const TERMS: [Record<string, number>, number][] = [
  [{}, 0],
  [{ 'BTCUSDT.BINANCE': 0.5, 'ETHUSDT.BINANCE': 0.5 }, 0.3],
]

for (const [what, files] of [
  ['the sample that comes with Tickbus', bundled],
  ['whole recordings', wholeRecordings],
] as const) {
  const declare = files.length === 0 ? anyTest.skip : anyTest.serial
  declare(`episodes are those of exact rationals in ${what}, on all backends, whatever the fees`, async (t) => {
    // In exact rationals whole recordings take long: with fees in the long run only.
    for (const [takerBps, minNetBps] of files === bundled || isLong ? TERMS : TERMS.slice(0, 1)) {
      const oracle = await oracleOf(files, takerBps, minNetBps)
      for (const backend of backends) agree(t, await find(files, backend, takerBps, minNetBps), oracle)
      t.true(oracle.episodes.length > 0)
    }
  })

  declare(`with fees as retail pays them nothing is left in ${what}`, async (t) => {
    const takerBps = Object.fromEntries(
      Object.values(MARKETS)
        .flat()
        .map((id) => [id, 10]),
    )
    const found = await find(files, backends[0]!, takerBps, 0)
    t.deepEqual(
      found.filter(({ peakBps }) => peakBps > 1),
      [],
    )
  })
}

async function find(
  files: readonly string[],
  backend: Backend,
  takerBps: Record<string, number>,
  minNetBps: number,
): Promise<Episode[]> {
  const episodes: Episode[] = []
  const fees = { asOf: new Date().toISOString().slice(0, 10), takerBps }
  await findEpisodes(files, { pairs: MARKETS, fees, minNetBps, backend }, (episode) => episodes.push(episode))
  return episodes
}

async function oracleOf(
  files: readonly string[],
  takerBps: Record<string, number>,
  minNetBps: number,
): Promise<Oracle> {
  const market = await RecordedMarket.open(files)
  const oracle = new Oracle(MARKETS, takerBps, minNetBps)
  for await (const { kind, instrument, message } of market.messages(new Epoch(market.epochNs))) {
    if (kind !== 'quote') continue
    const { bidPrice: bid, askPrice: ask, tsInit: at } = message as Quote
    oracle.take({ id: instrument.id, bid, ask, at })
  }
  return oracle
}
