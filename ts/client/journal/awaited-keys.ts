import type { Clock } from '../clock.js'

/**
 * Keys of a group that have messages on patterns which it had before the journal was opened, and to which it has not
 * subscribed again: what is later of such a key waits for the pattern, as long as a key may wait, counted from when the
 * group was there again.
 */
export class AwaitedKeys {
  readonly #clock: Clock
  readonly #untilNs: number
  readonly #onOver: () => void
  /** By key the first of those messages. */
  readonly #firsts = new Map<string, number>()
  #isTimed = false

  /** @param onOver What waited may go on: no key waits any more. */
  constructor(clock: Clock, longestMs: number, onOver: () => void) {
    this.#clock = clock
    this.#untilNs = clock.nowNs() + longestMs * 1e6
    this.#onOver = onOver
  }

  /** Whether a message has to wait for an earlier one of its key. */
  holds(key: string | undefined, sequence: number): boolean {
    return this.#firsts.size > 0 && key !== undefined && (this.#firsts.get(key) ?? sequence) < sequence
  }

  /** There is a message of a key whose pattern is not there. */
  add(key: string | undefined, sequence: number): void {
    const leftNs = this.#untilNs - this.#clock.nowNs()
    if (key === undefined || leftNs <= 0) return
    this.#firsts.set(key, Math.min(sequence, this.#firsts.get(key) ?? sequence))
    if (this.#isTimed) return
    this.#isTimed = true
    this.#clock.setTimer(() => this.#end(), Math.ceil(leftNs / 1e6), true)
  }

  /** All that is there is looked through anew. */
  clear(): void {
    this.#firsts.clear()
  }

  #end(): void {
    if (this.#firsts.size === 0) return
    this.clear()
    this.#onOver()
  }
}
