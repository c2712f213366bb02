import type { AutoscalerOptions, StandIn } from '../../autoscale-core.js'
import type { Core } from '../../core.js'
import { TickbusError } from '../../errors.js'
import {
  ENVELOPE_OWNER_LEASED,
  ENVELOPE_OWNER_LEASED_IN_ORDER,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_OWNER,
  ENVELOPE_WORDS,
  PORT_WORD_ARRIVED,
} from '../../layout.js'
import type { SharedGroup } from '../../lane-core.js'
import type { Group } from '../group.js'
import type { Dealer } from './dealer.js'
import type { OnceLedger } from './once-ledger.js'
import type { Seat } from './seat.js'
import type { SharedThreadPort } from './shared-thread-port.js'
import { readStaged } from './staged.js'
import type { WorkerThread } from './worker-threads.js'

/** What the backend writes of an envelope that a thread has leased, beside the thread's slot. */
const LEASED: ReadonlySet<number> = new Set([ENVELOPE_OWNER_LEASED, ENVELOPE_OWNER_LEASED_IN_ORDER])
/**
 * How often the owner looks at what threads have settled, which they do not tell it, while something is left to settle:
 * twice as seldom after each look in vain, since handlers that take long are not waited for to the millisecond.
 */
const LOOK_MS = 1
const LOOK_MOST_MS = 8

export interface SharingOptions {
  readonly group: Group
  readonly shared: SharedGroup
  readonly port: SharedThreadPort
  readonly seat: Seat
  readonly roster: SharedArrayBuffer
  readonly core: Required<Core>
  readonly once: OnceLedger | undefined
}

/** The backend runs the schedule for all threads; the owner submits, like any of them. */
export class Sharing implements Dealer {
  readonly source: { readonly token: number }
  readonly #options: SharingOptions
  readonly #group: Group
  readonly #shared: SharedGroup
  readonly #port: SharedThreadPort
  readonly #seat: Seat
  #standIn: StandIn | undefined
  readonly #pages = new Map<WorkerThread, Int32Array>()
  #timer: NodeJS.Timeout | undefined
  #lookMs = LOOK_MS
  /** Messages that had come to no end at the last look. */
  #left = 0

  constructor(options: SharingOptions) {
    const { group, shared, port, seat } = options
    this.#options = options
    this.source = { token: shared.token }
    this.#group = group
    this.#shared = shared
    this.#port = port
    this.#seat = seat
  }

  add(thread: WorkerThread): void {
    this.#pages.set(thread, new Int32Array(thread.page))
    this.#show(thread)
  }

  /** It takes nothing more by itself. */
  retire({ slot }: WorkerThread): void {
    this.#standIn?.remove(slot)
  }

  openStandIn(limits: AutoscalerOptions): StandIn {
    const { core, group, shared, roster } = this.#options
    const { threads, hasFixedThreads } = group.settings
    this.#standIn = core.openStandIn({
      ...limits,
      token: shared.token,
      envelopes: group.envelopes.bytes,
      roster: new Uint8Array(roster),
      threads,
      hasFixedThreads,
      nowMs: group.host.clock.nowNs() / 1e6,
    })
    for (const thread of this.#pages.keys()) this.#show(thread)
    return this.#standIn
  }

  #show({ slot, page, meter }: WorkerThread): void {
    this.#standIn?.add(slot, new Uint8Array(page), new Uint8Array(meter))
  }

  remove(thread: WorkerThread): void {
    // One that has left has nothing in hand, and another one may sit in its slot by now.
    if (!this.#pages.delete(thread) || thread.hasLeft) return
    this.#standIn?.remove(thread.slot)
    this.#mourn(thread)
    const ring = this.#adopt(thread)
    if (ring > 0) this.#seat.ring(ring - 1)
  }

  /** The backend settles what a thread held that died; what becomes a dead letter by that is read before. */
  #mourn({ slot, page }: WorkerThread): void {
    const { words } = this.#group.envelopes
    const settled = new Map<number, number>()
    readStaged(page, (entry, generation) => settled.set(entry & 0xffffff, generation >>> 0))
    for (let envelope = 0; envelope * ENVELOPE_WORDS < words.length; envelope += 1) {
      const head = envelope * ENVELOPE_WORDS
      const owner = words[head + ENVELOPE_WORD_OWNER]
      if ((owner & 0xff) !== slot || !LEASED.has((owner >>> 8) & 0xff)) continue
      if (settled.get(envelope) !== words[head + ENVELOPE_WORD_GENERATION]) this.#group.mourn(envelope)
    }
  }

  #adopt({ slot, page }: WorkerThread): number {
    try {
      return this.#shared.adopt(slot, new Uint8Array(page))
    } catch (error) {
      // The backend knows best whether it had left in order.
      if (error instanceof TickbusError && error.code === 'TICKBUS_SHARED_GROUP') return 0
      throw error
    }
  }

  run(): boolean {
    const { submissions, urgent } = this.#group
    const { arrived } = submissions
    submissions.arrived = -1
    this.#group.flush()
    // Threads that are busy look at this word before each message.
    if (arrived >= urgent)
      for (const words of this.#pages.values()) Atomics.store(words, PORT_WORD_ARRIVED, arrived + 1)
    if (this.#timer === undefined) this.#lookAgain()
    return false
  }

  /** Threads settle what they have themselves, before they end. */
  abandon(): void {}

  end(): void {
    clearTimeout(this.#timer)
    this.#standIn?.end()
    this.#port.leave()
    this.#shared.close()
    this.#seat.leave()
  }

  #lookAgain(): void {
    const { once } = this.#options
    const { journal } = this.#group
    const unended = this.#group.inFlight + this.#group.queued
    if (unended === 0) once?.look()
    else once?.lookIfDue()
    // What has ended is counted a moment before it can be seen which it was.
    const left = unended + (once?.held ?? 0) + (journal?.held ?? 0)
    this.#lookMs = left === this.#left ? Math.min(2 * this.#lookMs, LOOK_MOST_MS) : LOOK_MS
    this.#left = left
    if (left > 0) this.#timer = setTimeout(this.#look, this.#lookMs).unref()
  }

  readonly #look = (): void => {
    this.#timer = undefined
    this.#group.host.schedule(this.#group)
  }
}
