import { type Epoch } from '../bus/index.js'
import {
  EPISODE_CLOSED,
  EPISODE_DOUBLE_AT,
  EPISODE_DOUBLE_EDGE,
  EPISODE_DOUBLE_NUMBER,
  EPISODE_DOUBLE_OPENED_AT,
  EPISODE_DOUBLE_PEAK,
  EPISODE_DOUBLE_SIZE,
  EPISODE_DOUBLE_UPDATES,
  EPISODE_IMPROVED,
  EPISODE_OPENED,
  EPISODE_WORD_EVENT,
  EPISODE_WORD_PAIR,
  RECORD_BYTES,
} from '../layout.js'
import type { ArbitragePlan } from './arbitrage-plan.js'

/** One run of quotes at which buying here and selling there was worth more than the threshold after fees. */
export interface Episode {
  /** `PAIR.OPENED.NUMBER`: unique among all episodes of a process, and of a replay the same each time. */
  readonly id: string
  readonly pair: string
  /** Id of the instrument to buy. */
  readonly buy: string
  /** Id of the instrument to sell. */
  readonly sell: string
  /** Receive time of the quote that opened it, UNIX nanoseconds. */
  readonly openedAt: bigint
  /** The same of the quote that closed it; null while it is open. */
  readonly closedAt: bigint | null
  /** Quotes of either instrument from the opening one to the last at which it was open. */
  readonly updates: number
  /** The edge after fees in basis points; of a closed one, the last before. */
  readonly edgeBps: number
  /** The largest edge. */
  readonly peakBps: number
  /** The smaller one of both sizes at the peak, as the venues tell them; 0 where one tells none. */
  readonly size: number
  /** How long it has lasted, in milliseconds; 0 where a clock jumped back meanwhile. */
  readonly lifeMs: number
}

/** What happened to an episode. */
export interface EpisodeEvent {
  readonly kind: 'opened' | 'improved' | 'closed' | 'open'
  /** The last part of its id. */
  readonly number: number
  readonly episode: Episode
  /** When, by the receive time of a quote, UNIX nanoseconds. */
  readonly at: bigint
  /** The same in nanoseconds since the epoch. */
  readonly atNs: number
}

const WORDS = RECORD_BYTES / 4
const DOUBLES = RECORD_BYTES / 8

/** What the events of a kernel say. */
export class EpisodeEvents {
  readonly #words: Uint32Array
  readonly #doubles: Float64Array
  readonly #plan: ArbitragePlan
  readonly #epoch: Epoch

  constructor({ buffer }: Uint8Array, plan: ArbitragePlan, epoch: Epoch) {
    this.#words = new Uint32Array(buffer)
    this.#doubles = new Float64Array(buffer)
    this.#plan = plan
    this.#epoch = epoch
  }

  /** Whether the event at a place says no more than that an edge is larger than ever. */
  isImproved(place: number): boolean {
    return (this.#words[place * WORDS + EPISODE_WORD_EVENT] & 0xff) === EPISODE_IMPROVED
  }

  /** The event at a place. */
  read(place: number): EpisodeEvent {
    const doubles = this.#doubles
    const [word, at] = [place * WORDS, place * DOUBLES]
    const head = this.#words[word + EPISODE_WORD_EVENT]
    const pair = this.#plan.pairs[this.#words[word + EPISODE_WORD_PAIR]]!
    const [atNs, openedNs] = [doubles[at + EPISODE_DOUBLE_AT], doubles[at + EPISODE_DOUBLE_OPENED_AT]]
    const kind = kindOf(head & 0xff)
    const number = doubles[at + EPISODE_DOUBLE_NUMBER]
    const openedAt = this.#epoch.unixNsAt(openedNs)
    const now = atNs === openedNs ? openedAt : this.#epoch.unixNsAt(atNs)
    const episode: Episode = {
      id: `${pair.name}.${openedAt}.${number}`,
      pair: pair.name,
      buy: pair.instruments[(head >>> 8) & 0xff]!,
      sell: pair.instruments[(head >>> 16) & 0xff]!,
      openedAt,
      closedAt: kind === 'closed' ? now : null,
      updates: doubles[at + EPISODE_DOUBLE_UPDATES],
      edgeBps: doubles[at + EPISODE_DOUBLE_EDGE],
      peakBps: doubles[at + EPISODE_DOUBLE_PEAK],
      size: doubles[at + EPISODE_DOUBLE_SIZE],
      lifeMs: Math.max(atNs - openedNs, 0) / 1e6,
    }
    return { kind, number, episode, at: now, atNs }
  }
}

function kindOf(event: number): EpisodeEvent['kind'] {
  if (event === EPISODE_OPENED) return 'opened'
  if (event === EPISODE_IMPROVED) return 'improved'
  return event === EPISODE_CLOSED ? 'closed' : 'open'
}
