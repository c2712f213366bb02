/** A group's handlers, seen from outside. */
export interface Watched {
  readonly group: string
  /** Since when the oldest handler that has come to no end is under way, in nanoseconds; `Infinity` if none is. */
  readonly runningSinceNs: number
}

/** How often to look, and from which age on a handler is perhaps one that never ends. */
const LOOK_NS = 1e9
const STUCK_NS = 10e9

/** Tells of handlers that have been under way for very long, once of each that is the oldest of its group. */
export class StuckWatch {
  readonly #onStuck: (group: string, ageMs: number) => void
  readonly #told = new Map<string, number>()
  #lookedNs = 0

  constructor(onStuck: (group: string, ageMs: number) => void) {
    this.#onStuck = onStuck
  }

  /** Looks, if it has not just done so. */
  look(nowNs: number, groups: () => readonly Watched[]): void {
    if (nowNs - this.#lookedNs < LOOK_NS) return
    this.#lookedNs = nowNs
    const told = new Map(this.#told)
    this.#told.clear()
    for (const { group, runningSinceNs } of groups()) {
      if (!(nowNs - runningSinceNs >= STUCK_NS)) continue
      this.#told.set(group, runningSinceNs)
      if (told.get(group) !== runningSinceNs) this.#onStuck(group, (nowNs - runningSinceNs) / 1e6)
    }
  }
}
