import { TickbusError } from '../../errors.js'
import {
  ENVELOPE_BYTES,
  PORT_FREES,
  PORT_LEASES,
  PORT_RELEASES,
  PORT_SETTLEMENTS,
  PORT_SUBMISSIONS,
} from '../../layout.js'
import type { LaneSettings, Settings } from './settings.js'

const MIB = 1024 * 1024
/** Envelopes that are under way between a thread and the schedule, and wait in no lane. */
const UNDER_WAY = PORT_FREES + PORT_SUBMISSIONS + PORT_LEASES + PORT_SETTLEMENTS + PORT_RELEASES

/** Envelopes of a group that `ports` threads work for: all its lanes full, all slots busy, all lists full. */
export function envelopeCount(lanes: readonly Pick<LaneSettings, 'capacity'>[], slots: number, ports = 1): number {
  return lanes.reduce((sum, { capacity }) => sum + capacity, slots + ports * UNDER_WAY)
}

/** Bytes of these envelopes. */
export function envelopeBytes(lanes: readonly Pick<LaneSettings, 'capacity'>[], slots: number, ports = 1): number {
  return envelopeCount(lanes, slots, ports) * ENVELOPE_BYTES
}

/**
 * Refuses what would not fit into `memoryMb`.
 *
 * @throws {TickbusError} `TICKBUS_MEMORY_LIMIT`
 */
export function requireMemory(settings: Pick<Settings, 'memoryMb'>, bytes: number): void {
  const error = memoryLimit(settings, bytes)
  if (error !== undefined) throw error
}

/** The error, if there is one. */
export function memoryLimit({ memoryMb }: Pick<Settings, 'memoryMb'>, bytes: number): TickbusError | undefined {
  if (bytes <= memoryMb * MIB) return undefined
  return new TickbusError('TICKBUS_MEMORY_LIMIT', { neededMb: Math.ceil(bytes / MIB), memoryMb })
}
