import { PORT_WORD_SLOTS } from '../../layout.js'
import type { PollingWindow } from '../../workers/index.js'
import type { Clock } from '../clock.js'
import type { RecentTime } from '../recent-time.js'
import type { Runner } from '../runner.js'
import type { Meter } from '../scaling/index.js'
import type { ThreadWork } from './thread-work.js'

/** Longest time that handlers keep the event loop for themselves. */
const TURN_NS = 1_000_000
/** How often it takes stock of what handlers take, while it runs some. */
const STOCK_NS = 5_000_000
/** A look that finds nothing takes the loop no longer than that: what goes beyond are handlers that went on meanwhile. */
const LOOK_NS = 20_000

export interface ThreadLoopOptions {
  readonly runner: Runner
  readonly work: ThreadWork
  readonly time: RecentTime
  readonly meter: Meter
  /** The page of the thread's port. */
  readonly page: SharedArrayBuffer
  readonly window: PollingWindow
  /** Says to others of the group whether this thread polls; and how many of them do. */
  readonly setPolling: (isPolling: boolean) => void
  readonly othersPolling: () => number
  readonly clock: Clock
  /** How long the thread has computed so far, in nanoseconds. */
  readonly busyNs: () => number
}

/**
 * Runs a group's messages in one of its threads: for a millisecond at most in each turn of the event loop. When there is
 * nothing it looks again for a while, then rests until it is rung. How many handlers may be under way stands in its port: it
 * begins once that is more than none.
 */
export class ThreadLoop {
  readonly #options: ThreadLoopOptions
  readonly #words: Int32Array
  #scheduled = false
  #ended = false
  /** When something was run last, and until when to poll. */
  #lastRunNs = 0
  #pollUntilNs = 0
  /** When the last look ended, if it found nothing and is to be followed by another one; and what such looks took in all. */
  #lookedNs = 0
  #lookingNs = 0
  /** When stock was taken last; what the thread had computed before its first turn, to load its module for one thing. */
  #stockNs = 0
  #beforeNs = NaN

  constructor(options: ThreadLoopOptions) {
    this.#options = options
    this.#words = new Int32Array(options.page)
  }

  /** Runs in the next turn of the event loop. */
  readonly schedule = (): void => {
    if (this.#scheduled || this.#ended || this.#slots === 0) return
    this.#scheduled = true
    this.#options.clock.defer(this.#turn)
  }

  /** Somebody rang: runs now. */
  readonly wake = (): void => {
    if (!this.#scheduled && this.#slots > 0) this.#turn()
  }

  end(): void {
    this.#ended = true
  }

  /** None for a spare thread, which is ready and runs nothing. */
  get #slots(): number {
    return Atomics.load(this.#words, PORT_WORD_SLOTS)
  }

  readonly #turn = (): void => {
    this.#scheduled = false
    if (this.#ended) return
    const { runner, work, time } = this.#options
    const slots = this.#slots
    if (slots !== runner.slots) this.#resize(slots)
    if (Number.isNaN(this.#beforeNs)) this.#beforeNs = this.#options.busyNs()
    const startedNs = time.nowNs()
    if (this.#lookedNs > 0) this.#lookingNs += Math.min(startedNs - this.#lookedNs, LOOK_NS)
    this.#lookedNs = 0
    const before = work.leased
    const isMore = runner.run(startedNs + TURN_NS)
    const nowNs = time.nowNs()
    time.forget()
    if (work.leased !== before) this.#found(startedNs, nowNs)
    if (isMore) this.schedule()
    else if (nowNs < this.#pollUntilNs) this.#poll(nowNs)
    else this.#rest()
    // What it computes and what it does so for come to rest together.
    if (nowNs - this.#stockNs > STOCK_NS || !this.#scheduled) this.#takeStock(nowNs)
  }

  #resize(slots: number): void {
    const { runner, work } = this.#options
    runner.resize(slots)
    // It may have asked for what there is no slot for any more.
    work.wantNothing()
  }

  #takeStock(nowNs: number): void {
    const { meter, busyNs } = this.#options
    if (!meter.isExact) return
    this.#stockNs = nowNs
    meter.takeStock(nowNs, busyNs() - this.#beforeNs - this.#lookingNs)
  }

  #found(startedNs: number, nowNs: number): void {
    const { window, othersPolling, setPolling } = this.#options
    setPolling(false)
    window.paid((startedNs - this.#lastRunNs) / 1e6)
    this.#lastRunNs = nowNs
    const lengthMs = window.lengthMs(othersPolling)
    this.#pollUntilNs = lengthMs === 0 ? 0 : nowNs + lengthMs * 1e6
  }

  #poll(nowNs: number): void {
    this.#lookedNs = nowNs
    this.#options.setPolling(true)
    this.schedule()
  }

  #rest(): void {
    const { window, work, setPolling } = this.#options
    if (this.#pollUntilNs > 0) window.inVain()
    this.#pollUntilNs = 0
    setPolling(false)
    if (!work.rest()) this.schedule()
  }
}
