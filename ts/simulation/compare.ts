import type { Core } from '../core.js'
import { allLaws } from './laws.js'
import { type Run, run } from './run.js'
import type { Trace } from './trace.js'
import { drawWorkload } from './workload.js'

export interface CompareOptions {
  /** The backend whose law runs. Both give the same results. */
  readonly core: Core
  /** How many runs, with the seeds from the trace's on. @default 1 */
  readonly seeds?: number
  /** Sizes of pools that stay as they are. @default [1, 10, 50] */
  readonly fixedSizes?: readonly number[]
  /** How often adaptive rivals decide, in milliseconds. @default 100 */
  readonly rivalTickMs?: number
  /** Is told how many runs are done. */
  readonly onRun?: (done: number, all: number) => void
}

/** What a law makes of a trace: means over all seeds, peaks included. */
export interface LawResult extends Omit<Run, 'messages'> {
  readonly law: string
}

export interface Comparison {
  readonly seeds: readonly number[]
  /** Mean number of messages. */
  readonly messages: number
  readonly rivalTickMs: number
  readonly laws: readonly LawResult[]
}

/** Runs all laws against the same arrivals and the same times, seed by seed. The same arguments give the same result. */
export function compare(
  trace: Trace,
  { core, seeds: count = 1, fixedSizes = [1, 10, 50], rivalTickMs = 100, onRun = () => {} }: CompareOptions,
): Comparison {
  const seeds = Array.from({ length: count }, (_, i) => trace.seed + i)
  const laws = allLaws(core, fixedSizes, rivalTickMs)
  const runs = laws.map(({ name }) => ({ law: name, runs: [] as Run[] }))
  for (const [i, seed] of seeds.entries()) {
    // One workload at a time, since it is what takes memory.
    const workload = drawWorkload(trace, seed)
    for (const [j, law] of laws.entries()) {
      runs[j]!.runs.push(run(trace, workload, law.open(trace)))
      onRun(i * laws.length + j + 1, count * laws.length)
    }
  }
  const results = runs.map(({ law, runs }) => ({ law, ...mean(runs) }))
  return { seeds, messages: meanOf(runs[0]!.runs, (run) => run.messages), rivalTickMs, laws: results }
}

function mean(runs: readonly Run[]): Omit<Run, 'messages'> {
  const of = (pick: (run: Run) => number): number => meanOf(runs, pick)
  return {
    waitMs: { p50: of((run) => run.waitMs.p50), p99: of((run) => run.waitMs.p99), p999: of((run) => run.waitMs.p999) },
    meanWorkers: of((run) => run.meanWorkers),
    peakWorkers: of((run) => run.peakWorkers),
    workerSeconds: of((run) => run.workerSeconds),
    actionsPerMinute: of((run) => run.actionsPerMinute),
    lengthMs: of((run) => run.lengthMs),
  }
}

function meanOf(runs: readonly Run[], pick: (run: Run) => number): number {
  return runs.reduce((sum, run) => sum + pick(run), 0) / runs.length
}
