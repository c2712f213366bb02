/**
 * A worker thread of a simulated process: a clock and an event loop of its own. While one of its handlers blocks it, or the
 * system lets it stand still, the others go on; when it is gone, so is all that it was about to do.
 */
import type { Clock, Timer } from 'tickbus'
import type { World } from './world.js'

/** Thrown by whatever a thread calls after its end, which came in the middle of a turn. */
export class Killed extends Error {}

export class Thread implements Clock {
  /** worker_threads id. */
  readonly number: number
  /** It comes to nothing before. */
  busyUntilNs = 0
  /** How long it has computed, or stood still, in nanoseconds. */
  busyNs = 0
  isGone = false
  readonly #world: World

  constructor(world: World, number: number) {
    this.#world = world
    this.number = number
  }

  nowNs(): number {
    // A promise job that is left of it finds out by itself.
    if (this.hasTurn) this.assertAlive()
    return Math.max(this.#world.nowNs(), this.busyUntilNs)
  }

  defer(run: () => void): void {
    if (!this.isGone) this.#world.defer(run, this)
  }

  setTimer(run: () => void, ms: number): Timer {
    return this.#world.setTimer(run, ms, false, this)
  }

  clearTimer(timer: Timer): void {
    this.#world.clearTimer(timer)
  }

  /** Something from another thread arrives after so long. */
  arrive(run: () => void, ns: number): void {
    if (!this.isGone) this.#world.answer(run, ns, this)
  }

  /** A handler comes to its end after so long. */
  finish(run: () => void, ns: number): void {
    if (!this.isGone) this.#world.finish(run, ns, this)
  }

  /** It gets no turn for so long; others do. */
  stall(ms: number): void {
    this.busyUntilNs = this.nowNs() + ms * 1e6
    this.busyNs += ms * 1e6
  }

  /** Whether it has its turn. */
  get hasTurn(): boolean {
    return this.#world.hasTurn(this)
  }

  /** It ends where it stands. */
  end(): void {
    this.isGone = true
    this.#world.drop(this)
  }

  /** @throws {Killed} once it has ended */
  assertAlive(): void {
    if (this.isGone) throw new Killed()
  }
}
