/** Handlers that do what a seed says: most are fine, some fail, hang, take long, block the thread or say words. */
import type { Delivery } from 'tickbus'
import type { Ending, Run } from './copies.js'
import type { Ledger } from './ledger.js'
import type { Message, Plan } from './plan.js'
import type { Random } from './random.js'
import type { Tally, Trace } from './tally.js'
import type { World } from './world.js'

/** The thread in which a handler runs. */
export interface Place {
  /** worker_threads id, 0 for the main thread. */
  readonly number: number
  /** It does nothing else for so long. */
  stall(ms: number): void
  /** A handler comes to its end after so long. */
  finish(run: () => void, ns: number): void
  /** It has ended. */
  readonly isGone: boolean
  /** @throws {Killed} if this is where it ends: at a message that kills its thread, or by chance */
  mayDie(isPoison: boolean): void
}

type Handler = (message: Message, delivery: Delivery) => unknown

export class Handlers {
  /** From now on all return soon, or resolve. */
  areFine = false
  /** Publishes something from within a handler. */
  publishFrom: () => void = () => {}
  readonly #plan: Plan
  readonly #random: Random
  readonly #ledger: Ledger
  readonly #tally: Tally
  readonly #trace: Trace
  /** One for each group: subscribing the same pair again changes nothing. */
  #byGroup = new Map<string, Handler>()
  readonly #main: Place

  constructor(plan: Plan, world: World, random: Random, ledger: Ledger, tally: Tally, trace: Trace) {
    this.#plan = plan
    this.#random = random
    this.#ledger = ledger
    this.#tally = tally
    this.#trace = trace
    this.#main = {
      number: 0,
      isGone: false,
      stall: (ms) => world.stall(ms),
      finish: (run, ns) => world.finish(run, ns),
      mayDie: () => {},
    }
  }

  /** The process is gone, and they with it. */
  reset(): void {
    this.#byGroup = new Map()
  }

  /** A group's handler in the main thread. */
  inMain(group: string, twice = 0): Handler {
    let handler = this.#byGroup.get(group)
    if (handler === undefined) {
      const handle = this.of(group, this.#main)
      handler = (message, delivery) => {
        if (twice > 0 && this.#random.chance(twice)) void handle(message, delivery)
        return handle(message, delivery)
      }
      this.#byGroup.set(group, handler)
    }
    return handler
  }

  /** The same in any thread. */
  of(group: string, place: Place): Handler {
    return (message, delivery) => this.#handle(group, message, delivery, place)
  }

  /** Whether the module of a worker thread opens. */
  mayOpen(): boolean {
    if (this.areFine || !this.#random.chance(this.#plan.conduct.refuses)) return true
    this.#tally.add('worker refused')
    return false
  }

  #handle(group: string, message: Message, delivery: Delivery, place: Place): unknown {
    if (place.isGone) return NEVER
    const { n } = message
    this.#trace.say(`begin ${n}/${delivery.attempt} in ${group}`)
    const run = this.#ledger.began(group, message, delivery, place.number)
    if (run === undefined) return undefined
    place.mayDie(this.#isPoison(message))
    delivery.signal.addEventListener('abort', () => {
      if (!run.isOver) this.#tally.add('given up')
      this.#end(run, 'fenced')
    })
    return this.areFine ? this.#behave(run, place) : this.#misbehave(run, place)
  }

  /** Some messages kill the thread that handles them, each time. */
  #isPoison({ n }: Message): boolean {
    const { poisons } = this.#plan.conduct
    return !this.areFine && poisons > 0 && n % Math.ceil(1 / poisons) === 0
  }

  #behave(run: Run, place: Place): unknown {
    if (this.#random.chance(0.5)) return this.#acknowledge(run)
    return this.#later(run, place, this.#random.whole(1, 5_000) * 1e3, () => this.#end(run, 'acked'))
  }

  #misbehave(run: Run, place: Place): unknown {
    const random = this.#random
    const { throws, rejects, hangs, slow, words, blocks } = this.#plan.conduct
    if (random.chance(blocks)) {
      this.#tally.add('blocking handler')
      place.stall(random.whole(1, 30))
    }
    if (place.number === 0 && random.chance(0.02)) this.publishFrom()
    if (random.chance(words)) return this.#speak(run, place)
    if (random.chance(throws)) {
      this.#tally.add('threw')
      this.#end(run, 'failed')
      throw new Error('thrown')
    }
    if (random.chance(hangs)) return this.#hang(run, place)
    const isSlow = random.chance(slow)
    if (isSlow) this.#tally.add('slow handler')
    const ns = isSlow ? random.whole(1e6, 3e8) : random.whole(1e3, 3e6)
    if (random.chance(rejects)) {
      return this.#later(run, place, ns, () => {
        this.#tally.add('rejected')
        this.#end(run, 'failed')
        throw new Error('rejected')
      })
    }
    return random.chance(0.4) ? this.#acknowledge(run) : this.#later(run, place, ns, () => this.#end(run, 'acked'))
  }

  /** Comes to no end before its time is up, where it has one; says a word then that is too late. */
  #hang(run: Run, place: Place): unknown {
    this.#tally.add('hanging handler')
    const ns = this.#random.whole(1_000, 20_000) * 1e6
    return this.#later(run, place, ns, () => {
      if (run.isOver) this.#tally.add('late word')
      run.delivery.ack()
      this.#end(run, 'acked')
    })
  }

  /** Says a word before its end, now or in between. */
  #speak(run: Run, place: Place): unknown {
    const { delivery } = run
    const word = this.#random.of(['ack', 'nack', 'retryLater', 'terminate', 'extend'] as const)
    const delayMs = this.#random.of([0, 1, 30])
    this.#tally.add(`word: ${word}`)
    const say = (): void => {
      if (run.isOver) this.#tally.add('late word')
      switch (word) {
        case 'ack':
          this.#end(run, 'acked')
          return delivery.ack()
        case 'nack':
          this.#end(run, 'failed')
          return delivery.nack({ delayMs })
        case 'retryLater':
          this.#end(run, 'postponed')
          return delivery.retryLater({ delayMs: delayMs + 5 })
        case 'terminate':
          this.#end(run, 'terminated')
          return delivery.terminate('by the simulation')
        case 'extend':
          return delivery.extend()
      }
    }
    if (this.#random.chance(0.3)) {
      say()
      if (word === 'extend') this.#end(run, 'acked')
      return undefined
    }
    return this.#later(run, place, this.#random.whole(1e3, 2e7), () => {
      say()
      return this.#later(run, place, this.#random.whole(1e3, 2e7), () => {
        // Its word counts, whatever comes of it.
        if (word === 'extend') this.#end(run, 'acked')
        else if (this.#random.chance(0.3)) throw new Error('after its word')
      })
    })
  }

  #acknowledge(run: Run): undefined {
    this.#end(run, 'acked')
  }

  #later(run: Run, place: Place, ns: number, end: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      place.finish(() => {
        this.#trace.say(`end ${run.copy.published.message.n} in ${run.copy.group}`)
        try {
          resolve(end())
        } catch (error) {
          reject(error as Error)
        }
      }, ns)
    })
  }

  #end(run: Run, ending: Ending): void {
    this.#ledger.ended(run, ending)
  }
}

const NEVER = new Promise(() => {})
