// Makes the tables of docs/arbitrage.md from the six recordings of 2024-08-08, as built in dist/:
// `node scripts/arbitrage-doc.mjs FOLDER`.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findEpisodes, studyDelays } from '../dist/intelligence/index.js'

const folder = process.argv[2] ?? '../shared/data/recordings/2024-08-08'
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.gz'))
  .map((name) => join(folder, name))
const page = new URL('../docs/arbitrage.md', import.meta.url)

const pairs = {
  'USD-M, spot, BTC': ['BTCUSDT-PERP.BINANCE', 'BTCUSDT.BINANCE'],
  'USD-M, spot, ETH': ['ETHUSDT-PERP.BINANCE', 'ETHUSDT.BINANCE'],
}
const others = { 'USD-M, COIN-M, BTC': ['BTCUSDT-PERP.BINANCE', 'BTCUSD_PERP.BINANCE'] }
const delaysMs = [0, 1, 5, 10, 20, 50, 100]
const rows = []
for (const terms of [pairs, others]) {
  const study = await studyDelays(files, { pairs: terms, thresholdsBps: [1, 2], delaysMs, basisHalfLifeS: 10 })
  rows.push(...study.rows)
}
replace(
  'delays',
  table([
    ['pair, threshold', 'episodes', 'life p25 / 50 / 75 / 90, ms', ...delaysMs.map((ms) => `${ms} ms`)],
    ...rows.map(({ pair, thresholdBps, episodes, lifeMs, delays }) => [
      `${pair}, ${thresholdBps} bp`,
      String(episodes),
      lifeMs === null
        ? ''
        : Object.values(lifeMs)
            .map((ms) => ms.toFixed(0))
            .join(' / '),
      ...delays.map(({ share }) => (share === null ? '' : share.toFixed(2))),
    ]),
  ]),
)

const fees = []
for (const feeBps of [0, 1, 2, 5, 10]) {
  const takerBps = Object.fromEntries(
    Object.values(pairs)
      .flat()
      .map((id) => [id, feeBps]),
  )
  const found = []
  const table = { asOf: new Date().toISOString().slice(0, 10), takerBps }
  await findEpisodes(files, { pairs, fees: table }, (episode) => found.push(episode))
  const above = found.filter(({ peakBps }) => peakBps > 1)
  const largest = found.length === 0 ? '' : Math.max(...found.map(({ peakBps }) => peakBps)).toFixed(2)
  fees.push([`${feeBps} bp`, String(found.length), String(above.length), largest])
}
replace('fees', table([['taker fee on each side', 'episodes', 'with a peak above 1 bp', 'largest peak, bp'], ...fees]))

function table([head, ...body]) {
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...body]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('')
}

/** Puts text between the marks of this name in the page. */
function replace(mark, text) {
  const [start, end] = [`<!-- ${mark}:start -->`, `<!-- ${mark}:end -->`]
  const whole = readFileSync(page, 'utf8')
  const [before, after] = [whole.indexOf(start), whole.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`docs/arbitrage.md has no place for ${mark}`)
  writeFileSync(page, `${whole.slice(0, before + start.length)}\n${text}${whole.slice(after)}`)
}
