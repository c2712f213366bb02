/**
 * The worker threads of a simulated process. Each runs what a real one does, on time of its own and in this thread of
 * JavaScript; doorbells and channels take a while. One ends where it stands: between two turns, within a handler, or before it
 * is ready.
 */
import type { MessageBus } from 'tickbus'
import type { FromThread, ToThread } from '#dist/client/threads/control.js'
import { GroupThread } from '#dist/client/threads/group-thread.js'
import type {
  Arrival,
  Reach,
  StartedThread,
  ThreadEvents,
  ThreadFacts,
  ThreadSystem,
} from '#dist/client/threads/thread-system.js'
import type { WorkerModule } from '#dist/client/threads/worker-module.js'
import { channelOf } from './channel.js'
import type { Handlers, Place } from './handlers.js'
import type { Ledger } from './ledger.js'
import type { Random } from './random.js'
import type { Tally, Trace } from './tally.js'
import { Killed, Thread } from './thread.js'
import type { World } from './world.js'

interface Running {
  readonly thread: Thread
  readonly group: string
  readonly events: ThreadEvents
  readonly bells: Bell[]
  isReady: boolean
  /** It ends within its next handler. */
  isDoomed: boolean
}

/** Somebody who sits in a roster. */
interface Bell {
  readonly roster: ArrayBufferLike
  readonly slot: number
  readonly ring: () => void
}

/** A doorbell is heard after so long at most, and a thread needs so long to start, or to be found dead, in nanoseconds. */
const RINGS_NS = 50_000
const STARTS_NS = 3e7
const ENDS_NS = 1e7
const STALL_MS = 400

export interface ThreadFaults {
  /** So many deaths, 0 to 1, that nobody is told of. */
  readonly hidesDeaths?: number
  /** So many doorbells that nobody hears. */
  readonly losesRings?: number
}

export class Threads implements ThreadSystem {
  /** The main thread's. */
  readonly thread = 0
  /** Of the client that is open. */
  bus: MessageBus | undefined
  /** The next thread that starts dies before it is ready. */
  diesStarting = false
  readonly #world: World
  readonly #random: Random
  readonly #handlers: Handlers
  readonly #ledger: Ledger
  readonly #tally: Tally
  readonly #trace: Trace
  readonly #faults: ThreadFaults
  #numbers = 0
  #running: Running[] = []
  /** The main thread's, one for each group. */
  #bells: Bell[] = []

  constructor(
    world: World,
    random: Random,
    handlers: Handlers,
    ledger: Ledger,
    tally: Tally,
    trace: Trace,
    faults: ThreadFaults,
  ) {
    this.#world = world
    this.#random = random
    this.#handlers = handlers
    this.#ledger = ledger
    this.#tally = tally
    this.#trace = trace
    this.#faults = faults
  }

  /** Makes the main thread reachable. */
  readonly join: Reach['join'] = (options) => {
    return this.#join(options, this.#bells, (run, ns) => void this.#world.answer(run, ns))
  }

