/**
 * Time and the event loops of one simulated process. Everything that comes later is in one of four lines: turns, timers,
 * what the disk or another thread answers, and handlers that come to their end. Which of those that are ready goes first is
 * the seed's choice, whosever they are; promise jobs run to their end in between, as they do in Node.
 */
import type { Clock, Timer } from 'tickbus'
import type { Random } from './random.js'
import type { Tally } from './tally.js'
import { Killed, type Thread } from './thread.js'

/** Whose turn it is; undefined for the main thread. */
type Whose = Thread | undefined

interface Task {
  readonly dueNs: number
  readonly run: () => void
  readonly whose: Whose
}

/** More than that without time going by, and there is no end to it. */
const MOST_IN_A_MOMENT = 20_000
/** Timers are late by so much at most, in nanoseconds. */
const LATE_NS = 200_000

export class World implements Clock {
  /** The UNIX time at which `nowNs` was 0, in nanoseconds: it jumps. */
  unixOffsetNs = 1_700_000_000n * 1_000_000_000n
  #nowNs = 1e9
  readonly #random: Random
  readonly #tally: Tally
  readonly #lostTimers: number
  /** Turns, in order, of each thread that wants some. */
  readonly #deferred = new Map<Whose, (() => void)[]>()
  readonly #timers = new Set<Task>()
  readonly #answers = new Set<Task>()
  readonly #handlers = new Set<Task>()
  /** The thread that has its turn, as long as it lasts. */
  #running: Whose

  /** @param lostTimers Share of the timers that never ring. */
  constructor(random: Random, tally: Tally, lostTimers = 0) {
    this.#random = random
    this.#tally = tally
    this.#lostTimers = lostTimers
  }

  nowNs(): number {
    return this.#nowNs
  }

