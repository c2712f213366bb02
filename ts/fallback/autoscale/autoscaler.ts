import type { Autoscaler, AutoscalerOptions } from '../../autoscale-core.js'
import {
  AUTOSCALE_DOUBLE_CAP,
  AUTOSCALE_DOUBLE_CPU_SHARE,
  AUTOSCALE_DOUBLE_CPU_SHARE_USED,
  AUTOSCALE_DOUBLE_DEPTH,
  AUTOSCALE_DOUBLE_KEPT,
  AUTOSCALE_DOUBLE_NEED,
  AUTOSCALE_DOUBLE_NOW,
  AUTOSCALE_DOUBLE_OLDEST,
  AUTOSCALE_DOUBLE_OLDEST_CRITICAL,
  AUTOSCALE_DOUBLE_RATE,
  AUTOSCALE_DOUBLE_RATE_USED,
  AUTOSCALE_DOUBLE_REASON,
  AUTOSCALE_DOUBLE_SERVICE,
  AUTOSCALE_DOUBLE_SERVICE_USED,
  AUTOSCALE_DOUBLE_WANTED,
} from '../../layout.js'
import { checkAutoscaler } from './check.js'
import { decide, isDue, LawState, type Measured } from './law.js'

/** The law behind its page. */
export function openAutoscaler(options: AutoscalerOptions): Autoscaler {
  checkAutoscaler(options)
  const { page, ...limits } = options
  const state = new LawState(limits)
  return {
    tick() {
      const decision = decide(limits, state, measured(page))
      page[AUTOSCALE_DOUBLE_WANTED] = decision.wanted
      page[AUTOSCALE_DOUBLE_CAP] = decision.cap
      page[AUTOSCALE_DOUBLE_REASON] = decision.reason
      page[AUTOSCALE_DOUBLE_KEPT] = decision.kept
      page[AUTOSCALE_DOUBLE_NEED] = decision.need
      page[AUTOSCALE_DOUBLE_RATE_USED] = decision.ratePerS
      page[AUTOSCALE_DOUBLE_SERVICE_USED] = decision.serviceMs
      page[AUTOSCALE_DOUBLE_CPU_SHARE_USED] = decision.cpuShare
    },
    isDue: () => isDue(limits, state, measured(page)),
  }
}

function measured(page: Float64Array): Measured {
  return {
    nowMs: page[AUTOSCALE_DOUBLE_NOW]!,
    ratePerS: sound(page[AUTOSCALE_DOUBLE_RATE]!),
    serviceMs: sound(page[AUTOSCALE_DOUBLE_SERVICE]!),
    depth: sound(page[AUTOSCALE_DOUBLE_DEPTH]!),
    oldestMs: sound(page[AUTOSCALE_DOUBLE_OLDEST]!),
    oldestCriticalMs: sound(page[AUTOSCALE_DOUBLE_OLDEST_CRITICAL]!),
    cpuShare: sound(page[AUTOSCALE_DOUBLE_CPU_SHARE]!),
  }
}

/** What cannot be a measurement is none. */
function sound(value: number): number {
  return value >= 0 && value < Infinity ? value : NaN
}
