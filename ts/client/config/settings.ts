import { tmpdir } from 'node:os'
import { Priority } from '../../bus/index.js'
import type { Overflow, Policy } from '../../lane-core.js'
import type { LogLevel } from '../logger.js'
import type { JournalConfig, LaneConfig, OwnLaneConfig, PresetName, Route } from './options.js'
import { ordinaryLane, type Preset } from './presets.js'
import { standardLanes } from './schema.js'

/** One lane, complete. */
export interface LaneSettings {
  readonly name: string
  /** Its place among the lanes: low 0, normal 1, high 2, critical 3. From 3 on it is urgent. */
  readonly priority: number
  readonly capacity: number
  readonly overflow: Overflow
  readonly timeoutMs: number
  readonly spillMb: number
  readonly highWater: number
  readonly lowWater: number
  readonly weight: number
  readonly shed: { readonly targetMs: number; readonly intervalMs: number } | null
}

/** Everything that a client has to know about itself. */
export interface Settings {
  readonly preset: PresetName
  /** The least urgent first: a lane's position is its number in the schedule. */
  readonly lanes: readonly LaneSettings[]
  /** Position of the lowest urgent lane, critical. */
  readonly urgent: number
  readonly policy: Policy
  readonly ageMs: number
  readonly workers: { readonly min: number; readonly max: number }
  readonly autoscale: boolean
  readonly memoryMb: number
  readonly payloadBytes: number
  readonly spillDir: string
  readonly journal: Readonly<JournalConfig> | null
  /** The first that matches a topic decides. */
  readonly routes: readonly Readonly<Route>[]
  /** How much the default logger says. */
  readonly logLevel: LogLevel
}

/** RFC 8289, 4.2 and 4.3. */
const SHED = { targetMs: 5, intervalMs: 100 }

/** Fills in what is left out of a configuration that lies over its preset. */
export function complete(config: Preset, preset: PresetName, logLevel: LogLevel): Settings {
  const { policy, ageMs, workers, autoscale, memoryMb, payloadBytes, routes } = config
  const lanes = Object.entries(config.lanes).map(([name, lane]) => laneSettings(name, lane!))
  lanes.sort((a, b) => a.priority - b.priority)
  const urgent = lanes.findIndex(({ priority }) => priority >= Priority.CRITICAL)
  const limits = { ageMs, workers, autoscale, memoryMb, payloadBytes }
  const { spillDir = tmpdir(), journal = null } = config
  return { preset, lanes, urgent, policy, ...limits, spillDir, journal, routes, logLevel }
}

function laneSettings(name: string, lane: LaneConfig | OwnLaneConfig): LaneSettings {
  const priority = 'priority' in lane ? lane.priority : standardLanes.findIndex((standard) => standard === name)
  const overflow: Overflow = priority >= Priority.CRITICAL ? 'block' : 'reject'
  const shed = lane.shed === undefined ? null : { ...SHED, ...lane.shed }
  return { name, priority, ...ordinaryLane, overflow, ...lane, shed }
}
