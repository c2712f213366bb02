import type { Group } from './group.js'
import type { AutoscalerOptions, StandIn } from '../autoscale-core.js'
import type { Scaled } from './scaling/index.js'

/** A group as the law sees it, whose handlers may use so many cores. `openStandIn` opens a law that goes on without this thread. */
export function scaledGroup(group: Group, cores: number, openStandIn?: (limits: AutoscalerOptions) => StandIn): Scaled {
  const { slots: max, scalesFrom: min = max, threads: threadsMost, hasFixedThreads } = group.settings
  return {
    name: group.group,
    min,
    max,
    threadsMost,
    hasFixedThreads,
    cores,
    openStandIn,
    get copies() {
      return group.submissions.copies.reduce((sum, count) => sum + count, 0)
    },
    get slots() {
      return group.engine.slots
    },
    get threads() {
      return group.engine.threadsWanted
    },
    get isAtWork() {
      return group.isAtWork
    },
    get waitsUrgent() {
      return group.waitsUrgent
    },
    figures: () => group.figures(),
    size: (slots, threads) => group.engine.size(slots, threads),
  }
}
