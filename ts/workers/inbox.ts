import {
  RING_WORD_WANTED,
  RING_WORD_WRITER,
  WAKE_ASLEEP,
  WAKE_BUSY,
  WAKE_COUNT_ONE,
  WAKE_POLLING,
  WAKE_STATE_MASK,
} from '../layout.js'
import type { PollingWindow } from './polling.js'
import type { RingReader, Sink } from './ring-reader.js'
import type { Roster } from './roster.js'

/** Longest time that handlers of remote messages keep the event loop for themselves, in milliseconds. */
const TURN_MS = 1

/** One ring that this thread reads, who takes its records, and its writer's sleep flag: where it is, and was last. */
export interface Source {
  readonly reader: RingReader
  readonly sink: Sink
  readonly wakeWord: number
  wakeSeen: number
}

export interface InboxOptions {
  readonly roster: Roster
  readonly slot: number
  readonly window: PollingWindow
  /** Wakes a member, whatever it does. */
  readonly ringBell: (slot: number) => void
  /** Runs at the start of every turn: deaths, and what waits for room. */
  readonly beforeTurn: () => void
  /** Runs when everything has been read. */
  readonly onIdle: () => void
}

/**
 * Where other threads' messages arrive: reads all rings in turn, polls for a while when there is nothing, then sleeps
 * until it is rung. The sleep flag goes up before the last look at the rings, so that no record is overlooked.
 */
export class Inbox {
  readonly sources: Source[] = []
  readonly #options: InboxOptions
  readonly #wakeWord: number
  #closed = false
  #scheduled = false
  /** When the last record was read, and until when to poll; both on the `performance.now` clock. */
  #lastReadMs = 0
  #pollUntilMs = 0
  /** Looks that found nothing, above the bits of the state. */
  #looks = 0
  /** The sleep flag as this thread stored it last. Others change only `WAKE_ASLEEP`, to `WAKE_BUSY`. */
  #wakeStored = WAKE_BUSY

  constructor(options: InboxOptions) {
    this.#options = options
    this.#wakeWord = options.roster.wakeWord(options.slot)
  }

  /** Reads in the next turn of the event loop. */
  schedule(): void {
    if (this.#scheduled || this.#closed) return
    this.#scheduled = true
    setImmediate(this.#turn)
  }

  /** Somebody rang: reads now. */
  readonly wake = (): void => {
    if (!this.#scheduled) this.#turn()
  }

  /** Reads all that there is now, without a bound on time. */
  readAll(): void {
    for (const source of [...this.sources]) this.readOut(source)
  }

  /** Reads all that there is now in one ring. */
  readOut({ reader, sink }: Source): void {
    // What is shown meanwhile can wait, or a busy writer would never let this end.
    const most = reader.backlog
    for (let moved = 0, step = 1; moved < most && step > 0 && !this.#closed; moved += step) {
      step = reader.read(sink)
      this.#tellWriter(reader)
    }
  }

  close(): void {
    this.#closed = true
  }

  readonly #turn = (): void => {
    this.#scheduled = false
    if (this.#closed) return
    // Awake, whether somebody rang or the loop came round: nobody need ring any more.
    if (this.#wakeStored === WAKE_ASLEEP) this.#setWake(WAKE_BUSY)
    this.#options.beforeTurn()
    const startedMs = performance.now()
    const found = this.#read(startedMs)
    if (this.#closed) return
    if (found === 'more') {
      this.schedule()
    } else if (found === 'all') {
      this.#options.onIdle()
      this.#startPolling()
    } else {
      this.#goOnPolling(startedMs)
    }
  }

  /** Reads until nothing is left or the turn's time is up. */
  #read(startedMs: number): 'nothing' | 'all' | 'more' {
    let result: 'nothing' | 'all' = 'nothing'
    for (;;) {
      if (!this.#readEach()) return result
      if (result === 'nothing') {
        result = 'all'
        this.#options.window.paid(startedMs - this.#lastReadMs)
      }
      this.#lastReadMs = performance.now()
      if (this.#closed || this.#lastReadMs - startedMs > TURN_MS) return 'more'
    }
  }

  /** Reads one batch of each ring; returns whether there was any. */
  #readEach(): boolean {
    let found = false
    for (const { reader, sink } of this.sources) {
      if (this.#closed || reader.read(sink) === 0) continue
      found = true
      this.#tellWriter(reader)
    }
    return found
  }

  #startPolling(): void {
    const lengthMs = this.#options.window.lengthMs(this.#othersPolling)
    this.#pollUntilMs = this.#lastReadMs + lengthMs
    if (lengthMs === 0) this.#sleep()
    else this.#poll()
  }

  #goOnPolling(nowMs: number): void {
    if (nowMs < this.#pollUntilMs) {
      this.#looks = (this.#looks + WAKE_COUNT_ONE) | 0
      this.#poll()
      return
    }
    if (this.#pollUntilMs > 0) this.#options.window.inVain()
    this.#pollUntilMs = 0
    this.#sleep()
  }

  /** Threads that poll; one whose count stands still is busy with something else. */
  readonly #othersPolling = (): number => {
    const { control } = this.#options.roster
    let count = 0
    for (const source of this.sources) {
      const wake = Atomics.load(control, source.wakeWord)
      if ((wake & WAKE_STATE_MASK) === WAKE_POLLING && wake !== source.wakeSeen) count += 1
      source.wakeSeen = wake
    }
    return count
  }

  #poll(): void {
    this.#setWake(WAKE_POLLING | this.#looks)
    this.schedule()
  }

  #sleep(): void {
    this.#setWake(WAKE_ASLEEP)
    // Whoever shows a record after this look sees the flag, and rings.
    if (!this.sources.some(({ reader }) => reader.pending)) return
    this.#setWake(WAKE_BUSY)
    this.schedule()
  }

  /** Stores the sleep flag, unless it says so already: writers read it for every record, and a store takes its line away. */
  #setWake(wake: number): void {
    if (wake === this.#wakeStored) return
    this.#wakeStored = wake
    Atomics.store(this.#options.roster.control, this.#wakeWord, wake)
  }

  /** Rings a writer that waits for room, once half of its ring has been read. */
  #tellWriter(reader: RingReader): void {
    const { ring } = reader
    if (Atomics.load(ring.control, RING_WORD_WANTED) !== 1 || reader.backlog > ring.capacity / 2) return
    if (Atomics.compareExchange(ring.control, RING_WORD_WANTED, 1, 0) === 1) {
      this.#options.ringBell(ring.control[RING_WORD_WRITER])
    }
  }
}
