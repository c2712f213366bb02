import type { Backend } from '../core.js'
import { RECORD_BYTES } from '../layout.js'
import { type ArbitrageCounts, ArbitrageEngine } from './arbitrage-engine.js'
import { ArbitragePlan, type ArbitrageTerms } from './arbitrage-plan.js'
import type { Episode, EpisodeEvent } from './episode.js'
import { QuoteRecords } from './quote-records.js'
import { type RecordedFacts, RecordedQuotes } from './recorded-quotes.js'

export interface FindEpisodesOptions extends ArbitrageTerms {
  /** Which backend decodes and detects. @default the one that the package chose */
  backend?: Backend
  /** Learns how much of the files has been read, 0 to 1. */
  onProgress?: (portion: number) => void
}

/** What recordings held of arbitrage, besides the episodes. */
export interface FoundEpisodes extends RecordedFacts {
  readonly plan: ArbitragePlan
  readonly counts: ArbitrageCounts
}

/** Records that the kernel takes at a time. */
const BATCH = 1_024

/**
 * Goes through recordings, merged by receive time and ties in the order of the files, and hands over each episode once it
 * has closed; at the end those that are still open, in the order in which they were opened.
 *
 * @throws {TickbusError} `TICKBUS_PAIRS`, `TICKBUS_FEES`, `TICKBUS_ARGUMENT`, `TICKBUS_RECORDING`, `TICKBUS_BACKEND`
 */
export async function findEpisodes(
  files: readonly string[],
  { backend, onProgress, ...terms }: FindEpisodesOptions,
  onEpisode: (episode: Episode) => void,
): Promise<FoundEpisodes> {
  const plan = new ArbitragePlan(terms)
  const quotes = await RecordedQuotes.open(files, plan, backend)
  const engine = new ArbitrageEngine(plan, quotes.epoch, backend)
  const records = new QuoteRecords(new Uint8Array(BATCH * RECORD_BYTES), quotes.epoch)
  const flush = (): void => {
    const events: EpisodeEvent[] = []
    engine.update(records.bytes, events, false)
    records.length = 0
    for (const { kind, episode } of events) if (kind === 'closed') onEpisode(episode)
    onProgress?.(quotes.portionRead)
  }
  for await (const { number, quote } of quotes) {
    records.push(number, quote)
    if (records.length === BATCH) flush()
  }
  flush()
  for (const { episode } of engine.open()) onEpisode(episode)
  return { plan, counts: engine.counts, ...quotes.facts }
}
