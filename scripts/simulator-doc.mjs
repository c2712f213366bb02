// Makes the tables and pictures of docs/simulator.md: the simulated market beside the recordings, both read from dist/.
// `node scripts/simulator-doc.mjs [FOLDER]` takes the folder of the recordings, and half a minute; without them it ends
// with a message, and the page stays.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Epoch } from '../dist/index.js'
import { MarketSimulator, RecordedMarket } from '../dist/market/index.js'
import { lineChart } from './line-chart.mjs'

const SEEDS = 16
const NS = 1e9
const BIN_S = 0.1
const LAGS = 30
const root = new URL('..', import.meta.url)
const folder = process.argv[2] ?? '../shared/data/recordings/2024-08-08'
const file = join(folder, 'spot_btcusdt_20240808.gz')
if (!existsSync(file)) {
  console.error(`simulator-doc: there is no ${file}; docs/simulator.md stays as it is`)
  process.exit(1)
}

const recorded = await readRecording()
const seconds = recorded.quotes.at(-1)
const simulated = Array.from({ length: SEEDS }, (_, i) => simulate(i + 1))

replace('quotes', arrivalTable('quotes'))
replace('trades', arrivalTable('trades'))
replace('returns', comparison(returnsOf(recorded), simulated.map(returnsOf), returnLabels()))
picture()

async function readRecording() {
  const market = await RecordedMarket.open([file])
  const made = { quotes: [], trades: [], mids: [] }
  for await (const message of market.messages(new Epoch(market.epochNs))) add(made, message)
  return made
}

function simulate(seed) {
  const simulator = new MarketSimulator({ seed, venues: ['BINANCE'], symbols: ['BTC'] })
  const made = { quotes: [], trades: [], mids: [] }
  for (let batch = simulator.take(seconds * NS); batch.length > 0; batch = simulator.take(seconds * NS))
    for (const message of batch) add(made, message)
  return made
}

function add({ quotes, trades, mids }, { kind, receivedNs, message }) {
  if (kind === 'trade') trades.push(receivedNs / NS)
  if (kind !== 'quote') return
  quotes.push(receivedNs / NS)
  mids.push((message.bidPrice + message.askPrice) / 2)
}

function arrivalTable(kind) {
  return comparison(
    arrivalsOf(recorded[kind]),
    simulated.map((made) => arrivalsOf(made[kind])),
    arrivalLabels(),
  )
}

/** A row for each measure: recorded, the mean of the seeds, the least and most of them. */
function comparison(real, made, rows) {
  const lines = Object.entries(rows).map(([key, [label, digits]]) => {
    const values = made.map((each) => each[key])
    const cells = [real[key], mean(values), Math.min(...values), Math.max(...values)].map((value) =>
      value.toFixed(digits),
    )
    return `| ${label} | ${cells[0]} | ${cells[1]} | ${cells[2]} to ${cells[3]} |`
  })
  return ['| measure | recorded | simulated | in single runs |', '| --- | ---: | ---: | ---: |', ...lines, ''].join(
    '\n',
  )
}

/** What each measure is called, and its decimal places. */
function arrivalLabels() {
  const excess = (window) => [`1 - sqrt(mean / variance) of counts in ${window} s`, 2]
  return {
    rate: ['messages a second', 1],
    cv: ['gaps: deviation / mean', 2],
    close: ['gaps below 1 ms, %', 1],
    excess01: excess(0.1),
    excess1: excess(1),
    excess5: excess(5),
    most: ['most / mean in 0.1 s', 1],
    lag1: ['autocorrelation of counts in 0.1 s, lag 0.1 s', 3],
    lag10: ['lag 1 s', 3],
    lag50: ['lag 5 s', 3],
    burst: ['burst (gaps below 1 ms): mean size', 2],
    burst90: ['size that 10 % reach', 1],
    burst99: ['size that 1 % reach', 1],
    burstMost: ['largest', 0],
  }
}

function arrivalsOf(times) {
  const gaps = differences(times)
  const bursts = burstsOf(gaps).sort((a, b) => a - b)
  const counts = countsOf(times, BIN_S)
  return {
    rate: times.length / (times.at(-1) - times[0]),
    cv: Math.sqrt(variance(gaps)) / mean(gaps),
    close: (100 * gaps.filter((gap) => gap < 1e-3).length) / gaps.length,
    excess01: excessOf(counts),
    excess1: excessOf(countsOf(times, 1)),
    excess5: excessOf(countsOf(times, 5)),
    most: Math.max(...counts) / mean(counts),
    lag1: autocorrelation(counts, 1),
    lag10: autocorrelation(counts, 10),
    lag50: autocorrelation(counts, 50),
    burst: mean(bursts),
    burst90: bursts[Math.floor(bursts.length * 0.9)],
    burst99: bursts[Math.floor(bursts.length * 0.99)],
    burstMost: bursts.at(-1),
  }
}

