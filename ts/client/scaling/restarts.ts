/** More restarts than that within so long, and a module is beyond help: the worker level of an OTP supervisor, 5 in 30 s. */
export const RESTARTS_MOST = 5
export const RESTARTS_WITHIN_MS = 30_000
/** The second restart waits for so long, each further one twice as long as the one before. */
const FIRST_MS = 100
const LONGEST_MS = 10_000
/** So far, as a share, a wait is moved by chance, lest what died together starts together. */
const JITTER = 0.2

/** When a dead worker thread may be replaced: at once the first time, then after longer and longer waits, then no more. */
export class Restarts {
  readonly #random: () => number
  #atMs: number[] = []

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** A thread has died. Says how many milliseconds to wait before its replacement; undefined if there is to be none. */
  next(nowMs: number): number | undefined {
    this.#atMs = this.#atMs.filter((atMs) => nowMs - atMs < RESTARTS_WITHIN_MS)
    const earlier = this.#atMs.length
    if (earlier === RESTARTS_MOST) return undefined
    this.#atMs.push(nowMs)
    if (earlier === 0) return 0
    const wait = FIRST_MS * 2 ** (earlier - 1)
    return Math.min(LONGEST_MS, wait * (1 + JITTER * (2 * this.#random() - 1)))
  }
}
