import test from 'ava'
import { number, table } from '../../benchmark/markdown.js'
import { arrivedWhole, question, type Question } from '../../benchmark/question.js'
import { judge, judgeBound, type Played, reportRow } from '../../benchmark/report.js'

const never = () => Promise.reject(new Error('not played in this test'))
const asked = question<unknown>({
  name: 'sample',
  asks: '?',
  how: '',
  figures: { cost: { unit: 'ns', better: 'less' } },
  rows: { small: {}, large: {} },
  rivals: { rival: never },
  ours: { ours: never },
  targets: [{ ours: 'ours', rival: 'rival', rows: ['small'], must: 2, aim: 4 }],
  check: arrivedWhole,
})

function played(name: string, kind: Played['kind'], costs: number[]): Played {
  const takes = costs.map((cost) => ({
    round: { figures: { cost }, published: 10, delivered: 10, sentChecksum: 1, receivedChecksum: 1 },
    span: undefined,
  }))
  return { name, kind, unavailable: undefined, takes }
}

const line: Played = { name: 'base', kind: 'base', unavailable: undefined, takes: [] }
const full = { quick: false, again: 0, line }

test('a ratio is more than 1 where ours costs less', (t) => {
  const { ratios } = reportRow(
    asked,
    'small',
    [played('rival', 'rival', [30, 30, 30]), played('ours', 'ours', [10, 10, 10])],
    full,
  )
  t.like(ratios[0], { ours: 'ours', rival: 'rival', figure: 'cost', median: 3, must: 2, aim: 4, verdict: 'must' })
})

test('where more is better, it is more than 1 where ours gives more', (t) => {
  const rates: Question = { ...asked, figures: { cost: { unit: 'msg/s', better: 'more' } } }
  const { ratios } = reportRow(rates, 'small', [played('rival', 'rival', [10]), played('ours', 'ours', [50])], full)
  t.like(ratios[0], { median: 5, verdict: 'aim' })
})

test('the base is taken off both sides where the question says so', (t) => {
  const cases = [played('base', 'base', [4]), played('rival', 'rival', [24]), played('ours', 'ours', [8])]
  t.is(reportRow(asked, 'small', cases, full).ratios[0].median, 3)
  t.is(reportRow({ ...asked, isBaseSubtracted: true }, 'small', cases, full).ratios[0].median, 5)
})

test('a row that no target names has ratios and no verdict', (t) => {
  const { ratios } = reportRow(asked, 'large', [played('rival', 'rival', [1]), played('ours', 'ours', [1])], full)
  t.like(ratios[0], { must: null, aim: null, verdict: 'none' })
})

test('a quick run is judged by nobody', (t) => {
  const cases = [played('rival', 'rival', [1]), played('ours', 'ours', [1])]
  const { ratios } = reportRow(asked, 'small', cases, { ...full, quick: true })
  t.like(ratios[0], { median: 1, must: null, verdict: 'none' })
})

test('a case that is left out has a line, and no figures and no ratio', (t) => {
  const absent = { ...played('ours', 'ours', []), unavailable: 'no addon here' }
  const { cases, ratios } = reportRow(asked, 'small', [played('rival', 'rival', [1]), absent], full)
  t.like(cases[1], { name: 'ours', unavailable: 'no addon here', rounds: 0, figures: {} })
  t.deepEqual(ratios, [])
})

test('a verdict is the most that was reached', (t) => {
  const target = { must: 2, aim: 4 }
  t.is(judge(4, target), 'aim')
  t.is(judge(3.99, target), 'must')
  t.is(judge(1.99, target), 'missed')
  t.is(judge(100, { must: 2 }), 'must')
  t.is(judge(Number.NaN, target), 'missed')
  t.is(judge(3, undefined), 'none')
})

test('two cases of ours are compared where a target says so', (t) => {
  const question: Question = {
    ...asked,
    ours: { fast: never, slow: never },
    targets: [{ ours: 'fast', rival: 'slow', must: 2 }],
  }
  const cases = [played('rival', 'rival', [60]), played('fast', 'ours', [10]), played('slow', 'ours', [30])]
  const pairs = reportRow(question, 'small', cases, full).ratios.map(({ ours, rival, median }) => [ours, rival, median])
  t.deepEqual(pairs, [
    ['fast', 'rival', 6],
    ['fast', 'slow', 3],
    ['slow', 'rival', 2],
  ])
})

test('a bound is judged in its own rows, whatever the rivals do', (t) => {
  const bounds = [{ ours: 'ours', figure: 'cost', rows: ['small'], must: 20, aim: 15 }]
  const cases = [played('ours', 'ours', [18, 16, 30])]
  t.like(reportRow({ ...asked, bounds }, 'small', cases, full).bounds[0], {
    figure: 'cost',
    median: 18,
    verdict: 'must',
  })
  t.deepEqual(reportRow({ ...asked, bounds }, 'large', cases, full).bounds, [])
  t.deepEqual(reportRow({ ...asked, bounds }, 'small', cases, { ...full, quick: true }).bounds, [])
})

test('a bound of a case that is left out is not reported', (t) => {
  const bounds = [{ ours: 'ours', figure: 'cost', must: 20 }]
  const absent = { ...played('ours', 'ours', []), unavailable: 'no addon here' }
  t.deepEqual(reportRow({ ...asked, bounds }, 'small', [absent], full).bounds, [])
})

test('at most is at most', (t) => {
  const bound = { must: 20, aim: 10 }
  t.is(judgeBound(10, bound), 'aim')
  t.is(judgeBound(20, bound), 'must')
  t.is(judgeBound(20.1, bound), 'missed')
  t.is(judgeBound(Number.NaN, bound), 'missed')
  t.is(judgeBound(11, { aim: 10 }), 'none')
})

test('figures are rounded to three digits', (t) => {
  t.is(number(0.123_45), '0.123')
  t.is(number(1_234.5), '1,230')
  t.is(number(Number.NaN), '-')
})

test('table columns are as wide as their longest cell', (t) => {
  t.is(
    table(['case', 'ns'], [['postMessage', '5']]),
    '| case        | ns  |\n|-------------|-----|\n| postMessage | 5   |',
  )
})
