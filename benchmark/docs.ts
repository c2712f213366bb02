/**
 * `npm run bench:docs`: asks every question in full, then writes docs/benchmarks.md and the table in README.md. Figures
 * in documents are never typed by hand. With files given, `npm run bench:docs -- bus.json crossing.json`, it takes the
 * reports from there, as `--json` has printed them. With a document before them, `docs/benchmarks-lanes.md lanes.json`, it
 * writes that one alone.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { inBrief } from './headlines.js'
import { machineLine } from './machine.js'
import { questions, runBench } from './main.js'
import { describeQuestion, targetsTable } from './markdown.js'
import type { Report } from './report.js'

const root = new URL('../../', import.meta.url)
const START = '<!-- bench:start -->'
const END = '<!-- bench:end -->'

const readme = await readFile(new URL('README.md', root), 'utf8')
// Looked for before the measuring, so that half an hour is not spent for nothing.
fill(readme, '')
const documents = process.argv.slice(2).filter((argument) => argument.endsWith('.md'))
const files = process.argv.slice(2).filter((argument) => !documents.includes(argument))
const reports = files.length > 0 ? await readReports(files) : await askEverything()
const [target = 'docs/benchmarks.md'] = documents
await writeFile(new URL(target, root), document(reports))
if (documents.length === 0) await writeFile(new URL('README.md', root), fill(readme, summary(reports)))
console.error(documents.length === 0 ? `written: ${target} and the table in README.md` : `written: ${target}`)

async function readReports(files: string[]): Promise<Report[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return texts.map((text) => JSON.parse(text) as Report)
}

async function askEverything(): Promise<Report[]> {
  const reports: Report[] = []
  for (const group of questions.filter((name) => !name.includes('/'))) {
    reports.push(await runBench(group, { write: () => {} }))
  }
  return reports
}

function document(reports: Report[]): string {
  const head = `# Benchmarks

Written by \`npm run bench:docs\`; how it measures stands in [benchmark/README.md](../benchmark/README.md).

Machine: ${machineLine(reports[0].machine)}.

Every case runs in a process of its own, and the rounds of all cases take turns. A figure is the median of its rounds,
"interval" the 95 % interval of the first figure's median, and more than 1x in a ratio is in favour of Tickbus. "Foreign
CPU" and "steal" are the cores' worth of time that others took meanwhile: the more of it, the less a row says. Compare
ratios, not times: times belong to the machine.

## What was promised, and what came out

${targetsTable(reports)}
`
  return `${[head.trimEnd(), ...reports.flatMap((report) => report.questions.map(describeQuestion))].join('\n\n')}\n`
}

function summary(reports: Report[]): string {
  const note =
    'Medians of one run; rounds of all cases take turns. All figures: [docs/benchmarks.md](docs/benchmarks.md).'
  return `${targetsTable(reports.map(inBrief))}\n\n${machineLine(reports[0].machine)}. ${note}`
}

function fill(text: string, content: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} … ${END} to write the table into.`)
  return `${text.slice(0, start + START.length)}\n${content}\n${text.slice(end)}`
}
