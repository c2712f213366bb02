import { REASONS } from './group-stats.js'
import type { ClientStats, Dropped, GroupStats } from './group-stats.js'

/** What a group had left when its process gave the drain up. */
export interface GroupRemains {
  /** Messages that waited, by the names of their lanes. */
  lanes: Record<string, number>
  /** Messages whose handlers were under way. */
  inFlight: number
  /** Copies that came to no good end since the signal, by reason: what was left counts as `closed`. */
  lost: Partial<Dropped>
  /** Messages that became dead letters since the signal. */
  dead: number
}

/** What a client had left when its process gave the drain up. */
export interface DrainRemains {
  /** Messages that waited. */
  queued: number
  /** Messages whose handlers were under way. */
  inFlight: number
  /** By name: groups that had something left, or lost something since the signal. */
  groups: Record<string, GroupRemains>
}

/** What is left `now`, and what was lost since `before`. */
export function remainsOf(before: ClientStats, now: ClientStats): DrainRemains {
  const remains: DrainRemains = { queued: 0, inFlight: 0, groups: {} }
  for (const [name, group] of Object.entries(now.groups)) {
    const { queued, inFlight } = group
    remains.queued += queued
    remains.inFlight += inFlight
    const lost = lostSince(before.groups[name], group)
    const dead = group.dead - (before.groups[name]?.dead ?? 0)
    if (Object.keys(lost).length === 0 && dead === 0) continue
    const lanes = Object.entries(group.lanes).filter(([, lane]) => lane.queued > 0)
    const byLane = Object.fromEntries(lanes.map(([lane, waiting]) => [lane, waiting.queued]))
    remains.groups[name] = { lanes: byLane, inFlight, lost, dead }
  }
  return remains
}

function lostSince(before: GroupStats | undefined, now: GroupStats): Partial<Dropped> {
  const lost: Partial<Dropped> = {}
  for (const [reason] of REASONS) {
    const left = reason === 'closed' ? now.queued + now.inFlight : 0
    const count = now.dropped[reason] - (before?.dropped[reason] ?? 0) + left
    if (count > 0) lost[reason] = count
  }
  return lost
}
