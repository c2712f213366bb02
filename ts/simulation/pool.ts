import { AUTOSCALE_SLOTS_MOST } from '../layout.js'
import { Earliest } from './earliest.js'
import type { Trace } from './trace.js'

/** Extra time of every handler for each one that could run and has no core, as a share: caches and switches. */
const CONTENTION = 0.01

/**
 * Workers with messages, on cores that they share: handlers progress at one common speed. It is 1 while the cores carry what
 * they compute, and beyond that the cores are divided evenly. A handler's end is known on the clock of progress, which
 * stands still for nobody and runs slower when the speed does: no end moves when another handler begins.
 */
export class Pool {
  /** Time spent in handlers, CPU time in them, time of workers, starting ones included. All in milliseconds. */
  busyMs = 0
  cpuMs = 0
  workerMs = 0
  readonly #cores: number
  readonly #cpuShare: number
  readonly #spawnMs: number
  readonly #ends = new Earliest(AUTOSCALE_SLOTS_MOST)
  /** When each starting worker is ready, rising. */
  readonly #starting: number[] = []
  #nowMs = 0
  #progressMs = 0
  #speed = 1
  #alive: number
  #wanted: number

  constructor({ cores, spawnMs, service }: Trace, start: number) {
    this.#cores = cores
    this.#cpuShare = service.cpuShare
    this.#spawnMs = spawnMs
    this.#alive = start
    this.#wanted = start
  }

  get size(): number {
    return this.#wanted
  }

  get inFlight(): number {
    return this.#ends.length
  }

  get isIdle(): boolean {
    return this.#ends.length < this.#alive
  }

  /** When the next handler ends, if nothing begins before. */
  get nextEndMs(): number {
    const leftMs = this.#ends.first - this.#progressMs
    return leftMs > 0 ? this.#nowMs + leftMs / this.#speed : this.#nowMs
  }

  /** When the next worker is ready. */
  get nextReadyMs(): number {
    return this.#starting[0] ?? Infinity
  }

  advance(nowMs: number): void {
    const passedMs = nowMs - this.#nowMs
    const inFlight = this.#ends.length
    const computing = inFlight * this.#cpuShare
    this.busyMs += inFlight * passedMs
    this.cpuMs += (computing < this.#cores ? computing : this.#cores) * passedMs
    this.workerMs += (this.#alive + this.#starting.length) * passedMs
    this.#progressMs += passedMs * this.#speed
    this.#nowMs = nowMs
  }

  begin(takesMs: number): void {
    this.#ends.push(this.#progressMs + takesMs, this.#nowMs)
    this.#setSpeed()
  }

  /** A handler has ended; its worker goes if there are too many. Returns how long the handler took. */
  end(): number {
    const beganMs = this.#ends.shift()
    if (this.#alive > this.#wanted) this.#alive -= 1
    this.#setSpeed()
    return this.#nowMs - beganMs
  }

  ready(): void {
    this.#starting.shift()
    this.#alive += 1
  }

  /** Starts workers, or sends them home: those first that are starting, then idle ones; a busy one ends its message. */
  resize(wanted: number): void {
    this.#wanted = wanted
    while (this.#alive + this.#starting.length > wanted && this.#starting.length > 0) this.#starting.pop()
    this.#alive = Math.max(this.#ends.length, Math.min(this.#alive, wanted))
    while (this.#alive + this.#starting.length < wanted) this.#starting.push(this.#nowMs + this.#spawnMs)
  }

  #setSpeed(): void {
    const computing = this.#ends.length * this.#cpuShare
    const over = computing - this.#cores
    this.#speed = over <= 0 ? 1 : this.#cores / computing / (1 + CONTENTION * over)
  }
}
