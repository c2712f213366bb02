import type { ArbitrageKernelOptions } from '../arbitrage-core.js'
import { badArgument } from '../errors.js'
import { microBpsOf, thresholdMicroBps } from './basis-points.js'
import { checkFees, type FeeTable } from './fee-table.js'
import { checkPairs, type PairTable } from './pair-table.js'

/** What is watched, and when an edge counts. */
export interface ArbitrageTerms {
  /** Which instruments are traded for each other. An instrument is in one pair. */
  pairs: PairTable
  /** Taker fees. Instruments that are not in it pay none, which `withoutFee` says. @default none */
  fees?: FeeTable
  /** What the edge after fees has to be above, in basis points. @default 0 */
  minNetBps?: number
  /**
   * How old a quote may be, in milliseconds, for all or by venue: an older one counts as none until the next.
   * @default any age
   */
  staleMs?: number | Readonly<Record<string, number>>
  /**
   * Half-life in seconds of the ratio of mid prices that edges count from, for instruments that are not the same thing.
   * Nothing opens before it was watched for so long. @default no adjustment
   */
  basisHalfLifeS?: number
}

export interface PlannedPair {
  readonly name: string
  /** Ids of its instruments, by their places in the pair. */
  readonly instruments: readonly string[]
}

/** Terms that were checked, with a number for each instrument. */
export class ArbitragePlan {
  readonly pairs: readonly PlannedPair[]
  /** Ids by number. */
  readonly instruments: readonly string[]
  /** Numbers by id. */
  readonly numbers: ReadonlyMap<string, number>
  readonly minNetBps: number
  readonly feesBps: readonly number[]
  /** As of when the fees are; undefined without a table. */
  readonly feesAsOf: string | undefined
  readonly kernel: ArbitrageKernelOptions
  /** Instruments that pay no fee because the table has none for them; none if there is no table. */
  readonly withoutFee: readonly string[]
  /** Instruments of the fee table that are in no pair. */
  readonly feesOfOthers: readonly string[]

  /** @throws {TickbusError} `TICKBUS_PAIRS`, `TICKBUS_FEES`, `TICKBUS_ARGUMENT` */
  constructor({ pairs, fees, minNetBps = 0, staleMs = Infinity, basisHalfLifeS }: ArbitrageTerms, nowMs = Date.now()) {
    checkPairs(pairs)
    if (fees !== undefined) checkFees(fees, nowMs)
    const takerBps = new Map(Object.entries(fees?.takerBps ?? {}))
    this.pairs = Object.entries(pairs).map(([name, instruments]) => ({ name, instruments }))
    this.instruments = this.pairs.flatMap(({ instruments }) => instruments)
    this.numbers = new Map(this.instruments.map((id, number) => [id, number]))
    this.minNetBps = minNetBps
    this.feesBps = this.instruments.map((id) => takerBps.get(id) ?? 0)
    this.feesAsOf = fees?.asOf
    this.withoutFee = fees === undefined ? [] : this.instruments.filter((id) => !takerBps.has(id))
    this.feesOfOthers = [...takerBps.keys()].filter((id) => !this.numbers.has(id))
    this.kernel = {
      pairs: this.pairs.flatMap(({ instruments }, pair) => instruments.map(() => pair)),
      feesMicroBps: this.feesBps.map((fee) => microBpsOf(fee)!),
      staleNs: this.instruments.map((id) => staleNsOf(staleMs, id)),
      minNetMicroBps: thresholdMicroBps('minNetBps', minNetBps),
      basisHalfLifeNs: halfLifeNs(basisHalfLifeS),
    }
  }
}

/** The venue of an instrument's id, `NAME.VENUE`. */
export function venueOf(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1)
}

function staleNsOf(staleMs: number | Readonly<Record<string, number>>, id: string): number {
  const ms = typeof staleMs === 'number' ? staleMs : (staleMs[venueOf(id)] ?? Infinity)
  if (typeof ms === 'number' && ms > 0) return ms * 1e6
  throw badArgument('staleMs', 'milliseconds above 0, for all or by venue', ms)
}

function halfLifeNs(seconds: number | undefined): number {
  if (seconds === undefined) return 0
  if (typeof seconds === 'number' && seconds >= 0.001 && seconds <= 1e6) return seconds * 1e9
  throw badArgument('basisHalfLifeS', 'seconds from 0.001 to 1,000,000', seconds)
}
