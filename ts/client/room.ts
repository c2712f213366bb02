import type { Clock, Timer } from './clock.js'

/** A publish that waits for room. */
interface Attempt {
  /** Tries again; says whether it is done with. */
  readonly tryAgain: () => boolean
  /** Told whether that is because nobody gets room any more. */
  readonly giveUp: (isOver: boolean) => void
  timer: Timer | undefined
}

/** Publishes that wait for room, in a line for each lane: who came first goes first. */
export class RoomLines {
  readonly #clock: Clock
  readonly #lines = new Map<number, Attempt[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether nobody waits for this lane. */
  isClear(lane: number): boolean {
    return !this.#lines.has(lane)
  }

  /** Tries again whenever there may be room, in turn, until it is done or `timeoutMs` have passed. */
  wait(lane: number, timeoutMs: number, tryAgain: () => boolean, giveUp: (isOver: boolean) => void): void {
    const attempt: Attempt = { tryAgain, giveUp, timer: undefined }
    const line = this.#lines.get(lane)
    if (line === undefined) this.#lines.set(lane, [attempt])
    else line.push(attempt)
    attempt.timer = this.#clock.setTimer(() => {
      this.#leave(lane, attempt)
      giveUp(false)
    }, timeoutMs)
  }

  /** There may be room. */
  look(): void {
    for (const [lane, line] of this.#lines) {
      while (line.length > 0 && line[0].tryAgain()) this.#leave(lane, line[0])
    }
  }

  /** Nobody of those who wait gets room any more. */
  end(): void {
    const attempts = [...this.#lines.values()].flat()
    this.#lines.clear()
    for (const { timer, giveUp } of attempts) {
      this.#clock.clearTimer(timer!)
      giveUp(true)
    }
  }

  #leave(lane: number, attempt: Attempt): void {
    this.#clock.clearTimer(attempt.timer!)
    const line = this.#lines.get(lane)
    if (line === undefined) return
    const at = line.indexOf(attempt)
    if (at >= 0) line.splice(at, 1)
    if (line.length === 0) this.#lines.delete(lane)
  }
}
