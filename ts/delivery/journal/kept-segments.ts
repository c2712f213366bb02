/** Which segments of a journal stay: those that somebody wants or reads, and what the settings keep beyond that. */
import { inDirectory, segmentsOf } from '../../fallback/index.js'
import type { System } from '../../system.js'
import { startAt } from './cursor.js'
import { removableBelow, type Retention, segmentTime } from './retention.js'

/** Files from a sequence on stay as long as somebody reads them who is no consumer. */
export interface Hold {
  /** May grow. */
  sequence: number
}

export class KeptSegments {
  readonly #directory: string
  readonly #retention: Retention
  readonly #system: System
  readonly #holds = new Set<Hold>()
  /** Files that hold nothing from here on are gone, or about to be. */
  #removedBelow = 0

  constructor(directory: string, retention: Retention, system: System) {
    this.#directory = directory
    this.#retention = retention
    this.#system = system
  }

  hold(sequence: number): Hold {
    const hold = { sequence }
    this.#holds.add(hold)
    return hold
  }

  release(hold: Hold): void {
    this.#holds.delete(hold)
  }

  /** The sequence below which files go, `wanted` at most, which the caller sees to; 0 if all stay. */
  letGo(wanted: number): number {
    const held = [...this.#holds].map(({ sequence }) => sequence)
    const free = { removed: this.#removedBelow, wanted: Math.min(wanted, ...held) }
    const nowNs = BigInt(this.#system.unixMs()) * 1_000_000n
    const below = removableBelow(this.#directory, free, this.#retention, nowNs, this.#system.files)
    this.#removedBelow = Math.max(this.#removedBelow, below)
    return below
  }

  /** The oldest sequence that is there and stays for now; undefined if none is there. */
  get oldest(): number | undefined {
    const firsts = inDirectory(this.#directory, () => segmentsOf(this.#directory, this.#system.files))
    return firsts.find((first) => first >= this.#removedBelow)
  }

  /** Where to begin so as to meet all from a time on; undefined if some of it may have been before the oldest. */
  beginOf(timeNs: bigint, oldest: number): number | undefined {
    const { files } = this.#system
    if (oldest > 1 && inDirectory(this.#directory, () => segmentTime(this.#directory, oldest, files)) > timeNs) {
      return undefined
    }
    return Math.max(oldest, startAt(this.#directory, timeNs, files))
  }
}