  readonly start = (facts: ThreadFacts, events: ThreadEvents): StartedThread => {
    this.#numbers += 1
    const thread = new Thread(this.#world, this.#numbers)
    const { group } = facts
    const running: Running = { thread, group, events, bells: [], isReady: false, isDoomed: false }
    this.#running.push(running)
    const { owner, worker } = channelOf<FromThread, ToThread>(this.#world, this.#random, thread, () =>
      this.#end(running, 0),
    )
    this.#trace.say(`thread ${thread.number} of ${group} starts`)
    const isToDie = this.diesStarting
    this.diesStarting = false
    const run = (): void => {
      if (!isToDie) return void GroupThread.run(facts, worker, this.#arrivalOf(running)).catch(ignoreKilled)
      this.#tally.add('worker killed starting')
      this.#end(running, 1)
    }
    thread.arrive(run, this.#random.whole(1e5, STARTS_NS))
    return { thread: thread.number, channel: owner, terminate: () => this.#end(running, 1) }
  }

  /** Kills one: between two turns, within its next handler, or while it starts. */
  kill(): void {
    const how = this.#random.of(['now', 'now', 'handling', 'starting'] as const)
    if (how === 'starting') this.diesStarting = true
    if (how === 'starting' || this.#running.length === 0) return
    const running = this.#random.of(this.#running)
    if (how === 'handling') running.isDoomed = true
    else {
      this.#tally.add(running.isReady ? 'worker killed' : 'worker killed starting')
      this.#end(running, 1)
    }
  }

  /** One stands still for a while. */
  stall(): void {
    if (this.#running.length === 0) return
    this.#tally.add('worker stalled')
    this.#random.of(this.#running).thread.stall(this.#random.whole(1, STALL_MS))
  }

  /** No faults from now on. */
  heal(): void {
    this.diesStarting = false
    for (const running of this.#running) running.isDoomed = false
  }

  /** The process is gone. */
  reset(): void {
    for (const { thread } of this.#running) thread.end()
    this.#running = []
    this.#bells = []
    this.diesStarting = false
  }

  #arrivalOf(running: Running): Arrival {
    const { thread, bells } = running
    const wait = (mostNs: number): Promise<void> =>
      new Promise((resolve) => thread.finish(resolve, this.#random.whole(0, mostNs)))
    return {
      attach: async () => {
        await wait(STARTS_NS)
        const { epoch, schema } = this.bus!
        return {
          thread: thread.number,
          join: (options) => this.#join(options, bells, (run, ns) => thread.arrive(run, ns)),
          bus: { epoch, schema, close: () => Promise.resolve() } as never,
          // What a thread needs of it is for the backend that runs a schedule for all.
          core: {} as never,
          clock: thread,
          polling: 'off',
          busyNs: () => thread.busyNs,
        }
      },
      load: async () => {
        await wait(STARTS_NS)
        const module: WorkerModule = {
          default: this.#handlers.of(running.group, this.#placeOf(running)) as never,
          open: () => {
            if (this.#handlers.mayOpen()) running.isReady = true
            else throw new Error('it does not open')
          },
          close: () => wait(STARTS_NS),
        }
        return module
      },
    }
  }

  /** Where its handlers run. */
  #placeOf(running: Running): Place {
    const { thread } = running
    return {
      number: thread.number,
      get isGone() {
        return thread.isGone
      },
      stall: (ms) => thread.stall(ms),
      finish: (run, ns) => thread.finish(run, ns),
      mayDie: (isPoison) => {
        if (!(isPoison || running.isDoomed) || !thread.hasTurn) return
        this.#tally.add('worker killed in a handler')
        this.#end(running, 1)
        throw new Killed()
      },
    }
  }

  #join(
    { roster, slot, wake }: Parameters<Reach['join']>[0],
    bells: Bell[],
    arrive: (run: () => void, ns: number) => void,
  ): ReturnType<Reach['join']> {
    const own = { roster: roster.buffer, slot, ring: () => arrive(wake, this.#random.whole(0, RINGS_NS)) }
    bells.push(own)
    return {
      ring: (other) => {
        if (this.#random.chance(this.#faults.losesRings ?? 0)) return
        for (const bell of this.#allBells()) {
          if (bell.roster === own.roster && bell.slot === other) bell.ring()
        }
      },
      leave: () => void bells.splice(bells.indexOf(own), 1),
    }
  }

  #allBells(): Bell[] {
    return [...this.#bells, ...this.#running.flatMap(({ bells }) => bells)]
  }

  /** It ends; the main thread learns of it a little later. */
  #end(running: Running, code: number): void {
    const { thread, group, events } = running
    if (thread.isGone) return
    this.#trace.say(`thread ${thread.number} of ${group} ends, ${code}`)
    thread.end()
    this.#running.splice(this.#running.indexOf(running), 1)
    if (code === 0) this.#tally.add('worker left')
    this.#ledger.threadEnded(group, thread.number)
    if (this.#random.chance(this.#faults.hidesDeaths ?? 0)) return
    const exit = (): void => {
      this.#ledger.threadMissed(group)
      events.onExit(code)
    }
    // Perhaps before its last ring is heard.
    this.#world.answer(exit, this.#random.chance(0.3) ? 0 : this.#random.whole(0, ENDS_NS))
  }
}

function ignoreKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error
}
