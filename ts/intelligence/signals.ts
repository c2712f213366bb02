import { Priority } from '../bus/index.js'
import type { Episode } from './episode.js'

/** What is published on `signals.arbitrage.PAIR`. Plain data. */
export interface ArbitrageSignal extends Episode {
  readonly kind: 'opened' | 'improved' | 'closed'
  /** When, by the receive time of a quote, UNIX nanoseconds. */
  readonly at: bigint
}

/** How signals are queued. */
export interface SignalTerms {
  /** From this much above the threshold on, in basis points, a signal is NORMAL; below it is LOW. @default 1 */
  normalBps?: number
  /** From this much above the threshold on a signal is HIGH. None is ever CRITICAL. @default 5 */
  highBps?: number
  /** How long an episode is expected to last before eight of its pair have closed, in milliseconds. @default 100 */
  expectedLifeMs?: number
}

/** Lives that count. */
const LIVES = 64
const LIVES_LEAST = 8

/** The priority and the deadline of signals. */
export class SignalDesk {
  readonly #normalBps: number
  readonly #highBps: number
  readonly #expectedLifeMs: number
  readonly #minNetBps: number
  /** The last lives of each pair, one after the other; their median is none while nobody has asked for it. */
  readonly #lives = new Map<string, { readonly ms: number[]; next: number; median: number | undefined }>()

  constructor({ normalBps = 1, highBps = 5, expectedLifeMs = 100 }: SignalTerms, minNetBps: number) {
    this.#normalBps = normalBps
    this.#highBps = highBps
    this.#expectedLifeMs = expectedLifeMs
    this.#minNetBps = minNetBps
  }

  /** By the largest edge of the episode, so that its end does not wait behind its beginning. */
  priorityOf({ peakBps }: Episode): number {
    const above = peakBps - this.#minNetBps
    if (above >= this.#highBps) return Priority.HIGH
    return above >= this.#normalBps ? Priority.NORMAL : Priority.LOW
  }

  /** How long a signal may wait: as long as half of the pair's last episodes have lasted. An end is never too late. */
  deadlineMsOf({ pair, closedAt }: Episode): number | undefined {
    if (closedAt !== null) return undefined
    const lives = this.#lives.get(pair)
    if (lives === undefined || lives.ms.length < LIVES_LEAST) return this.#expectedLifeMs
    return (lives.median ??= lives.ms.toSorted((a, b) => a - b)[lives.ms.length >> 1]!)
  }

  /** Learns how long an episode has lasted. */
  note({ pair, lifeMs }: Episode): void {
    const lives = this.#lives.get(pair) ?? { ms: [], next: 0, median: undefined }
    this.#lives.set(pair, lives)
    lives.ms[lives.next] = lifeMs
    lives.next = (lives.next + 1) % LIVES
    lives.median = undefined
  }
}
