import type { AutoscalerOptions } from '../../autoscale-core.js'
import { show, TickbusError } from '../../errors.js'
import { AUTOSCALE_DOUBLES, AUTOSCALE_SLOTS_MOST } from '../../layout.js'

/**
 * What both backends demand of whoever opens an autoscaler. All that is wrong is said at once.
 *
 * @throws {TickbusError} `TICKBUS_AUTOSCALE`
 */
export function checkAutoscaler(options: AutoscalerOptions): void {
  const { page, min, max, cores, cpuTarget, reserved, criticalMs } = options
  const isPage = page instanceof Float64Array && page.buffer instanceof SharedArrayBuffer
  const faults = [
    [isPage && page.length === AUTOSCALE_DOUBLES, 'page', `${AUTOSCALE_DOUBLES} doubles of shared memory`, page],
    [isWhole(min, 1, AUTOSCALE_SLOTS_MOST), 'min', `a whole number from 1 to ${AUTOSCALE_SLOTS_MOST}`, min],
    [isWhole(max, 1, AUTOSCALE_SLOTS_MOST), 'max', `a whole number from 1 to ${AUTOSCALE_SLOTS_MOST}`, max],
    [!(min > max), 'min', `at most max, which is ${max}`, min],
    [cores >= 1 && Number.isFinite(cores), 'cores', 'a number from 1 on', cores],
    [cpuTarget > 0 && cpuTarget <= 1, 'cpuTarget', 'above 0 and at most 1', cpuTarget],
    [isWhole(reserved, 0, max - 1), 'reserved', 'a whole number from 0 to less than max', reserved],
    [criticalMs >= 0 && Number.isFinite(criticalMs), 'criticalMs', 'milliseconds, or 0 for none', criticalMs],
  ] as const
  const listing = faults
    .filter(([isSound]) => !isSound)
    .map(([, name, expected, got]) => `\n  - ${name}: expected ${expected}, got ${show(got)}`)
  if (listing.length > 0) throw new TickbusError('TICKBUS_AUTOSCALE', { listing: listing.join('') })
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
