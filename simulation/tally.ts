import { createHash } from 'node:crypto'

/** How often something really happened: a fault that never strikes proves nothing. */
export class Tally {
  readonly counts = new Map<string, number>()

  add(what: string, times = 1): void {
    if (times > 0) this.counts.set(what, (this.counts.get(what) ?? 0) + times)
  }

  take(other: Tally): void {
    for (const [what, times] of other.counts) this.add(what, times)
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0
  }
}

/** What happened and when, line by line: kept when somebody wants to read it, and summed up in any case. */
export class Trace {
  readonly lines: string[] = []
  /** Number of the last line. */
  step = 0
  readonly #isKept: boolean
  readonly #nowNs: () => number
  readonly #hash = createHash('sha256')

  constructor(isKept: boolean, nowNs: () => number) {
    this.#isKept = isKept
    this.#nowNs = nowNs
  }

  say(what: string): void {
    const line = `${(this.#nowNs() / 1e6).toFixed(3)} ${what}`
    this.step += 1
    this.#hash.update(line).update('\n')
    if (this.#isKept) this.lines.push(line)
  }

  /** Of all lines so far, in hex. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }
}
