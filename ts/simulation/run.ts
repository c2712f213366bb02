import { Pool } from './pool.js'
import { quantile } from './quantile.js'
import type { Scaler } from './scaler.js'
import { type Trace, traceLengthMs } from './trace.js'
import type { Workload } from './workload.js'

/** What came of one run. */
export interface Run {
  readonly messages: number
  /** Waits of all messages from their arrival to the start of their handler, in milliseconds. */
  readonly waitMs: { readonly p50: number; readonly p99: number; readonly p999: number }
  readonly meanWorkers: number
  readonly peakWorkers: number
  /** From the decision for a worker to its end; one that is sent home still ends its message. */
  readonly workerSeconds: number
  /** Changes of size. */
  readonly actionsPerMinute: number
  /** To the end of the trace, or of the last message if that is later. */
  readonly lengthMs: number
}

/** Is told of each message when it arrived, how long it waited, and of how many workers the pool then was. */
export type Watch = (arrivedMs: number, waitMs: number, size: number) => void

/**
 * Runs a law against a workload on a virtual clock, event by event: one queue, first in first out, for all workers. It ends
 * when the trace has ended and the last message, too.
 */
export function run(trace: Trace, workload: Workload, scaler: Scaler, watch?: Watch): Run {
  const simulation = new Simulation(trace, workload, scaler, watch)
  simulation.run()
  return simulation.result()
}

class Simulation {
  readonly #workload: Workload
  readonly #scaler: Scaler
  readonly #watch: Watch | undefined
  readonly #endMs: number
  readonly #pool: Pool
  readonly #waits: Float64Array
  #nowMs = 0
  #ticks = 0
  #arrived = 0
  #begun = 0
  #ended = 0
  /** How long all handlers took that ended. */
  #tookMs = 0
  #peakWorkers: number
  #actions = 0
  #lastTick = { nowMs: 0, arrived: 0, ended: 0, tookMs: 0, busyMs: 0, cpuMs: 0, workerMs: 0 }

  constructor(trace: Trace, workload: Workload, scaler: Scaler, watch?: Watch) {
    this.#workload = workload
    this.#scaler = scaler
    this.#watch = watch
    this.#endMs = traceLengthMs(trace)
    this.#pool = new Pool(trace, scaler.start)
    this.#waits = new Float64Array(workload.arrivesMs.length)
    this.#peakWorkers = scaler.start
  }

  run(): void {
    const { arrivesMs } = this.#workload
    const pool = this.#pool
    while (this.#ended < arrivesMs.length || this.#nowMs < this.#endMs) {
      const arrivalMs = this.#arrived < arrivesMs.length ? arrivesMs[this.#arrived]! : Infinity
      const tickMs = (this.#ticks + 1) * this.#scaler.tickMs
      const handlerMs = pool.nextEndMs
      const readyMs = pool.nextReadyMs
      const lastMs = this.#ended === arrivesMs.length ? this.#endMs : Infinity
      this.#nowMs = Math.min(arrivalMs, handlerMs, readyMs, tickMs, lastMs)
      pool.advance(this.#nowMs)
      // Of events at one moment those come first that make room.
      if (this.#nowMs === handlerMs) this.#end()
      else if (this.#nowMs === readyMs) pool.ready()
      else if (this.#nowMs === arrivalMs) this.#arrived += 1
      else if (this.#nowMs === tickMs) this.#tick()
      this.#begin()
    }
  }

  result(): Run {
    const waits = this.#waits
    return {
      messages: waits.length,
      waitMs: { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), p999: quantile(waits, 0.999) },
      meanWorkers: this.#pool.workerMs / this.#nowMs,
      peakWorkers: this.#peakWorkers,
      workerSeconds: this.#pool.workerMs / 1_000,
      actionsPerMinute: (this.#actions * 60_000) / this.#nowMs,
      lengthMs: this.#nowMs,
    }
  }

  #end(): void {
    this.#tookMs += this.#pool.end()
    this.#ended += 1
  }

  #begin(): void {
    const { arrivesMs, takesMs } = this.#workload
    while (this.#begun < this.#arrived && this.#pool.isIdle) {
      const arrivedMs = arrivesMs[this.#begun]!
      this.#waits[this.#begun] = this.#nowMs - arrivedMs
      this.#watch?.(arrivedMs, this.#nowMs - arrivedMs, this.#pool.size)
      this.#pool.begin(takesMs[this.#begun]!)
      this.#begun += 1
    }
  }

  #tick(): void {
    this.#ticks += 1
    const last = this.#lastTick
    const nowMs = this.#nowMs
    const { busyMs, cpuMs, workerMs, size, inFlight } = this.#pool
    const depth = this.#arrived - this.#begun
    const oldestMs = depth === 0 ? 0 : nowMs - this.#workload.arrivesMs[this.#begun]!
    const wanted = this.#scaler.decide({
      nowMs,
      ratePerS: ((this.#arrived - last.arrived) * 1_000) / (nowMs - last.nowMs),
      serviceMs: (this.#tookMs - last.tookMs) / (this.#ended - last.ended),
      depth,
      oldestMs,
      cpuShare: (cpuMs - last.cpuMs) / (busyMs - last.busyMs),
      utilisation: (busyMs - last.busyMs) / (workerMs - last.workerMs),
      inFlight,
      size,
    })
    this.#lastTick = {
      nowMs,
      arrived: this.#arrived,
      ended: this.#ended,
      tookMs: this.#tookMs,
      busyMs,
      cpuMs,
      workerMs,
    }
    if (wanted === size) return
    this.#actions += 1
    this.#peakWorkers = Math.max(this.#peakWorkers, wanted)
    this.#pool.resize(wanted)
  }
}
