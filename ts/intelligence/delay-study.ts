import type { Backend } from '../core.js'
import { badArgument } from '../errors.js'
import { RECORD_BYTES } from '../layout.js'
import { ArbitrageEngine } from './arbitrage-engine.js'
import { ArbitragePlan, type ArbitrageTerms } from './arbitrage-plan.js'
import { type Attempt, DelayedProfit, type LatestQuotes } from './delayed-profit.js'
import type { Episode, EpisodeEvent } from './episode.js'
import { QuoteRecords } from './quote-records.js'
import { type RecordedFacts, RecordedQuotes } from './recorded-quotes.js'

export interface DelayStudyOptions extends Omit<ArbitrageTerms, 'minNetBps'> {
  /** Thresholds in basis points. @default [0] */
  thresholdsBps?: readonly number[]
  /** How late one acts, in milliseconds. */
  delaysMs: readonly number[]
  backend?: Backend
  /** Learns how much of the files has been read, 0 to 1. */
  onProgress?: (portion: number) => void
}

/** What acting on the episodes of one pair is worth. */
export interface DelayRow {
  readonly pair: string
  readonly thresholdBps: number
  /** `gross` is without any fees, both in the threshold and in the profit; `net` is with those of the table. */
  readonly of: 'gross' | 'net'
  readonly episodes: number
  /** How long the episodes last, those that are open at the end as long as they are seen; null without episodes. */
  readonly lifeMs: { readonly p25: number; readonly p50: number; readonly p75: number; readonly p90: number } | null
  /** Sum of the edges at the first tick, in basis points. */
  readonly firstBps: number
  /** By delay: the sum of the edges then, and its share of that at the first tick; null if there was none. */
  readonly delays: readonly { readonly delayMs: number; readonly laterBps: number; readonly share: number | null }[]
}

export interface DelayStudy extends RecordedFacts {
  readonly rows: readonly DelayRow[]
  readonly plan: ArbitragePlan
}

/**
 * What is left of edges for who acts late: for each threshold with fees and without, and for each pair, the edges that are
 * still there after each delay, compared with those at the first tick. An episode that has closed by then counts as nothing,
 * and with a basis, the edge later is measured from the basis at the first tick.
 *
 * @throws {TickbusError} `TICKBUS_PAIRS`, `TICKBUS_FEES`, `TICKBUS_ARGUMENT`, `TICKBUS_RECORDING`, `TICKBUS_BACKEND`
 */
export async function studyDelays(files: readonly string[], options: DelayStudyOptions): Promise<DelayStudy> {
  const { thresholdsBps = [0], delaysMs, backend, onProgress, fees, ...terms } = options
  const isDelay = (delay: number) => delay >= 0 && delay <= 60_000
  if (delaysMs.length === 0 || !delaysMs.every(isDelay)) {
    throw badArgument('delaysMs', 'milliseconds from 0 to 60,000', delaysMs.join())
  }
  const plan = new ArbitragePlan({ ...terms, ...(fees && { fees }) })
  const quotes = await RecordedQuotes.open(files, plan, backend)
  const records = new QuoteRecords(new Uint8Array(RECORD_BYTES), quotes.epoch)
  const kinds = fees === undefined ? [undefined] : [undefined, fees]
  const studies = thresholdsBps.flatMap((minNetBps) =>
    kinds.map((table) => {
      const own = new ArbitragePlan({ ...terms, minNetBps, ...(table && { fees: table }) })
      return new Study(new ArbitrageEngine(own, quotes.epoch, backend), delaysMs, table ? 'net' : 'gross')
    }),
  )
  const count = plan.instruments.length
  const latest: LatestQuotes = { bids: new Float64Array(count), asks: new Float64Array(count) }
  let seen = 0
  for await (const { number, quote, receivedNs } of quotes) {
    for (const study of studies) study.settle(receivedNs, latest)
    const isSound = quote.bidPrice > 0 && quote.bidPrice <= quote.askPrice
    latest.bids[number] = isSound ? quote.bidPrice : 0
    latest.asks[number] = isSound ? quote.askPrice : 0
    records.length = 0
    records.push(number, quote)
    for (const study of studies) study.take(records.bytes, latest)
    if ((seen += 1) % 1_024 === 0) onProgress?.(quotes.portionRead)
  }
  for (const study of studies) study.finish(latest)
  return { rows: studies.flatMap(({ rows }) => rows), plan, ...quotes.facts }
}

/** One threshold, with fees or without. */
class Study {
  readonly #engine: ArbitrageEngine
  readonly #of: DelayRow['of']
  readonly #pairs: ReadonlyMap<string, { readonly livesMs: number[]; readonly profits: readonly DelayedProfit[] }>
  readonly #events: EpisodeEvent[] = []
  /** Of open episodes, by their ids. */
  readonly #attempts = new Map<string, Attempt>()

  constructor(engine: ArbitrageEngine, delaysMs: readonly number[], of: DelayRow['of']) {
    const profits = () => delaysMs.map((delayMs) => new DelayedProfit(delayMs))
    this.#engine = engine
    this.#of = of
    this.#pairs = new Map(engine.plan.pairs.map(({ name }) => [name, { livesMs: [], profits: profits() }]))
  }

  settle(beforeNs: number, latest: LatestQuotes): void {
    for (const { profits } of this.#pairs.values()) {
      for (const profit of profits) profit.settle(beforeNs, this.#engine.plan.feesBps, latest)
    }
  }

  take(record: Uint8Array, latest: LatestQuotes): void {
    this.#events.length = 0
    this.#engine.update(record, this.#events, false)
    for (const { kind, episode, atNs } of this.#events) {
      const { livesMs, profits } = this.#pairs.get(episode.pair)!
      if (kind === 'opened') {
        const attempt = this.#attempt(episode, atNs, latest)
        this.#attempts.set(episode.id, attempt)
        for (const profit of profits) profit.add(attempt)
      } else if (kind === 'closed') {
        livesMs.push(episode.lifeMs)
        this.#attempts.get(episode.id)!.isOpen = false
        this.#attempts.delete(episode.id)
      }
    }
  }

  #attempt({ buy: buyId, sell: sellId, edgeBps }: Episode, openedNs: number, { bids, asks }: LatestQuotes): Attempt {
    const { numbers, feesBps } = this.#engine.plan
    const [buy, sell] = [numbers.get(buyId)!, numbers.get(sellId)!]
    const sale = bids[sell] * (1 - feesBps[sell]! / 10_000)
    const cost = asks[buy] * (1 + feesBps[buy]! / 10_000)
    return { openedNs, edgeBps, buy, sell, basis: sale / cost / (1 + edgeBps / 10_000), isOpen: true }
  }

  /** The recording has ended: what is due later finds the quotes as they are. */
  finish(latest: LatestQuotes): void {
    this.settle(Infinity, latest)
    for (const { episode } of this.#engine.open()) this.#pairs.get(episode.pair)!.livesMs.push(episode.lifeMs)
  }

  get rows(): DelayRow[] {
    return [...this.#pairs].map(([pair, { livesMs, profits }]) => {
      const lives = livesMs.toSorted((a, b) => a - b)
      const at = (portion: number): number => lives[Math.min(Math.floor(portion * lives.length), lives.length - 1)]!
      return {
        pair,
        thresholdBps: this.#engine.plan.minNetBps,
        of: this.#of,
        episodes: lives.length,
        lifeMs: lives.length === 0 ? null : { p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9) },
        firstBps: profits[0]!.firstBps,
        delays: profits.map(({ delayMs, laterBps, share }) => ({ delayMs, laterBps, share: share ?? null })),
      }
    })
  }
}
