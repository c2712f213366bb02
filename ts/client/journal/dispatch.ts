import type { BusInside } from '../../bus/index.js'
import type { Journal, JournalRecord } from '../../delivery/index.js'
import type { GroupHost } from '../group-host.js'
import type { ClientTerms } from '../topic-intake.js'
import { type DispatchAfter, DispatchLine, type Journalled } from './dispatch-line.js'

export interface DispatchOptions {
  readonly journal: Journal
  readonly host: GroupHost
  /** How many lanes the client has. */
  readonly lanes: number
  /** Something was dispatched or given up: there may be room, and something to read back. */
  readonly advanced: () => void
}

/**
 * The way of journalled messages to groups, other threads and handlers: each goes once it is as safe as its topic asks, and
 * not before what its key has on the way.
 */
export class Dispatch {
  readonly #options: DispatchOptions
  readonly #journal: Journal
  readonly #inside: BusInside
  readonly #written = new DispatchLine()
  readonly #synced = new DispatchLine()
  /** Messages that are not dispatched yet, by lane. */
  readonly #awaiting: number[]
  /** Sequences that a failed sync has left in doubt before they were dispatched: groups get them after the next open. */
  readonly #givenUp = new Set<number>()
  #isShut = false

  constructor(options: DispatchOptions) {
    this.#options = options
    this.#journal = options.journal
    this.#inside = options.host.inside
    this.#awaiting = Array.from({ length: options.lanes }, () => 0)
  }

  /** Messages on their way. */
  get size(): number {
    return this.#written.size + this.#synced.size
  }

  /** Those of them that will take a lane. */
  awaiting(lane: number): number {
    return this.#awaiting[lane]
  }

  /** A message was appended. */
  add(message: Journalled, after: DispatchAfter = 'written'): void {
    const { key, lane } = message
    const line =
      after === 'synced' || this.#synced.has(key)
        ? this.#synced
        : after === 'written' || this.#written.has(key)
          ? this.#written
          : undefined
    if (line === undefined) return this.#dispatch(message)
    this.#awaiting[lane] += 1
    line.add(message)
    this.#watch(line)
  }

  /** Nothing is dispatched any more. */
  shut(): void {
    this.#isShut = true
    this.#written.clear()
    this.#synced.clear()
  }

  /** Whether a message is on its way, or given up: read back it would come before others of its key. */
  holdsBack(sequence: number): boolean {
    return this.#written.holds(sequence) || this.#synced.holds(sequence) || this.#givenUp.has(sequence)
  }

  /** Whether a message that is written is also as safe as its topic asks. */
  isAsSafeAsAsked({ sequence, message: { topic } }: JournalRecord): boolean {
    if (sequence <= this.#journal.recovered.last) return true
    if (this.#inside.find(topic).type.options.dispatchAfter !== 'synced') return true
    return this.#isSafe(this.#synced, sequence)
  }

  #watch(line: DispatchLine): void {
    const { first } = line
    if (line.isWatched || first === undefined) return
    line.isWatched = true
    const safe = line === this.#synced ? this.#journal.synced(first.sequence) : this.#journal.written(first.sequence)
    const goOn = (): void => {
      line.isWatched = false
      this.#advance()
    }
    const giveUp = (error: unknown): void => {
      // One that was handed over with it failed.
      if (this.#isSafe(line, first.sequence)) return goOn()
      // Whoever awaits its receipt is told; after the next open its groups may get it.
      if (line.first === first) {
        this.#awaiting[line.shift().lane] -= 1
        this.#givenUp.add(first.sequence)
      }
      this.#options.host.troubled(error, first.topic, 'a journalled message is not dispatched')
      goOn()
    }
    void safe.then(goOn, giveUp)
  }

  /** What waits for less comes first: of one key it is older. */
  #advance(): void {
    if (this.#isShut) return
    this.#advanceLine(this.#written)
    this.#advanceLine(this.#synced)
    this.#options.advanced()
  }

  #advanceLine(line: DispatchLine): void {
    for (let next = line.first; next !== undefined && this.#isSafe(line, next.sequence); next = line.first) {
      this.#awaiting[line.shift().lane] -= 1
      this.#dispatch(next)
    }
    this.#watch(line)
  }

  /** Whether a message is as safe as those have to be that a line gives out. */
  #isSafe(line: DispatchLine, sequence: number): boolean {
    const journal = this.#journal
    if (line === this.#written) return sequence <= journal.lastWritten
    return sequence <= journal.lastSynced && journal.doubtOf(sequence) === undefined
  }

  #dispatch({ sequence, topic, message, priority, key, expiresNs, id }: Journalled): void {
    const { host } = this.#options
    const deadlineMs = expiresNs < 0 ? -1 : Math.max(0, expiresNs - host.time.nowNs()) / 1e6
    try {
      const terms: ClientTerms = { host, priority, key, deadlineMs, id, sequence }
      this.#inside.find(topic).offer(message, terms)
    } catch (error) {
      if (this.#inside.isClosed()) return
      // What a handler throws, where the bus lets it; there is no publish call any more that could throw it.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
