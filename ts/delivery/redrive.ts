import type { DeadLetter } from './dead-letter.js'

/** Letters a second, unless told otherwise. */
export const DEFAULT_RATE = 100

/** How a group takes a letter: it has queued it, has no room just now, or is not there any more. */
export type Taken = 'queued' | 'full' | 'gone'

/** What a redrive needs of the client. */
export interface RedriveHost {
  readonly closed: boolean
  /** Queues a letter's message for its group. */
  give(letter: DeadLetter): Taken
  /** Runs once after `ms` milliseconds. */
  after(ms: number, run: () => void): void
}

/** What became of the letters of a redrive. */
export interface RedriveReport {
  /** Queued again. */
  redriven: number
  /** Still in the store: their group is not there, their message cannot be had, or the client was closed meanwhile. */
  left: number
}

/** Gives letters to their groups, one after the other, not faster than a rate. */
export class Redrive {
  readonly #host: RedriveHost
  readonly #letters: readonly DeadLetter[]
  readonly #everyMs: number
  readonly #isKept: (letter: DeadLetter) => boolean
  readonly #report: RedriveReport = { redriven: 0, left: 0 }
  #next = 0
  #finish: () => void = () => {}

  /** Of letters that are not kept any more when it is their turn nothing is said. */
  constructor(
    host: RedriveHost,
    letters: readonly DeadLetter[],
    perSecond: number,
    isKept: (letter: DeadLetter) => boolean,
  ) {
    this.#host = host
    this.#letters = letters
    this.#everyMs = 1_000 / perSecond
    this.#isKept = isKept
  }

  /** `onGiven` hears of each that was queued. */
  async run(onGiven: (letter: DeadLetter) => void): Promise<RedriveReport> {
    await new Promise<void>((resolve, reject) => {
      this.#finish = resolve
      const step = (): void => {
        try {
          if (this.#step(onGiven)) this.#host.after(this.#everyMs, step)
          else resolve()
        } catch (error) {
          reject(error as Error)
        }
      }
      step()
    })
    return this.#report
  }

  /** Nothing more is given. */
  end(): void {
    this.#skip()
    this.#finish()
  }

  /** Tries the next letter; says whether there is more to do. */
  #step(onGiven: (letter: DeadLetter) => void): boolean {
    while (this.#next < this.#letters.length) {
      if (this.#host.closed) this.#skip()
      const letter = this.#letters[this.#next]
      if (letter === undefined) return false
      const taken = this.#isKept(letter) ? this.#host.give(letter) : undefined
      if (taken === 'full') return true
      this.#next += 1
      if (taken === 'gone') this.#report.left += 1
      if (taken !== 'queued') continue
      this.#report.redriven += 1
      onGiven(letter)
      return this.#next < this.#letters.length
    }
    return false
  }

  #skip(): void {
    this.#report.left += this.#letters.length - this.#next
    this.#next = this.#letters.length
  }
}
