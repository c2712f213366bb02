import type { DelayStudy } from '../intelligence/index.js'
import type { ArbitrageResult } from './arbitrage.js'
import { count, many, table } from './format.js'

/** What was found, as it is shown to people. */
export function describeArbitrage(files: readonly string[], result: ArbitrageResult): string {
  const { terms, found, pairs, study } = result
  const parts = [`Arbitrage in ${many(files.length, 'recording')}\n`]
  if (found !== undefined) {
    const rows = pairs.map(({ pair, episodes, open, aboveOneBps, peakBps }) => [
      pair,
      count(episodes),
      count(open),
      count(aboveOneBps),
      peakBps === null ? '-' : peakBps.toFixed(3),
    ])
    const head = [`edge above ${terms.minNetBps} bp`, 'episodes', 'still open', 'peak above 1 bp', 'largest, bp']
    const { quotes, exact } = found.counts
    parts.push(table([head, ...rows]))
    parts.push(`  ${count(quotes)} quotes; ${many(exact, 'comparison')} so close that integers decided.\n`)
  }
  if (study !== undefined) parts.push(describeDelays(study))
  parts.push(...notesOf(result).map((note) => `  ${note}\n`))
  parts.push(...(found ?? study!).faults.map(({ message }) => `  ${message}\n`))
  return parts.join('\n')
}

/** What has to be said besides: what the figures leave out, and what was not taken. */
export function notesOf({ terms, found, pairs, study }: ArbitrageResult): string[] {
  const { plan, missing } = found ?? study!
  const notes: string[] = []
  if (terms.fees === undefined) notes.push('No fees were taken off: these are prices, not profits.')
  else if (found !== undefined) notes.push(verdict(pairs.reduce((sum, { aboveOneBps }) => sum + aboveOneBps, 0)))
  else if (study!.rows.every(({ of, episodes }) => of === 'gross' || episodes === 0)) {
    notes.push('After fees no episode was above any of the thresholds: there was nothing to take here.')
  }
  if (terms.basisHalfLifeS !== undefined) {
    notes.push(
      'Edges are counted from the usual basis: that it comes back is likely, not sure. This is no riskless profit.',
    )
  }
  if (missing.length > 0) notes.push(`In pairs but in none of the recordings: ${missing.join(', ')}.`)
  if (plan.withoutFee.length > 0)
    notes.push(`In pairs but not in the fee table, so taken to pay none: ${plan.withoutFee.join(', ')}.`)
  if (plan.feesOfOthers.length > 0) notes.push(`In the fee table but in no pair: ${plan.feesOfOthers.join(', ')}.`)
  if (found !== undefined) notes.push(...oddities(found.counts))
  return notes
}

function verdict(aboveOneBps: number): string {
  if (aboveOneBps === 0)
    return 'After fees no episode was worth more than a basis point: there was nothing to take here.'
  const were = aboveOneBps === 1 ? 'was' : 'were'
  return `After fees ${many(aboveOneBps, 'episode')} ${were} worth more than a basis point at the best moment, before any delay.`
}

function oddities({ refused, backwards, expired }: NonNullable<ArbitrageResult['found']>['counts']): string[] {
  const { number, negative, zero, oneSided, crossed } = refused
  const said: [number, string][] = [
    [number, 'with a price or a size that is none'],
    [negative, 'with a negative price or size'],
    [zero, 'without prices'],
    [oneSided, 'with one side only'],
    [crossed, 'with a bid above the offer'],
  ]
  const notes = said
    .filter(([times]) => times > 0)
    .map(([times, what]) => `${many(times, 'quote')} ${what}: nothing was found on ${times === 1 ? 'it' : 'them'}.`)
  if (backwards > 0) notes.push(`${many(backwards, 'time')} a clock jumped back.`)
  if (expired > 0) notes.push(`${many(expired, 'quote')} became too old, and counted as none until the next.`)
  return notes
}

function describeDelays({ rows }: DelayStudy): string {
  const delays = rows[0]?.delays.map(({ delayMs }) => `${delayMs} ms`) ?? []
  const head = ['pair, above', 'fees', 'episodes', 'life p25', 'p50', 'p75', 'p90 ms', 'edge, bp', ...delays]
  const lines = rows.map(({ pair, thresholdBps, of, episodes, lifeMs, firstBps, delays: later }) => [
    `${pair}, ${thresholdBps} bp`,
    of === 'gross' ? 'none' : 'off',
    count(episodes),
    ...(lifeMs === null ? ['-', '-', '-', '-'] : Object.values(lifeMs).map((ms) => ms.toFixed(ms < 10 ? 1 : 0))),
    firstBps.toFixed(1),
    ...later.map(({ share }) => (share === null ? '-' : share.toFixed(2))),
  ])
  const meaning =
    '  The edge at the first tick of all episodes together, and the part of it that who acts later still finds.\n'
  return `${table([head, ...lines])}\n${meaning}`
}
