// Makes the tables and pictures of docs/workers.md from the simulation, as built in dist/. Takes half a minute.
//
// `node scripts/workers-doc.mjs autoscale.json` makes those of the real run instead, from what
// `tickbus bench autoscale --json` has printed.
import { readFileSync, writeFileSync } from 'node:fs'
import { loadCore } from '../dist/native/index.js'
import { allLaws, compare, drawWorkload, readTrace, run } from '../dist/simulation/index.js'
import { lineChart } from './line-chart.mjs'

const SEEDS = 20
const root = new URL('..', import.meta.url)
const core = loadCore()
const scenarios = ['a-steps', 'b-bursts', 'c-computing', 'd-slow'].map((name) => ({ name, trace: trace(name) }))

if (process.argv[2] !== undefined) {
  realRun(JSON.parse(readFileSync(process.argv[2], 'utf8')))
  process.exit()
}

const started = performance.now()
const usual = scenarios.map(({ name, trace }) => {
  const fixedSizes = name === 'c-computing' ? [1, 2, 10, 50] : [1, 10, 50]
  return { name, trace, comparison: compare(trace, { core, seeds: SEEDS, fixedSizes }) }
})
const seconds = (performance.now() - started) / 1_000
const quick = scenarios.map(({ name, trace }) => {
  return { name, trace, comparison: compare(trace, { core, seeds: SEEDS, fixedSizes: [], rivalTickMs: 20 }) }
})

replace('table', usual.map(table).join('\n'))
replace('quick', quick.map(table).join('\n'))
picture('workers-step.svg', 'a-steps', 14_900, 15_500, 'Ten times the load: scenario A, the step at 15 s')
picture('workers-burst.svg', 'b-bursts', 1_700, 2_300, 'The first burst: scenario B, from 1.8 to 2.0 s')
console.log(`the table took ${seconds.toFixed(1)} s`)

function trace(name) {
  return readTrace(JSON.parse(readFileSync(new URL(`examples/autoscale/${name}.json`, root), 'utf8')), name)
}

function table({ name, trace, comparison }) {
  const head = ['law', 'wait p50', 'p99', 'p99.9', 'workers', 'peak', 'worker-seconds', 'changes a minute']
  const rows = comparison.laws.map(({ law, waitMs, ...sizes }) => [
    law === 'tickbus' ? '**tickbus**' : law,
    ...[waitMs.p50, waitMs.p99, waitMs.p999].map(milliseconds),
    sizes.meanWorkers.toFixed(1),
    sizes.peakWorkers.toFixed(0),
    Math.round(sizes.workerSeconds).toLocaleString('en-US'),
    sizes.actionsPerMinute.toFixed(1),
  ])
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |\n`)
  return `[${trace.about}](../examples/autoscale/${name}.json)\n\n${lines.join('')}`
}

function milliseconds(ms) {
  if (ms < 0.005) return ms === 0 ? '0' : '0.00 ms'
  return `${ms < 100 ? ms.toPrecision(2) : Math.round(ms).toLocaleString('en-US')} ms`
}

/** A table of each row of the step, and a picture of the first. */
function realRun({ quick, machine, questions }) {
  const { rows, figures } = questions.find(({ name }) => name === 'autoscale/step')
  const names = Object.keys(figures)
  const tables = rows.map(({ row, cases }) => {
    const head = ['who decides', ...names.map((name) => `${name}, ${figures[name].unit}`)]
    const lines = cases
      .filter(({ unavailable }) => unavailable === null)
      .map((each) => [each.name, ...names.map((name) => rounded(each.figures[name].median))])
    const table = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...lines]
    const busy = Math.max(...cases.map(({ disturbance }) => disturbance?.foreignCores ?? 0))
    const note = busy > 0.2 ? ` Others took up to ${busy.toFixed(1)} cores meanwhile: times are not for quoting.` : ''
    return `${row}.${note}\n\n${table.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`
  })
  replace(
    'real',
    `${machine.model}, ${machine.cores} cores.${quick ? ' A quick run.' : ''}\n\n![Sizes in a real run](workers-real.svg)\n\n${tables.join('\n')}`,
  )
  const [{ row, cases }] = rows
  const shown = cases.filter(({ series }) => series?.sizes !== undefined)
  const bins = Math.min(...shown.map(({ series }) => series.sizes.length))
  const at = Array.from({ length: bins }, (_, i) => 10 * i)
  const lines = shown.map(({ name, series }) => ({ name, values: series.sizes.slice(0, bins) }))
  writeFileSync(new URL('docs/workers-real.svg', root), lineChart(row, at, [{ label: 'slots', lines }]))
}

function rounded(value) {
  return value < 100 ? Number(value.toPrecision(2)).toString() : Math.round(value).toLocaleString('en-US')
}

/** Puts text between the marks of this name in the page. */
function replace(mark, text) {
  const url = new URL('docs/workers.md', root)
  const [start, end] = [`<!-- ${mark}:start -->`, `<!-- ${mark}:end -->`]
  const page = readFileSync(url, 'utf8')
  const [before, after] = [page.indexOf(start), page.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`docs/workers.md has no place for ${mark}`)
  writeFileSync(url, `${page.slice(0, before + start.length)}\n${text}\n${page.slice(after)}`)
}

/** Draws the first seed from one time to another: sizes of the pools, and the longest wait of what arrived. */
function picture(file, name, fromMs, untilMs, title) {
  const { trace } = scenarios.find((scenario) => scenario.name === name)
  const workload = drawWorkload(trace, trace.seed)
  const stepMs = 5
  const bins = Math.round((untilMs - fromMs) / stepMs)
  const at = Array.from({ length: bins }, (_, i) => fromMs + (i + 0.5) * stepMs)
  const arrivals = new Float64Array(bins)
  for (const ms of workload.arrivesMs)
    if (ms >= fromMs && ms < untilMs) arrivals[Math.floor((ms - fromMs) / stepMs)] += 1
  const series = allLaws(core, [], 100).map((law) => {
    const sizes = []
    const waits = new Float64Array(bins)
    run(trace, workload, law.open(trace), (arrivedMs, waitMs, size) => {
      const [arrived, begun] = [arrivedMs, arrivedMs + waitMs].map((ms) => Math.floor((ms - fromMs) / stepMs))
      if (arrived >= 0 && arrived < bins) waits[arrived] = Math.max(waits[arrived], waitMs)
      // A pool has the size that it had when a message last began.
      while (begun >= sizes.length && sizes.length < bins) sizes.push(sizes.at(-1) ?? size)
      if (begun >= 0 && begun < bins) sizes[begun] = size
    })
    return { name: law.name, sizes, waits }
  })
  const panels = [
    {
      label: 'messages a second',
      lines: [{ name: '', values: Array.from(arrivals, (count) => (count * 1_000) / stepMs) }],
    },
    { label: 'workers, those included that start', lines: series.map(({ name, sizes }) => ({ name, values: sizes })) },
    { label: 'longest wait, ms', lines: series.map(({ name, waits }) => ({ name, values: waits })) },
  ]
  writeFileSync(new URL(`docs/${file}`, root), lineChart(title, at, panels))
}
