import type { ArbitragePlan } from './arbitrage-plan.js'
import type { Episode } from './episode.js'

/** Why an episode was one. */
export interface Explanation {
  readonly episode: Episode
  /** What was taken off where is bought and where is sold, in basis points. */
  readonly feesBps: { readonly buy: number; readonly sell: number }
  /** What the edge had to be above, in basis points. */
  readonly minNetBps: number
  /** As of when the fees are; undefined without a table. */
  readonly feesAsOf: string | undefined
  /** Whether the edge is counted from a basis, which is no riskless profit. */
  readonly isBasisAdjusted: boolean
  /** All of it in words. */
  readonly text: string
}

export function explain(episode: Episode, plan: ArbitragePlan): Explanation {
  const { buy, sell, peakBps, updates, lifeMs, size, closedAt } = episode
  const feeOf = (id: string) => plan.feesBps[plan.numbers.get(id)!]!
  const feesBps = { buy: feeOf(buy), sell: feeOf(sell) }
  const isBasisAdjusted = plan.kernel.basisHalfLifeNs > 0
  const lasted = closedAt === null ? 'It is open since' : 'It lasted'
  const text = [
    `Buying ${buy} at its offer with ${feesBps.buy} bp of fee, and selling ${sell} at its bid less ${feesBps.sell} bp,`,
    `was worth up to ${peakBps.toFixed(3)} bp${isBasisAdjusted ? ' against the usual basis' : ''}, where more than`,
    `${plan.minNetBps} bp counts. ${lasted} ${lifeMs.toFixed(3)} ms, over ${updates} quotes; at best ${size} could be traded.`,
  ].join(' ')
  return { episode, feesBps, minNetBps: plan.minNetBps, feesAsOf: plan.feesAsOf, isBasisAdjusted, text }
}