function returnLabels() {
  return {
    deviation: ['deviation, bps', 2],
    kurtosis: ['kurtosis (3 for a normal law)', 1],
    size1: ['autocorrelation of their sizes, lag 1 s', 2],
    size10: ['lag 10 s', 2],
  }
}

/** Of the mid price's returns over a second. */
function returnsOf({ quotes, mids }) {
  const prices = []
  for (let at = 0, second = Math.ceil(quotes[0]); second < quotes.at(-1); second += 1) {
    while (at + 1 < quotes.length && quotes[at + 1] <= second) at += 1
    prices.push(Math.log(mids[at]))
  }
  const returns = differences(prices)
  const second = mean(returns.map((value) => value ** 2))
  const sizes = returns.map(Math.abs)
  return {
    deviation: 1e4 * Math.sqrt(second),
    kurtosis: mean(returns.map((value) => value ** 4)) / second ** 2,
    size1: autocorrelation(sizes, 1),
    size10: autocorrelation(sizes, 10),
  }
}

/** A minute of counts, and how long they remember. */
function picture() {
  const count = 600
  const at = Array.from({ length: count }, (_, i) => i * BIN_S * 1_000)
  const counts = [recorded, simulated[0]].map(({ quotes }) => countsOf(quotes, BIN_S).slice(0, count))
  const panels = ['recorded', 'simulated, seed 1'].map((label, i) => ({
    label: `quotes in 0.1 s, ${label}`,
    lines: [{ name: '', values: counts[i] }],
  }))
  write('simulator-counts.svg', lineChart('A minute of BTCUSDT quotes: recorded and simulated', at, panels))

  const lags = Array.from({ length: LAGS }, (_, i) => (i + 1) * BIN_S * 1_000)
  const curve = (times) => lags.map((_, i) => Math.max(autocorrelation(countsOf(times, BIN_S), i + 1), 0))
  const curves = (kind) => {
    const made = simulated.map((each) => curve(each[kind]))
    const average = lags.map((_, i) => mean(made.map((each) => each[i])))
    return [
      { name: 'recorded', values: curve(recorded[kind]) },
      { name: 'simulated', values: average },
    ]
  }
  const memory = ['quotes', 'trades'].map((kind) => ({ label: `${kind}: autocorrelation by lag`, lines: curves(kind) }))
  write('simulator-memory.svg', lineChart('How long a burst is remembered', lags, memory))
}

function write(name, text) {
  writeFileSync(new URL(`docs/${name}`, root), text)
}

function replace(mark, text) {
  const url = new URL('docs/simulator.md', root)
  const [start, end] = [`<!-- ${mark}:start -->`, `<!-- ${mark}:end -->`]
  const page = readFileSync(url, 'utf8')
  const [before, after] = [page.indexOf(start), page.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`docs/simulator.md has no place for ${mark}`)
  writeFileSync(url, `${page.slice(0, before + start.length)}\n${text}\n${page.slice(after)}`)
}

function burstsOf(gaps) {
  const bursts = [1]
  for (const gap of gaps) {
    if (gap < 1e-3) bursts[bursts.length - 1] += 1
    else bursts.push(1)
  }
  return bursts
}

function countsOf(times, width) {
  const counts = Array.from({ length: Math.floor((times.at(-1) - times[0]) / width) }, () => 0)
  for (const time of times) {
    const bin = Math.floor((time - times[0]) / width)
    if (bin < counts.length) counts[bin] += 1
  }
  return counts
}

function excessOf(counts) {
  return 1 - Math.sqrt(mean(counts) / variance(counts))
}

function autocorrelation(values, lag) {
  const level = mean(values)
  const product = values.slice(lag).reduce((sum, value, i) => sum + (value - level) * (values[i] - level), 0)
  return product / (variance(values) * values.length)
}

function differences(values) {
  return values.slice(1).map((value, i) => value - values[i])
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function variance(values) {
  const level = mean(values)
  return values.reduce((sum, value) => sum + (value - level) ** 2, 0) / values.length
}
