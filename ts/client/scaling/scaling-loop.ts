import { AUTOSCALE_TICK_MS } from '../../autoscale-core.js'
import type { Core } from '../../core.js'
import type { Clock, Timer } from '../clock.js'
import { CRITICAL_MS, GroupScaler, type Scaled } from './group-scaler.js'
import type { ScalingDecision } from './scaling-decision.js'

/**
 * Ticks the groups of a client that follow their load: every 20 ms, and at once when something critical waits; seldom while
 * nothing comes and sizes that are too large are held; and never while there is no such group, or all are at rest. Its timers
 * do not keep a process alive.
 *
 * It ticks on the event loop of the client's thread. While that is blocked nothing is published through the client and no
 * function runs either; of worker threads the backend ticks the law meanwhile, if it can: see `StandIn`.
 */
export class ScalingLoop {
  readonly #clock: Clock
  readonly #core: Core
  readonly #onScaled: (decision: ScalingDecision) => void
  readonly #onTick: () => void
  readonly #scalers = new Map<string, GroupScaler>()
  #timer: Timer | undefined
  #urgentTimer: Timer | undefined
  /** Nothing comes: the next turn in which something came brings the usual ticks back. */
  #isPaused = false

  constructor(clock: Clock, core: Core, onScaled: (decision: ScalingDecision) => void, onTick: () => void) {
    this.#clock = clock
    this.#core = core
    this.#onScaled = onScaled
    this.#onTick = onTick
  }

  add(group: Scaled): void {
    const cpuNs = this.#cpuNs()
    this.#scalers.set(group.name, new GroupScaler(this.#core, group, this.#clock.nowNs(), cpuNs, this.#onScaled))
    // Nothing has come yet.
    this.#isPaused ||= this.#timer === undefined
  }

  /** The group has ended. */
  remove(name: string): void {
    this.#scalers.delete(name)
    if (this.#scalers.size === 0) this.stop()
  }

  /** Ticks no more; what was decided can be read still. */
  stop(): void {
    this.#isPaused = false
    for (const timer of [this.#timer, this.#urgentTimer]) if (timer !== undefined) this.#clock.clearTimer(timer)
    this.#timer = this.#urgentTimer = undefined
  }

  /** After each turn. */
  look(): void {
    if (this.#isPaused && this.#hasNews()) this.#resume()
    if (this.#urgentTimer !== undefined || this.#scalers.size === 0) return
    for (const { group } of this.#scalers.values()) {
      if (!group.waitsUrgent || group.slots === group.max) continue
      this.#urgentTimer = this.#set(this.#tickUrgent, CRITICAL_MS / 2)
      return
    }
  }

  /** The last decisions about a group, the oldest first. */
  decisions(name: string): ScalingDecision[] {
    return this.#scalers.get(name)?.decisions() ?? []
  }

  readonly #tick = (): void => {
    this.#timer = undefined
    const cpuNs = this.#cpuNs()
    for (const scaler of this.#scalers.values()) scaler.tick(this.#clock.nowNs(), cpuNs)
    this.#onTick()
    let nextMs = Infinity
    for (const scaler of this.#scalers.values()) nextMs = Math.min(nextMs, scaler.nextMs)
    this.#isPaused = nextMs > AUTOSCALE_TICK_MS
    if (nextMs < Infinity) this.#timer = this.#set(this.#tick, nextMs)
  }

  #hasNews(): boolean {
    for (const { hasNews } of this.#scalers.values()) if (hasNews) return true
    return false
  }

  #resume(): void {
    this.#isPaused = false
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer)
    for (const scaler of this.#scalers.values()) scaler.resume(this.#clock.nowNs())
    this.#timer = this.#set(this.#tick, AUTOSCALE_TICK_MS)
  }

  readonly #tickUrgent = (): void => {
    this.#urgentTimer = undefined
    const cpuNs = this.#cpuNs()
    for (const scaler of this.#scalers.values()) {
      if (scaler.group.waitsUrgent) scaler.tickIfDue(this.#clock.nowNs(), cpuNs)
    }
    this.look()
  }

  #cpuNs(): number {
    return this.#clock.cpuNs?.() ?? NaN
  }

  #set(run: () => void, ms: number): Timer {
    const timer = this.#clock.setTimer(run, ms)
    if ('unref' in timer && typeof timer.unref === 'function') timer.unref()
    return timer
  }
}
