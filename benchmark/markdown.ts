/** Reports for people. The tables are Markdown with aligned columns, so that a terminal and a document show the same. */
import type { Disturbance } from './foreign-cpu.js'
import { machineLine } from './machine.js'
import type { BoundReport, CaseReport, QuestionReport, RatioReport, Report, RowReport } from './report.js'

export function describeReport(report: Report): string {
  const quick = report.quick ? ['QUICK RUN: it shows that every message arrives. Its figures are not for quoting.'] : []
  const head = [...quick, `Machine: ${machineLine(report.machine)}.`]
  return [...head, ...report.questions.map((question) => describeQuestion(question))].join('\n\n')
}

export function describeQuestion(question: QuestionReport): string {
  const rows = question.rows.flatMap((row) => [
    `### ${question.name}: ${row.row}`,
    figuresTable(question, row),
    `One cache line to another thread and back: ${number(row.lineNs.median)} ns (${span(row.lineNs.min, row.lineNs.max)}).`,
    ...row.cases
      .filter(({ unavailable }) => unavailable !== null)
      .map((each) => `Left out: ${label(each)}. ${each.unavailable}`),
    ...(row.again > 0 ? [`Cycles played again because others took too much of the machine: ${row.again}.`] : []),
    ...(row.ratios.length > 0 ? [ratiosTable(row.ratios)] : []),
    ...(row.bounds.length > 0 ? [boundsTable(question, row.bounds)] : []),
  ])
  return [`## ${question.name}`, question.asks, question.how, ...rows].join('\n\n')
}

/** Everything promised in these reports on one table: the kind that the README shows. */
export function targetsTable(reports: Report[]): string {
  const lines = reports.flatMap(({ questions }) =>
    questions.flatMap((question) =>
      question.rows.flatMap((row) => {
        const promised = row.ratios.filter(({ verdict }) => verdict !== 'none')
        const bounds = row.bounds.map((bound) => boundLine(question, row, bound))
        return [...promised.map((ratio) => targetLine(question, row, ratio)), ...bounds]
      }),
    ),
  )
  return table(['question', 'Tickbus', '', 'rival', '', 'ratio', 'must', 'aim', ''], lines)
}

function targetLine(question: QuestionReport, row: RowReport, ratio: RatioReport): string[] {
  const value = (name: string) => {
    const { median } = row.cases.find((each) => each.name === name)!.figures[ratio.figure]
    return `${number(median)} ${question.figures[ratio.figure].unit}`
  }
  const { ours, rival, must, aim } = ratio
  const title = titleOf(question, row, ratio.figure)
  return [title, ours, value(ours), rival, value(rival), times(ratio.median), times(must), times(aim), verdictOf(ratio)]
}

function boundLine(question: QuestionReport, row: RowReport, bound: BoundReport): string[] {
  const { ours, figure, median, must, aim } = bound
  const { unit } = question.figures[figure]
  const title = titleOf(question, row, figure)
  return [title, ours, `${number(median)} ${unit}`, '', '', '', most(must, unit), most(aim, unit), verdictOf(bound)]
}

function titleOf(question: QuestionReport, row: RowReport, figure: string): string {
  return `${question.name.replace(/^.*\//, '')}, ${row.row}: ${figure}`
}

function figuresTable({ figures }: QuestionReport, { cases }: RowReport): string {
  const names = Object.keys(figures)
  const [main] = names
  const head = [
    'case',
    'n',
    ...names.map((name) => `${name}, ${figures[name].unit}`),
    'interval',
    'least to most',
    'foreign CPU',
    'steal',
  ]
  const played = cases.filter(({ unavailable }) => unavailable === null)
  return table(
    head,
    played.map((each) => {
      const { low, high, min, max } = each.figures[main]
      const medians = names.map((name) => number(each.figures[name].median))
      return [
        label(each),
        String(each.rounds),
        ...medians,
        span(low, high),
        span(min, max),
        ...others(each.disturbance),
      ]
    }),
  )
}

function ratiosTable(ratios: RatioReport[]): string {
  return table(
    ['ours', 'rival', 'of', 'ratio', 'interval', 'must', 'aim', 'reached'],
    ratios.map((ratio) => {
      const { ours, rival, figure, median, low, high, must, aim } = ratio
      return [ours, rival, figure, times(median), span(low, high), times(must), times(aim), verdictOf(ratio)]
    }),
  )
}

function boundsTable({ figures }: QuestionReport, bounds: BoundReport[]): string {
  return table(
    ['ours', 'of', 'measured', 'interval', 'at most', 'aim', 'reached'],
    bounds.map((bound) => {
      const { ours, figure, median, low, high, must, aim } = bound
      const { unit } = figures[figure]
      const measured = `${number(median)} ${unit}`
      return [ours, figure, measured, span(low, high), most(must, unit), most(aim, unit), verdictOf(bound)]
    }),
  )
}

function label({ name, kind }: CaseReport): string {
  return kind === 'ours' ? `**Tickbus ${name}**` : kind === 'base' ? 'base: the harness alone' : name
}

function others(disturbance: Disturbance | null): string[] {
  if (disturbance === null) return ['unknown', 'unknown']
  return [disturbance.foreignCores.toFixed(2), disturbance.stealCores.toFixed(2)]
}

function verdictOf({ verdict }: Pick<RatioReport, 'verdict'>): string {
  return { aim: 'aim', must: 'must', missed: '**missed**', none: '' }[verdict]
}

function times(ratio: number | null): string {
  return ratio === null ? '' : `${number(ratio)}x`
}

function most(value: number | null, unit: string): string {
  return value === null ? '' : `${number(value)} ${unit}`
}

function span(low: number, high: number): string {
  return `${number(low)} to ${number(high)}`
}

/** Three digits that mean something, and no more. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '-'
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 })
}

export function table(head: string[], lines: string[][]): string {
  const width = head.map((title, column) => Math.max(3, title.length, ...lines.map((line) => line[column].length)))
  const row = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(width[column])).join(' | ')} |`
  return [row(head), `|${width.map((dashes) => '-'.repeat(dashes + 2)).join('|')}|`, ...lines.map(row)].join('\n')
}
