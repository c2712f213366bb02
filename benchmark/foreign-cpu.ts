/**
 * What the rest of the machine did while a case was measured. Linux counts in /proc/stat, in ticks of 10 ms; other
 * systems show no steal, and there the report says that it is unknown.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Processor time since boot, of all cores together. */
export interface CpuTimes {
  busyMs: number
  /** Time in which the machine's host ran somebody else. */
  stealMs: number
}

/** What others took of a span of time. `undefined` where the system does not tell. */
export interface Span {
  wallMs: number
  foreignMs: number
  stealMs: number
}

/** Cores' worth of time that others took, on average. 0.5 is half a core. */
export interface Disturbance {
  foreignCores: number
  stealCores: number
}

const TICK_MS = 10

/** Reads the counters, or `undefined` where the system has none. */
export function readCpuTimes(path = '/proc/stat'): CpuTimes | undefined {
  try {
    return parseCpuTimes(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The `cpu` line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user. */
export function parseCpuTimes(text: string): CpuTimes | undefined {
  const fields = /^cpu +([\d ]+)$/m.exec(text)?.[1].trim().split(/ +/).map(Number)
  if (fields === undefined || fields.length < 8) return undefined
  const [user, nice, system, , , irq, softirq, steal] = fields
  return { busyMs: (user + nice + system + irq + softirq) * TICK_MS, stealMs: steal * TICK_MS }
}

/** Starts a span; the function that is returned ends it, and is told what the measured case used itself. */
export function startSpan(read: () => CpuTimes | undefined = readCpuTimes): (ownMs: number) => Span | undefined {
  const before = read()
  const start = performance.now()
  return (ownMs) => {
    const after = read()
    if (before === undefined || after === undefined) return undefined
    const foreignMs = after.busyMs - before.busyMs - ownMs
    return { wallMs: performance.now() - start, foreignMs, stealMs: after.stealMs - before.stealMs }
  }
}

/** All spans together. Ticks are coarse: on a quiet machine the sum can be below zero, and is then shown as none. */
export function disturbanceOf(spans: readonly (Span | undefined)[]): Disturbance | undefined {
  const known = spans.filter((span) => span !== undefined)
  const sum = (of: keyof Span) => known.reduce((total, span) => total + span[of], 0)
  const wallMs = sum('wallMs')
  if (wallMs === 0) return undefined
  return { foreignCores: Math.max(0, sum('foreignMs') / wallMs), stealCores: Math.max(0, sum('stealMs') / wallMs) }
}

/** Above this, others have changed what was measured. */
const QUIET_CORES = 0.2
const LOOK_MS = 250

export function isQuiet(disturbance: Disturbance | undefined): boolean {
  return disturbance === undefined || disturbance.foreignCores + disturbance.stealCores < QUIET_CORES
}

/** Waits until others leave the processors alone; false if they do not within `mostMs`. */
export async function waitForQuiet(mostMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < mostMs; waitedMs += LOOK_MS) {
    const end = startSpan()
    const own = process.cpuUsage()
    await sleep(LOOK_MS)
    const { user, system } = process.cpuUsage(own)
    if (isQuiet(disturbanceOf([end((user + system) / 1_000)]))) return true
  }
  return false
}
