/** What a run found, as data: one shape for `--json`, the tables and the documents. */
import type { Case, Kind } from './case.js'
import { type Disturbance, disturbanceOf } from './foreign-cpu.js'
import type { Machine } from './machine.js'
import type { Bound, Question, Target } from './question.js'
import { type Estimate, estimate, estimateRatio, median } from './statistics.js'

export interface Report {
  name: string
  /** A quick run checks that everything arrives; its figures are not for quoting. */
  quick: boolean
  machine: Machine
  durationMs: number
  questions: QuestionReport[]
}

export interface QuestionReport {
  name: string
  asks: string
  how: string
  figures: Question['figures']
  isBaseSubtracted: boolean
  rows: RowReport[]
}

export interface RowReport {
  row: string
  /** Cycles that were played again, because others took too much of the machine. */
  again: number
  /** How long one cache line took to another thread and back, in nanoseconds. See line.ts. */
  lineNs: Figures
  cases: CaseReport[]
  ratios: RatioReport[]
  bounds: BoundReport[]
}

export interface CaseReport {
  name: string
  kind: Kind
  /** Why it was left out, or `null`. */
  unavailable: string | null
  rounds: number
  published: number
  delivered: number
  figures: Record<string, Figures>
  /** What changed over time in the last round, for pictures. */
  series?: Record<string, number[]> | undefined
  /** What others did with the processors meanwhile; `null` where the system does not tell. */
  disturbance: Disturbance | null
}

export interface Figures extends Estimate {
  min: number
  max: number
}

/** `aim` and `must`: reached. `missed`: the must is not. `none`: nothing was promised, or the run was a quick one. */
export type Verdict = 'aim' | 'must' | 'missed' | 'none'

export interface RatioReport extends Estimate {
  ours: string
  rival: string
  figure: string
  must: number | null
  aim: number | null
  verdict: Verdict
}

/** A figure of ours that must not be higher than something. */
export interface BoundReport extends Estimate {
  ours: string
  figure: string
  must: number | null
  aim: number | null
  verdict: Verdict
}

/** What a report takes from a case that has been played. */
export type Played = Pick<Case, 'name' | 'kind' | 'unavailable' | 'takes'>

export function reportQuestion(question: Question, rows: RowReport[]): QuestionReport {
  const { name, asks, how, figures, isBaseSubtracted = false } = question
  return { name, asks, how, figures, isBaseSubtracted, rows }
}

/** How a row was played. */
export interface Playing {
  quick: boolean
  again: number
  line: Played
}

export function reportRow(
  question: Question,
  row: string,
  cases: Played[],
  { quick, again, line }: Playing,
): RowReport {
  const ratios = ratiosOf(question, row, cases, quick ? [] : question.targets)
  const bounds = boundsOf(quick ? [] : (question.bounds ?? []), row, cases)
  const lineNs = spread(valuesOf(line, 'roundTrip'))
  return { row, again, lineNs, cases: cases.map((each) => reportCase(question, each)), ratios, bounds }
}

function reportCase(question: Question, each: Played): CaseReport {
  const { name, kind, unavailable = null, takes } = each
  const sum = (of: 'published' | 'delivered') => takes.reduce((total, { round }) => total + round[of], 0)
  const names = unavailable === null ? Object.keys(question.figures) : []
  return {
    name,
    kind,
    unavailable,
    rounds: takes.length,
    published: sum('published'),
    delivered: sum('delivered'),
    figures: Object.fromEntries(names.map((figure) => [figure, spread(valuesOf(each, figure))])),
    series: takes.at(-1)?.round.series,
    disturbance: disturbanceOf(takes.map(({ span }) => span)) ?? null,
  }
}

function spread(values: number[]): Figures {
  return { ...estimate(values), min: Math.min(...values), max: Math.max(...values) }
}

/** Every case of ours against every rival and whomever else a target names, by the target's figure or the question's first. */
function ratiosOf(question: Question, row: string, cases: Played[], judged: Target[]): RatioReport[] {
  const [first] = Object.keys(question.figures)
  const base = cases.find(({ kind }) => kind === 'base')
  const values = (each: Played, figure: string) => {
    const floor = question.isBaseSubtracted && base !== undefined ? median(valuesOf(base, figure)) : 0
    return valuesOf(each, figure).map((value) => value - floor)
  }
  const running = (wanted: Kind) =>
    cases.filter(({ kind, unavailable }) => kind === wanted && unavailable === undefined)
  const isRival = (each: Played, ours: Played) =>
    each.kind === 'rival' || targetOf(question.targets, row, ours.name, each.name) !== undefined
  return running('ours').flatMap((ours) =>
    [...running('rival'), ...running('ours')]
      .filter((each) => isRival(each, ours))
      .map((rival) => {
        const figure = targetOf(question.targets, row, ours.name, rival.name)?.figure ?? first
        const [upper, lower] = question.figures[figure].better === 'less' ? [rival, ours] : [ours, rival]
        const ratio = estimateRatio(values(upper, figure), values(lower, figure))
        const target = targetOf(judged, row, ours.name, rival.name)
        const { must = null, aim = null } = target ?? {}
        return { ours: ours.name, rival: rival.name, figure, ...ratio, must, aim, verdict: judge(ratio.median, target) }
      }),
  )
}

function boundsOf(bounds: Bound[], row: string, cases: Played[]): BoundReport[] {
  return bounds.flatMap((bound) => {
    const { ours, figure, rows, must = null, aim = null } = bound
    const each = cases.find(({ name, unavailable }) => name === ours && unavailable === undefined)
    if (each === undefined || rows?.includes(row) === false) return []
    const measured = estimate(valuesOf(each, figure))
    return { ours, figure, ...measured, must, aim, verdict: judgeBound(measured.median, bound) }
  })
}

function targetOf(targets: Target[], row: string, ours: string, rival: string): Target | undefined {
  return targets.find(
    (target) =>
      target.ours === ours && target.rival === rival && (target.rows === undefined || target.rows.includes(row)),
  )
}

export function judge(ratio: number, target: Pick<Target, 'must' | 'aim'> | undefined): Verdict {
  if (target === undefined) return 'none'
  if (target.aim !== undefined && ratio >= target.aim) return 'aim'
  return ratio >= target.must ? 'must' : 'missed'
}

export function judgeBound(value: number, { must, aim }: Pick<Bound, 'must' | 'aim'>): Verdict {
  if (aim !== undefined && value <= aim) return 'aim'
  if (must === undefined) return 'none'
  return value <= must ? 'must' : 'missed'
}

function valuesOf(each: Played, figure: string): number[] {
  return each.takes.map(({ round }) => round.figures[figure])
}
