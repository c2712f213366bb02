/** What the ledger keeps: what was published, the copy of each group, who handles it, and a page for each group. */
import type { Delivery } from 'tickbus'
import type { GroupPlan, Message, TopicKind } from './plan.js'

/** How a handler ended. `fenced`: its time was up before it said a word. */
export type Ending = 'acked' | 'failed' | 'postponed' | 'terminated' | 'fenced'

/** What survives the death of a process is written, what survives a power cut is synced. */
export const WRITTEN = 1
export const SYNCED = 2

export interface Published {
  readonly message: Message
  readonly kind: TopicKind
  readonly topic: string
  readonly isDurable: boolean
  readonly isJournalled: boolean
  readonly isAwaited: boolean
  readonly life: number
  readonly copies: Map<string, Copy>
  /** `unknown`: its publisher was told that nobody knows, or was told nothing. */
  status: 'pending' | 'accepted' | 'refused' | 'unknown'
  safety: number
  /** A crash may have taken it. */
  mayBeLost: boolean
  /** As handlers see it. */
  id: number
}

/** A message for a group. */
export interface Copy {
  readonly published: Published
  readonly group: string
  /** Whether the group has to get it, or may, or may not. */
  claim: 'due' | 'possible' | 'none'
  /** Whether it subscribes to it now. */
  readonly isDirect: boolean
  state: 'open' | 'acked' | 'dead' | 'lost'
  /** How safe the knowledge of its end is. */
  safety: number
  /** It had come to its end before a crash, which may have been forgotten. */
  mayHaveEnded: boolean
  starts: number
  failures: number
  /** Of this life: the attempt that came first, and failures since. */
  firstAttempt: number
  failuresInLife: number
  /** Those of this life that the journal knows of, and all that a crash may have kept from it. */
  failuresNoted: number
  failuresLost: number
  /** Crashes at which it may have been in hand, and the journal knew. */
  deaths: number
  /** Ends of worker threads that may have had it in hand: in all, in this life, and in this life since its first attempt. */
  workerDeaths: number
  workerDeathsInLife: number
  workerDeathsTried: number
  /** Those in this life whose handlers it was with for sure. */
  killed: number
}

/** A handler that was called. */
export interface Run {
  readonly copy: Copy
  readonly delivery: Delivery
  /** In which thread; 0 for the main thread. */
  readonly thread: number
  isOver: boolean
  /** While the client closed. */
  hasFailed: boolean
}

export interface Begun {
  readonly id: number
  readonly published: Published
  readonly isDirect: boolean
}

/** One group, counted from when the client was opened. */
export class Side {
  readonly plan: GroupPlan
  /** What it subscribes to now, and what a client before it did for sure, by how safe that is. */
  readonly patterns = new Set<string>()
  readonly before = new Map<string, number>()
  hasEverSubscribed = false
  /** When this client's first subscription was, and whether a later one came when keys did not wait for it any more. */
  sinceNs: number | undefined
  isLate = false
  readonly live = new Set<Run>()
  readonly liveByKey = new Map<string, Run>()
  readonly lastByKey = new Map<string, Begun>()
  /** Of effectively-once topics what was acknowledged, and how safe that is. */
  readonly handled = new Map<string, number>()
  /** What a client before it has handled, and what this one may remember. */
  readonly mayBeHandled = new Set<string>()
  /** Of which one became a dead letter: after a restart that is what is known of it. */
  readonly died = new Set<string>()
  readonly liveByIdentity = new Map<string, Run>()
  /** Those whose handlers have come to their end in worker threads, of which the owner may not know. */
  readonly untold = new Set<Copy>()
  /** Messages that may be lost with whose handlers threads have ended. */
  workerLost = 0
  acked = 0
  dead = 0
  failed = 0
  timedOut = 0

  constructor(plan: GroupPlan) {
    this.plan = plan
  }
}

export function newCopy(published: Published, group: string, claim: Copy['claim'], isDirect: boolean): Copy {
  const counts = { safety: 0, starts: 0, failures: 0, firstAttempt: 0, failuresInLife: 0, failuresNoted: 0 }
  const crashes = { failuresLost: 0, deaths: 0 }
  const workers = { workerDeaths: 0, workerDeathsInLife: 0, workerDeathsTried: 0, killed: 0 }
  return {
    published,
    group,
    claim,
    isDirect,
    state: 'open',
    mayHaveEnded: false,
    ...counts,
    ...crashes,
    ...workers,
  }
}

/** What makes messages of effectively-once topics the same. */
export function identityOf({ kind, topic, message }: Published): string | undefined {
  return kind === 'fills' ? `${topic}/${message.identity}` : undefined
}
