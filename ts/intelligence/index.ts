export type { ArbitrageCounts } from './arbitrage-engine.js'
export {
  type ArbitrageEvents,
  ArbitrageRouter,
  type ArbitrageRouterOptions,
  type ArbitrageStats,
  type AttachOptions,
} from './arbitrage-router.js'
export { ArbitragePlan, type ArbitrageTerms, type PlannedPair } from './arbitrage-plan.js'
export { type DelayRow, type DelayStudy, type DelayStudyOptions, studyDelays } from './delay-study.js'
export type { Episode, EpisodeEvent } from './episode.js'
export type { Explanation } from './explanation.js'
export type { FeeTable } from './fee-table.js'
export { findEpisodes, type FindEpisodesOptions, type FoundEpisodes } from './find-episodes.js'
export type { PairTable } from './pair-table.js'
export type { RecordedFacts } from './recorded-quotes.js'
export type { ArbitrageSignal, SignalTerms } from './signals.js'
export { type BestOfPair, TopView } from './top-view.js'
