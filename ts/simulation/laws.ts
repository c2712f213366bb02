import type { Core } from '../core.js'
import { ownLaw } from './own-law.js'
import { backlogPerWorker, fixed, pidOnAge, threshold, utilisation } from './rivals.js'
import type { Range, Scaler } from './scaler.js'
import type { Trace } from './trace.js'

/** Ours and what it is measured against. A scaler remembers, so each run takes a new one. */
export interface Law {
  readonly name: string
  open(trace: Trace): Scaler
}

/** How many workers laws choose between. */
export const RANGE: Range = { min: 1, max: 50 }

/**
 * @param fixedSizes Sizes of pools that stay as they are.
 * @param rivalTickMs How often adaptive rivals decide; ours has its own tick.
 */
export function allLaws(core: Core, fixedSizes: readonly number[], rivalTickMs: number): Law[] {
  const rival = (name: string, open: (range: Range, tickMs: number) => Scaler): Law => ({
    name,
    open: () => open(RANGE, rivalTickMs),
  })
  return [
    { name: 'tickbus', open: ({ cores }) => ownLaw(core, cores, RANGE) },
    ...fixedSizes.map((size) => ({ name: `fixed ${size}`, open: () => fixed(size) })),
    rival('threshold', threshold),
    rival('utilisation', utilisation),
    rival('backlog per worker', backlogPerWorker),
    rival('PID on age', pidOnAge),
  ]
}
