import type { ClientConfig, LaneConfig, PresetName, Route } from './options.js'

/** A complete configuration, but for lanes of one's own. */
export type Preset = Required<Omit<ClientConfig, 'preset' | 'workers' | 'spillDir' | 'journal'>> &
  Pick<ClientConfig, 'spillDir' | 'journal'> & { workers: { min: number; max: number } }

/** What a lane of any preset is, and one's own lane unless it says otherwise. */
export const ordinaryLane = {
  capacity: 10_000,
  timeoutMs: 50,
  spillMb: 256,
  highWater: 0.8,
  lowWater: 0.2,
  weight: 1,
} as const

/** The longest wait of a lower lane: four times the 50 ms that a LOW message should take. */
const AGE_MS = 200
const MIB = 1024 * 1024

/** Market data has the lowest lane to itself, so that no flood of it delays an order, and is never critical. */
const marketData = routes('low', ['data.*', 'market-data.*', 'market.*', 'tick.*', 'ticks.*', 'quotes.*'])
const alarms = routes('critical', ['risk.*', 'alerts.*'])
const trading = ['orders.*', 'order.*', 'execution.*', 'trading.*', 'commands.*', 'events.order*', 'events.position.*']

/**
 * What a client is like when nothing else is said. Where ticks may be lost, it is the oldest ones, when the lane is full:
 * to conflate would lose trades and break books that are sent as changes, and is for lanes that hold quotes alone.
 */
export const presets: Readonly<Record<PresetName, Preset>> = {
  /** Everything that does not fit is refused, so that a loss is noticed; the number of slots is fixed. */
  development: {
    lanes: lanes({}, {}),
    policy: 'strict',
    ageMs: AGE_MS,
    workers: { min: 1, max: 10 },
    autoscale: false,
    memoryMb: 256,
    payloadBytes: MIB,
    routes: [...marketData, ...alarms, ...routes('high', trading)],
  },
  production: {
    lanes: lanes({ capacity: 50_000, overflow: 'dropOldest' }, { capacity: 50_000 }),
    policy: 'strict',
    ageMs: AGE_MS,
    workers: { min: 1, max: 20 },
    autoscale: true,
    memoryMb: 256,
    payloadBytes: MIB,
    routes: [...marketData, ...alarms, ...routes('high', trading)],
  },
  /** Orders are critical from the start, and who waits for room learns soon that there is none. */
  highFrequency: {
    lanes: lanes({ capacity: 100_000, overflow: 'dropOldest' }, { capacity: 100_000, timeoutMs: 5 }),
    policy: 'strict',
    ageMs: AGE_MS,
    workers: { min: 1, max: 50 },
    autoscale: true,
    memoryMb: 512,
    payloadBytes: MIB,
    routes: [...marketData, ...alarms, ...routes('critical', trading)],
  },
}

/** Weights of `weighted`: the earlier attempt's default of 10, 5, 1 and 0.5 in whole numbers. */
function lanes(low: LaneConfig, critical: LaneConfig): Preset['lanes'] {
  return {
    low: { ...ordinaryLane, overflow: 'reject', weight: 1, ...low },
    normal: { ...ordinaryLane, overflow: 'reject', weight: 2 },
    high: { ...ordinaryLane, overflow: 'reject', weight: 10 },
    critical: { ...ordinaryLane, overflow: 'block', weight: 20, ...critical },
  }
}

function routes(lane: string, patterns: readonly string[]): Route[] {
  return patterns.map((pattern) => ({ pattern, lane }))
}
