import { AUTOSCALE_TICK_MS } from '../autoscale-core.js'
import type { Core } from '../core.js'
import {
  AUTOSCALE_DOUBLE_CPU_SHARE,
  AUTOSCALE_DOUBLE_DEPTH,
  AUTOSCALE_DOUBLE_NOW,
  AUTOSCALE_DOUBLE_OLDEST,
  AUTOSCALE_DOUBLE_RATE,
  AUTOSCALE_DOUBLE_SERVICE,
  AUTOSCALE_DOUBLE_WANTED,
  AUTOSCALE_DOUBLES,
} from '../layout.js'
import type { Range, Scaler } from './scaler.js'

/** Share of the cores that our law means to use. */
export const CPU_TARGET = 0.8

/** The law that sizes the pools of Tickbus, as the backend runs it. */
export function ownLaw(core: Core, cores: number, { min, max }: Range): Scaler {
  const page = new Float64Array(new SharedArrayBuffer(8 * AUTOSCALE_DOUBLES))
  const law = core.openAutoscaler({ page, min, max, cores, cpuTarget: CPU_TARGET, reserved: 0, criticalMs: 0 })
  return {
    tickMs: AUTOSCALE_TICK_MS,
    start: min,
    decide({ nowMs, ratePerS, serviceMs, depth, oldestMs, cpuShare }) {
      page[AUTOSCALE_DOUBLE_NOW] = nowMs
      page[AUTOSCALE_DOUBLE_RATE] = ratePerS
      page[AUTOSCALE_DOUBLE_SERVICE] = serviceMs
      page[AUTOSCALE_DOUBLE_DEPTH] = depth
      page[AUTOSCALE_DOUBLE_OLDEST] = oldestMs
      page[AUTOSCALE_DOUBLE_CPU_SHARE] = cpuShare
      law.tick()
      return page[AUTOSCALE_DOUBLE_WANTED]!
    },
  }
}
