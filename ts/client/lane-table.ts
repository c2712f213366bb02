import { show, TickbusError } from '../errors.js'
import type { Overflow, ScheduledLane } from '../lane-core.js'
import type { ClientSettings, LaneSettings } from './config/index.js'

/** What happens to a message that finds its lane full. */
export const TAKES = 0
export const REFUSES = 1
export const DROPS = 2

/** The lanes of a client's groups, by number, from the least urgent. */
export class LaneTable {
  readonly lanes: readonly LaneSettings[]
  readonly priorities: readonly number[]
  /** The lowest lane that is urgent; as many as there are lanes if none is. */
  readonly urgent: number
  /** By lane: TAKES, REFUSES or DROPS. */
  readonly whenFull: Uint8Array
  readonly conflates: readonly boolean[]
  /** Whether any lane spills. */
  readonly spills: boolean
  readonly #numbers = new Map<string | number, number>()

  constructor(settings: ClientSettings) {
    const { lanes } = settings
    this.lanes = lanes
    this.priorities = lanes.map(({ priority }) => priority)
    this.urgent = settings.policy === 'fifo' ? lanes.length : settings.urgent
    this.whenFull = Uint8Array.from(lanes, ({ overflow }) => FULL[overflow])
    this.conflates = lanes.map(({ overflow }) => overflow === 'conflate')
    this.spills = lanes.some(({ overflow }) => overflow === 'spill')
    for (const [number, { name, priority }] of lanes.entries()) {
      this.#numbers.set(name, number)
      this.#numbers.set(priority, number)
    }
  }

  /**
   * The lane of a priority.
   *
   * @throws {TickbusError} `TICKBUS_LANE` if there is none.
   */
  withPriority(priority: number): number {
    // The usual priorities are the lanes' own numbers, unless lanes of the user's lie between them.
    if (this.priorities[priority] === priority) return priority
    const lane = this.find(priority)
    if (lane === undefined) throw this.#unknown(priority)
    return lane
  }

  /** The same, if there is one. */
  find(priority: number): number | undefined {
    return typeof priority === 'number' ? this.#numbers.get(priority) : undefined
  }

  /**
   * The lane of a name.
   *
   * @throws {TickbusError} `TICKBUS_LANE` if there is none.
   */
  withName(name: string): number {
    const lane = typeof name === 'string' ? this.#numbers.get(name) : undefined
    if (lane === undefined) throw this.#unknown(name)
    return lane
  }

  /** The lanes as a schedule takes them. */
  scheduled(): ScheduledLane[] {
    return this.lanes.map(({ capacity, overflow, weight, shed }) => ({
      capacity,
      overflow: overflow === 'spill' ? 'reject' : overflow,
      weight,
      shedTargetNs: (shed?.targetMs ?? 0) * 1e6,
      shedIntervalNs: (shed?.intervalMs ?? 0) * 1e6,
    }))
  }

  isLossy(lane: number): boolean {
    const { overflow, shed } = this.lanes[lane]
    return shed !== null || LOSSY.has(overflow)
  }

  #unknown(lane: unknown): TickbusError {
    const lanes = this.lanes.map(({ name, priority }) => `${name} (${priority})`).join(', ')
    return new TickbusError('TICKBUS_LANE', { lane: show(lane), lanes })
  }
}

const FULL: Record<Overflow, number> = {
  block: REFUSES,
  reject: REFUSES,
  dropOldest: TAKES,
  dropNewest: DROPS,
  conflate: TAKES,
  spill: REFUSES,
}

const LOSSY: ReadonlySet<Overflow> = new Set<Overflow>(['dropOldest', 'dropNewest', 'conflate'])