  unixNs(): bigint {
    return this.unixOffsetNs + BigInt(Math.round(this.#nowNs))
  }

  defer(run: () => void, whose?: Thread): void {
    const turns = this.#deferred.get(whose)
    if (turns === undefined) this.#deferred.set(whose, [run])
    else turns.push(run)
  }

  /** In whole milliseconds, one at least, as Node has them: a timer may be early, and is late by a little. */
  setTimer(run: () => void, ms: number, _isWeak?: boolean, whose?: Thread): Timer {
    const wholeNs = Math.max(1, Math.trunc(ms)) * 1e6
    const timer = { dueNs: nowOf(whose, this.#nowNs) + wholeNs + this.#random.whole(0, LATE_NS), run, whose }
    if (this.#lostTimers === 0 || !this.#random.chance(this.#lostTimers)) this.#timers.add(timer)
    return timer
  }

  clearTimer(timer: Timer): void {
    this.#timers.delete(timer as Task)
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size
  }

  /** The disk answers after so long, or something from another thread arrives; returns what takes that back. */
  answer(run: () => void, ns: number, whose?: Thread): () => void {
    const task = { dueNs: this.#nowNs + ns, run, whose }
    this.#answers.add(task)
    return () => this.#answers.delete(task)
  }

  /** A handler comes to its end after so long. */
  finish(run: () => void, ns: number, whose?: Thread): void {
    this.#handlers.add({ dueNs: nowOf(whose, this.#nowNs) + ns, run, whose })
  }

  /** Time goes by and nobody gets a turn: a function that does not return, or a machine that stands still. */
  stall(ms: number): void {
    this.#nowNs += ms * 1e6
  }

  /** Whether this thread has its turn, and nothing that it was promised before goes on meanwhile. */
  hasTurn(thread: Thread): boolean {
    return this.#running === thread
  }

  /** A thread is gone. */
  drop(thread: Thread): void {
    this.#deferred.delete(thread)
    for (const line of [this.#timers, this.#answers, this.#handlers]) {
      for (const task of line) if (task.whose === thread) line.delete(task)
    }
  }

  /** The process is gone. */
  reset(): void {
    this.#deferred.clear()
    this.#timers.clear()
    this.#answers.clear()
    this.#handlers.clear()
  }

  /** Runs one thing that is ready; says false if nothing is. */
  async turn(): Promise<boolean> {
    const timers = this.#ready(this.#timers)
    const answers = this.#ready(this.#answers)
    const handlers = this.#ready(this.#handlers)
    const kinds: (() => void)[] = []
    if (timers.length > 0) kinds.push(() => this.#run(this.#timers, timers[0]))
    if (answers.length > 0) kinds.push(() => this.#run(this.#answers, this.#random.of(answers)))
    if (handlers.length > 0) kinds.push(() => this.#runAny(handlers))
    for (const whose of this.#deferred.keys()) {
      if (isFree(whose, this.#nowNs)) kinds.push(() => this.#runDeferred(whose))
    }
    if (kinds.length === 0) return false
    this.#random.of(kinds)()
    await promiseJobs()
    return true
  }

  /** Runs whatever is ready now. Time stands still, but for what handlers take. */
  async settle(): Promise<void> {
    await promiseJobs()
    for (let turns = 0; await this.turn(); turns += 1) {
      if (turns > MOST_IN_A_MOMENT) throw new Error('the event loop turns without end, and time does not go by')
    }
  }

  /** Moves the time by `ms`, and runs what falls due. */
  async run(ms: number): Promise<void> {
    const endNs = this.#nowNs + ms * 1e6
    await this.settle()
    for (let next = this.#nextNs(); next <= endNs; next = this.#nextNs()) {
      this.#nowNs = Math.max(this.#nowNs, next)
      await this.settle()
    }
    this.#nowNs = Math.max(this.#nowNs, endNs)
  }

  /** Runs until a promise is settled; `mayGoOn` ends it before. The world may be all that it waits for, or not. */
  async until<T>(promise: Promise<T>, mayGoOn: () => boolean): Promise<T> {
    let isSettled = false
    const settled = (): void => void (isSettled = true)
    promise.then(settled, settled)
    await promiseJobs()
    while (!isSettled && mayGoOn()) {
      if (await this.turn()) continue
      const next = this.#nextNs()
      if (next < Infinity) this.#nowNs = Math.max(this.#nowNs, next)
      // Modules are loaded outside of this world.
      else await promiseJobs()
    }
    return isSettled ? promise : Promise.reject(new Error('it was ended'))
  }

  #runAny(handlers: readonly Task[]): void {
    const task = this.#random.of(handlers)
    if (task !== handlers[0]) this.#tally.add('completions reordered')
    this.#run(this.#handlers, task)
  }

  #run(line: Set<Task>, task: Task): void {
    line.delete(task)
    this.#turnOf(task.whose, task.run)
  }

  #runDeferred(whose: Whose): void {
    const turns = this.#deferred.get(whose)!
    const run = turns.shift()!
    if (turns.length === 0) this.#deferred.delete(whose)
    this.#turnOf(whose, run)
  }

  #turnOf(whose: Whose, run: () => void): void {
    this.#running = whose
    try {
      run()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    } finally {
      this.#running = undefined
    }
  }

  /** What is due, the earliest first. */
  #ready(line: Set<Task>): Task[] {
    const due: Task[] = []
    for (const task of line) if (task.dueNs <= this.#nowNs && isFree(task.whose, this.#nowNs)) due.push(task)
    return due.length > 1 ? due.toSorted((a, b) => a.dueNs - b.dueNs) : due
  }

  #nextNs(): number {
    let next = Infinity
    for (const line of [this.#timers, this.#answers, this.#handlers]) {
      for (const { dueNs, whose } of line) next = Math.min(next, nowOf(whose, dueNs))
    }
    for (const whose of this.#deferred.keys()) next = Math.min(next, nowOf(whose, this.#nowNs))
    return next
  }
}

/** The time for a thread, which may be busy beyond what it is for others. */
function nowOf(whose: Whose, nowNs: number): number {
  return whose === undefined ? nowNs : Math.max(nowNs, whose.busyUntilNs)
}

function isFree(whose: Whose, nowNs: number): boolean {
  return nowOf(whose, nowNs) <= nowNs
}

/** All promise jobs that are ready, and those that they make ready, run before the next turn of the real loop. */
export function promiseJobs(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
