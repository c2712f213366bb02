import { isMatching, Priority } from '../../bus/index.js'
import { isGiven, type Layer } from './layer.js'
import type { LaneSettings, Settings } from './settings.js'

/** From here on the memory of a trading process deserves a second look. */
const MUCH_MEMORY_MB = 1_000
const MARKET_DATA = ['data.quotes.BINANCE.BTCUSDT', 'data.trades.BINANCE.BTCUSDT', 'data.book.deltas.BINANCE.BTCUSDT']

/** What is allowed, and hardly meant. `given` are the layers above the preset. */
export function warningsOf(settings: Settings, given: readonly Layer[]): string[] {
  return [
    ...idle(settings, given),
    ...settings.lanes.flatMap((lane) => idleLane(lane, settings, given)),
    ...unwise(settings),
  ]
}

/** What was said and changes nothing. */
function idle({ policy, autoscale, workers, lanes }: Settings, given: readonly Layer[]): string[] {
  const warnings: string[] = []
  if (autoscale && workers.min === workers.max) {
    warnings.push(`autoscale changes nothing: workers.min and workers.max are both ${workers.min}`)
  }
  if (policy !== 'strict' && isGiven(given, 'ageMs')) warnings.push(`ageMs changes nothing: policy is "${policy}"`)
  if (isGiven(given, 'spillDir') && !lanes.some(({ overflow }) => overflow === 'spill')) {
    warnings.push('spillDir changes nothing: no lane spills')
  }
  return warnings
}

function idleLane({ name, overflow }: LaneSettings, { policy }: Settings, given: readonly Layer[]): string[] {
  const warnings: string[] = []
  if (overflow !== 'block' && isGiven(given, `lanes.${name}.timeoutMs`)) {
    warnings.push(`lanes.${name}.timeoutMs changes nothing: overflow is "${overflow}"`)
  }
  if (overflow !== 'spill' && isGiven(given, `lanes.${name}.spillMb`)) {
    warnings.push(`lanes.${name}.spillMb changes nothing: overflow is "${overflow}"`)
  }
  if (policy !== 'weighted' && isGiven(given, `lanes.${name}.weight`)) {
    warnings.push(`lanes.${name}.weight changes nothing: policy is "${policy}"`)
  }
  return warnings
}

function unwise({ memoryMb, lanes, routes }: Settings): string[] {
  const warnings: string[] = []
  if (memoryMb > MUCH_MEMORY_MB) warnings.push(`memoryMb allows ${memoryMb} MiB for each client: is there so much?`)
  const urgent = new Set(lanes.filter(({ priority }) => priority >= Priority.CRITICAL).map(({ name }) => name))
  const first = MARKET_DATA.map((topic) => routes.find(({ pattern }) => isMatching(topic, pattern)))
  for (const { pattern, lane } of new Set(first.filter((route) => route !== undefined))) {
    if (urgent.has(lane)) {
      warnings.push(
        `"${pattern}" sends market data to the urgent lane "${lane}": a flood of it delays orders and cancels`,
      )
    }
  }
  return warnings
}
