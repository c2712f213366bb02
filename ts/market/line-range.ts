import type { TimeRange } from './recordings/index.js'

/** Lines that lie side by side, and how many were left out before them in the whole file. */
export interface LineRun {
  readonly lines: Buffer
  readonly leftOut: number
}

const TIME_DIGITS = 19
const LINE_END = 0x0a
const SPACE = 0x20

/** Leaves out the lines that were received outside of a range. One without a receive time goes with the line before it. */
export class LineRange {
  readonly #from: Buffer
  readonly #to: Buffer
  readonly #isAll: boolean
  #isInside = true
  #leftOut = 0

  constructor({ from, to }: TimeRange) {
    this.#isAll = from === undefined && to === undefined
    this.#from = textOf(from ?? 0n)
    this.#to = textOf(to ?? LATEST_NS)
  }

  /** What is left of whole lines. */
  *runs(lines: Buffer): Generator<LineRun> {
    if (this.#isAll) return yield { lines, leftOut: 0 }
    let start = 0
    for (let at = 0; at < lines.length;) {
      const end = lines.indexOf(LINE_END, at) + 1 || lines.length
      const wasInside = this.#isInside
      if (lines[at + TIME_DIGITS] === SPACE) this.#isInside = this.#holds(lines, at)
      if (wasInside && !this.#isInside && at > start) {
        yield { lines: lines.subarray(start, at), leftOut: this.#leftOut }
      }
      if (!this.#isInside) {
        this.#leftOut += 1
        start = end
      }
      at = end
    }
    if (start < lines.length) yield { lines: lines.subarray(start), leftOut: this.#leftOut }
  }

  /** Times have 19 digits each, so that their order is that of their texts. */
  #holds(lines: Buffer, at: number): boolean {
    const isBefore = lines.compare(this.#from, 0, TIME_DIGITS, at, at + TIME_DIGITS) < 0
    return !isBefore && lines.compare(this.#to, 0, TIME_DIGITS, at, at + TIME_DIGITS) <= 0
  }
}

const LATEST_NS = 9_999_999_999_999_999_999n

function textOf(unixNs: bigint): Buffer {
  return Buffer.from(String(unixNs).padStart(TIME_DIGITS, '0'), 'latin1')
}
