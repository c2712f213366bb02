import {
  type ArbitrageTerms,
  type DelayStudy,
  type Episode,
  type FeeTable,
  findEpisodes,
  type FoundEpisodes,
  type PairTable,
  studyDelays,
} from '../intelligence/index.js'
import { backend } from '../native/index.js'
import { type ArbitrageFlags, readTable } from './arbitrage-options.js'
import { describeArbitrage, notesOf } from './arbitrage-text.js'
import { EpisodeFile } from './episode-file.js'
import { many } from './format.js'
import { openProgress } from './progress.js'

/** What was found of one pair. */
export interface PairSummary {
  readonly pair: string
  readonly episodes: number
  /** Those that were not closed at the end. */
  readonly open: number
  /** Those whose largest edge was above a basis point. */
  readonly aboveOneBps: number
  /** The largest edge of all, in basis points; null without episodes. */
  readonly peakBps: number | null
}

/** All that was found. */
export interface ArbitrageResult {
  readonly terms: ArbitrageTerms
  /** Of the only threshold; undefined where there are several. */
  readonly found: FoundEpisodes | undefined
  readonly pairs: readonly PairSummary[]
  readonly study: DelayStudy | undefined
}

/** Looks for arbitrage in recordings, and prints what there was. */
export async function runArbitrage(files: readonly string[], flags: ArbitrageFlags & { json?: true }): Promise<void> {
  const { pairs, fees, minNetBps = [0], staleMs, basisHalfLifeS, delayMs, episodes, json } = flags
  const terms: ArbitrageTerms = {
    pairs: readTable(pairs!, 'TICKBUS_PAIRS') as PairTable,
    ...(fees !== undefined && { fees: readTable(fees, 'TICKBUS_FEES') as FeeTable }),
    ...(staleMs !== undefined && { staleMs }),
    ...(basisHalfLifeS !== undefined && { basisHalfLifeS }),
  }
  const isOne = minNetBps.length === 1
  const only = { ...terms, minNetBps: minNetBps[0]! }
  const summaries = new Summaries()
  const found = isOne ? await find(files, only, episodes, summaries) : undefined
  const study =
    delayMs === undefined
      ? undefined
      : await withProgress('Acting late', files, (onProgress) =>
          studyDelays(files, { ...terms, thresholdsBps: minNetBps, delaysMs: delayMs, onProgress }),
        )
  const result: ArbitrageResult = { terms: isOne ? only : terms, found, pairs: summaries.of(terms.pairs), study }
  process.stdout.write(json ? `${JSON.stringify(plain(files, result), null, 2)}\n` : describeArbitrage(files, result))
  const facts = found ?? study!
  if (facts.faults.length > 0) process.exitCode = 1
}

async function find(
  files: readonly string[],
  terms: ArbitrageTerms,
  out: string | undefined,
  summaries: Summaries,
): Promise<FoundEpisodes> {
  let file: EpisodeFile | undefined
  try {
    return await withProgress('Looking for arbitrage', files, (onProgress) =>
      findEpisodes(files, { ...terms, onProgress }, (episode) => {
        // Not before the terms and the recordings have turned out to be of use.
        if (out !== undefined) file ??= new EpisodeFile(out)
        file?.write(episode)
        summaries.add(episode)
      }),
    )
  } finally {
    if (out !== undefined) file ??= new EpisodeFile(out)
    file?.close()
  }
}

async function withProgress<T>(
  what: string,
  files: readonly string[],
  work: (onProgress: (portion: number) => void) => Promise<T>,
): Promise<T> {
  const title = `${what} in ${many(files.length, 'recording')}`
  const progress = await openProgress(title)
  try {
    const result = await work((portion) => progress.update(portion, ''))
    progress.done(`${title}: done`)
    return result
  } catch (error) {
    progress.fail(`${title}: failed`)
    throw error
  }
}

/** Counts episodes by pair. */
class Summaries {
  readonly #pairs = new Map<string, { episodes: number; open: number; aboveOneBps: number; peakBps: number }>()

  add({ pair, closedAt, peakBps }: Episode): void {
    const summary = this.#pairs.get(pair) ?? { episodes: 0, open: 0, aboveOneBps: 0, peakBps: -Infinity }
    this.#pairs.set(pair, summary)
    summary.episodes += 1
    if (closedAt === null) summary.open += 1
    if (peakBps > 1) summary.aboveOneBps += 1
    summary.peakBps = Math.max(summary.peakBps, peakBps)
  }

  of(pairs: PairTable): PairSummary[] {
    const none = { episodes: 0, open: 0, aboveOneBps: 0, peakBps: null }
    return Object.keys(pairs).map((pair) => ({ pair, ...(this.#pairs.get(pair) ?? none) }))
  }
}

function plain(files: readonly string[], result: ArbitrageResult): object {
  const { terms, found, pairs, study } = result
  return {
    backend,
    files,
    minNetBps: found === undefined ? null : (terms.minNetBps ?? 0),
    feesAsOf: terms.fees?.asOf ?? null,
    pairs: found === undefined ? null : pairs,
    counts: found?.counts ?? null,
    delays: study?.rows ?? null,
    notes: notesOf(result),
    faults: (found ?? study!).faults.map(({ code, message }) => ({ code, message })),
  }
}
