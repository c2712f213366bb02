/** What the README shows of the group `bus`: what a user asks first. Of other groups it shows all that was promised. */
import type { Report } from './report.js'

export const headlines = [
  { question: 'bus/publish', row: 'a handler for each topic', ours: 'native', rival: 'node EventEmitter' },
  { question: 'bus/wildcards', row: '1,000 patterns', ours: 'native', rival: 'eventemitter2, wildcard' },
  { question: 'bus/resolve', row: 'whole segments, 10,000 patterns', ours: 'native', rival: 'linear scan' },
]

/** The report without what the README leaves out. */
export function inBrief(report: Report): Report {
  if (report.name !== 'bus') return report
  const questions = report.questions.map((question) => ({
    ...question,
    rows: question.rows.map((row) => {
      const ratios = row.ratios.filter(({ ours, rival }) =>
        headlines.some(
          (each) =>
            each.question === question.name && each.row === row.row && each.ours === ours && each.rival === rival,
        ),
      )
      return { ...row, ratios, bounds: [] }
    }),
  }))
  return { ...report, questions }
}
