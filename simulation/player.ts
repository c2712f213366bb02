/**
 * Plays one seed: a client on simulated time and a simulated disk, publishers, handlers, and what goes wrong. One process
 * dies and another one opens what it left, as often as the seed says; at the end all faults stop, and everything has to come
 * to its end.
 */
import { BufferedMessageBusClient, type ClientStats, MessageBus, TickbusError } from 'tickbus'
import { Handlers } from './handlers.js'
import { Crashed, Disk } from './disk.js'
import { SYNCED, WRITTEN } from './copies.js'
import { Ledger } from './ledger.js'
import { type Client, type Message, type Plan, planOf, schema, STEPS, WORKERS_MOST } from './plan.js'
import { Publishers } from './publishers.js'
import { Random } from './random.js'
import { Tally, Trace } from './tally.js'
import { type System, systemOf } from './system.js'
import { type ThreadFaults, Threads } from './threads.js'
import { promiseJobs, World } from './world.js'

/** A fault of the client, built in on purpose: the simulation has to find it. */
export interface Mutant extends ThreadFaults {
  /** Takes the place of what the client counts. */
  readonly stats?: (stats: ClientStats) => ClientStats
  /** Groups that are said to keep the order of keys do not. */
  readonly ignoresKeys?: boolean
  /** A handler is called once more for so many of its messages, as if they had come twice. */
  readonly twice?: number
  /** So many writes, 0 to 1, are said to be done and are not. */
  readonly forgetsWrites?: number
  /** So many timers never ring. */
  readonly losesTimers?: number
}

export interface Played {
  readonly seed: number
  /** Number of the line of the trace at which a promise was broken, and which; undefined for none. */
  readonly fault: { readonly step: number; readonly what: string } | undefined
  readonly digest: string
  readonly lines: readonly string[]
  readonly tally: Tally
}

/** A promise was broken. */
class Broken extends Error {}

/** Longest that everything may take to come to its end once faults have stopped, in milliseconds. */
const REST_MS = 240_000
const STALL_MS = 400

export async function play(seed: number, isTraced = false, mutant: Mutant = {}): Promise<Played> {
  const player = new Player(seed, isTraced, mutant)
  return player.play()
}

class Player {
  readonly #random: Random
  readonly #tally = new Tally()
  readonly #trace: Trace
  readonly #plan: Plan
  readonly #world: World
  readonly #disk: Disk
  readonly #system: System
  readonly #ledger: Ledger
  readonly #handlers: Handlers
  readonly #publishers: Publishers
  readonly #threads: Threads
  readonly #mutant: Mutant
  #bus: MessageBus | undefined
  #client: Client | undefined
  /** A write was refused for good: the journal may have failed. */
  #mayHaveFailed = false
  /** The threads of a group have ended too often: it has fewer, or none. */
  #hasTooFewThreads = false
  /** What is yet to be subscribed: a group's place in the plan, and a pattern of it. */
  #toSubscribe: [group: number, pattern: string][] = []

  constructor(seed: number, isTraced: boolean, mutant: Mutant) {
    this.#random = new Random(seed)
    this.#plan = planOf(seed, this.#random)
    this.#world = new World(this.#random, this.#tally, mutant.losesTimers)
    this.#trace = new Trace(isTraced, () => this.#world.nowNs())
    this.#disk = new Disk(this.#world, this.#random, this.#tally, mutant.forgetsWrites)
    this.#system = systemOf(this.#world, this.#disk, this.#random)
    this.#ledger = new Ledger(this.#plan, this.#tally)
    this.#handlers = new Handlers(this.#plan, this.#world, this.#random, this.#ledger, this.#tally, this.#trace)
    this.#publishers = new Publishers(this.#plan, this.#random, this.#ledger, this.#tally, this.#trace)
    this.#threads = new Threads(
      this.#world,
      this.#random,
      this.#handlers,
      this.#ledger,
      this.#tally,
      this.#trace,
      mutant,
    )
    this.#mutant = mutant
  }

  async play(): Promise<Played> {
    let fault: Played['fault']
    try {
      await this.#play()
    } catch (error) {
      const what = error instanceof Broken ? error.message : `an error that nobody expects: ${(error as Error).stack}`
      fault = { step: this.#trace.step, what }
    }
    const { lines } = this.#trace
    return { seed: this.#plan.seed, fault, digest: this.#trace.digest(), lines, tally: this.#tally }
  }

  async #play(): Promise<void> {
    await this.#open()
    for (let step = 0; step < this.#plan.steps; step += 1) {
      await this.#step()
      // Its operator opens it anew, sooner or later.
      if (this.#hasTooFewThreads && this.#random.chance(0.1)) await this.#reopen()
      await promiseJobs()
      this.#check()
    }
    await this.#stopFaults()
  }

  async #step(): Promise<void> {
    const random = this.#random
    const kind = random.weighted(this.#plan.weights)
    if (STEPS.indexOf(kind) > STEPS.indexOf('pass')) this.#say(kind)
    switch (kind) {
      case 'publish':
        for (let left = random.whole(1, 8); left > 0; left -= 1) this.#publishers.publish(this.#publishers.next())
        return
      case 'publishAwaited':
        return this.#publishers.publishAwaited(this.#publishers.next())
      case 'publishDuplicate':
        return this.#publishers.publishDuplicate()
      case 'turn':
        for (let left = random.whole(1, 6); left > 0; left -= 1) await this.#world.turn()
        return
      case 'pass':
        return this.#world.run(random.of([0.2, 1, 5, 20, 100, 500]))
      case 'stall':
        this.#tally.add('stall')
        return this.#world.stall(random.whole(1, STALL_MS))
      case 'resize': {
        this.#tally.add('resize')
        const { name, threads } = random.of(this.#plan.groups)
        return this.#client!.resize(name, random.whole(1, 50), threads > 0 ? random.whole(1, WORKERS_MOST) : undefined)
      }
      case 'killWorker':
        for (let left = random.whole(0, 20); left > 0; left -= 1) await this.#world.turn()
        return this.#threads.kill()
      case 'stallWorker':
        return this.#threads.stall()
      case 'jump':
        this.#tally.add('clock jump')
        this.#world.unixOffsetNs += BigInt(random.whole(-86_400, 86_400)) * 1_000_000_000n
        return
      case 'fullDisk':
        this.#disk.isFull = true
        return
      case 'slowDisk':
        this.#disk.isSlow = true
        return
      case 'failSync':
        this.#disk.failingSyncs = random.whole(1, 2)
        return
      case 'failWrite':
        this.#disk.failingWrites = 1
        this.#mayHaveFailed = true
        return
      case 'healDisk':
        return this.#healDisk()
      case 'kill':
      case 'cutPower':
        this.#crash(kind)
        return this.#open()
      case 'dieOpening':
        this.#crash(random.of(['kill', 'cutPower'] as const))
        this.#disk.callsLeft = random.whole(0, 25)
        return this.#open()
      case 'reopen':
        return this.#reopen()
      case 'subscribe':
        return this.#subscribe()
    }
  }

  // The process.

  /** Opens a client, after a crash on the way as well. */
  async #open(): Promise<void> {
    for (let attempts = 0; ; attempts += 1) {
      if (attempts > 30) throw new Broken('the client cannot be opened')
      try {
        return await this.#tryOpen()
      } catch (error) {
        this.#say(`not opened: ${String(error)}`)
        if (error instanceof Crashed) {
          this.#tally.add('died opening')
          this.#crash(this.#random.of(['kill', 'cutPower'] as const))
        } else if (isOfFullDisk(error)) {
          this.#tally.add('opened on a full disk')
          await this.#bus!.close()
          this.#healDisk()
        } else throw error
      }
    }
  }

  async #tryOpen(): Promise<void> {
    const { groups, client: options } = this.#plan
    const unixNs = this.#world.unixNs()
    // A bus counts its times from when it was opened, and the clock of the simulation goes on.
    this.#bus = new MessageBus({
      backend: 'js',
      schema: schema as never,
      polling: 'off',
      epoch: unixNs - BigInt(Math.round(this.#world.nowNs())),
    })
    this.#threads.bus = this.#bus
    const opening = BufferedMessageBusClient.open(this.#bus as unknown as MessageBus<{}>, {
      ...options,
      clock: this.#world,
      system: this.#system,
      threads: this.#threads,
      random: this.#random.number,
      logger: silent,
    })
    const client = await this.#alive(opening)
    this.#client = client
    this.#publishers.client = client
    client.on('handlerError', () => {})
    client.on('workerLost', () => this.#tally.add('worker lost'))
    client.on('restartLimit', () => {
      this.#tally.add('workers beyond help')
      this.#hasTooFewThreads = true
    })
    client.on('deadLetter', (letter) => {
      this.#say(`dead ${(letter.message as Message | undefined)?.n} in ${letter.group}: ${letter.reason}`)
      this.#ledger.died(letter)
    })
    this.#toSubscribe = groups.flatMap(({ patterns }, nth) =>
      patterns.map((pattern): [number, string] => [nth, pattern]),
    )
    const isRoomy = options.deadLetterCapacity! > 100
    this.#ledger.reopened(client.deadLetters.list(), isRoomy)
    const { last, tornBytes } = client.journal?.recovered ?? { last: 0, tornBytes: 0 }
    this.#tally.add('recovered', last > 0 ? 1 : 0)
    this.#say(`open, recovered up to ${last}, cut ${tornBytes}`)
    // Some groups come at once, others later.
    for (let left = this.#random.whole(1, this.#toSubscribe.length); left > 0; left -= 1) await this.#subscribe()
    this.#disk.callsLeft = Infinity
  }

  /** Waits for something, unless the process dies meanwhile. */
  async #alive<T>(promise: Promise<T>): Promise<T> {
    try {
      return await this.#world.until(promise, () => !this.#disk.hasDied)
    } catch (error) {
      throw this.#disk.hasDied ? new Crashed() : error
    }
  }

  async #subscribe(): Promise<void> {
    const next = this.#toSubscribe[0]
    if (next === undefined) return
    const [nth, pattern] = next
    const { name, options, threads } = this.#plan.groups[nth]
    const handler = threads > 0 ? new URL(`simulated:${name}`) : this.#handlers.inMain(name, this.#mutant.twice)
    const order = this.#mutant.ignoresKeys === true ? 'none' : options.order!
    this.#handlers.publishFrom = () => this.#publishers.publish(this.#publishers.next('ticks'))
    try {
      const terms = { ...options, order, group: name, onExpired: this.#expired }
      await this.#alive(this.#client!.subscribe(pattern, handler as never, terms))
    } catch (error) {
      if (this.#mayHaveFailed && isCoded(error, 'TICKBUS_JOURNAL_UNWRITTEN')) return this.#say('not subscribed: failed')
      if (isCoded(error, 'TICKBUS_WORKER_MODULE')) return this.#say(`not subscribed: ${name} ${pattern}, no threads`)
      if (!isOfFullDisk(error)) throw error
      this.#tally.add('subscribed on a full disk')
      this.#say(`not subscribed: ${name} ${pattern}`)
      return this.#healDisk()
    }
    this.#toSubscribe.shift()
    this.#say(`subscribed ${name} ${pattern}`)
    this.#ledger.subscribed(name, pattern, this.#world.nowNs())
  }

  readonly #expired = (): void => this.#tally.add('expired')

  #crash(kind: 'kill' | 'cutPower'): void {
    this.#tally.add(kind === 'kill' ? 'process killed' : 'power cut')
    if (kind === 'kill') this.#disk.kill()
    else this.#disk.cutPower()
    this.#world.reset()
    this.#threads.reset()
    this.#handlers.reset()
    this.#hasTooFewThreads = false
    this.#ledger.crashed(kind === 'kill' ? WRITTEN : SYNCED)
    this.#mayHaveFailed = false
    const { isFull } = this.#disk
    this.#healDisk()
    this.#disk.isFull = isFull && this.#random.chance(0.5)
  }

  async #close(): Promise<void> {
    this.#ledger.closing()
    let isWhole = true
    const client = this.#client!
    const bus = this.#bus!
    let isOver = false
    const closing = client
      .close({ timeoutMs: this.#random.of([0, 50]) })
      .catch(() => (isWhole = false))
      .finally(() => (isOver = true))
    for (let left = 1_000; !isOver && left > 0; left -= 1) {
      await this.#world.run(10)
      if (left === 900) this.#healDisk()
    }
    if (!isOver) throw new Broken('the close comes to no end')
    await closing
    await bus.close()
    this.#tally.add(isWhole ? 'closed' : 'closed with a loss')
    this.#say(`closed, ${isWhole ? 'whole' : 'not whole'}`)
    // Whatever is left of it does nothing any more; the system has what it was given.
    this.#disk.kill()
    this.#world.reset()
    this.#threads.reset()
    this.#handlers.reset()
    this.#hasTooFewThreads = false
    this.#ledger.closed(isWhole)
    this.#mayHaveFailed = false
  }

  async #reopen(): Promise<void> {
    await this.#close()
    await this.#open()
  }

  #healDisk(): void {
    this.#disk.isFull = false
    this.#disk.isSlow = false
    this.#disk.failingSyncs = 0
    this.#disk.failingWrites = 0
  }

  // What has to hold.

  #check(): void {
    const client = this.#client!
    const stats = client.stats()
    this.#ledger.check(this.#mutant.stats?.(stats) ?? stats)
    this.#checkBounds()
    this.#noteSafety()
    if (this.#ledger.broken !== undefined) throw new Broken(this.#ledger.broken)
  }

  #checkBounds(): void {
    const { deadLetters, journal } = this.#client!
    const { deadLetterCapacity } = this.#plan.client
    if (deadLetters.size > deadLetterCapacity!) throw new Broken(`${deadLetters.size} dead letters are kept`)
    if (journal !== undefined) {
      const { waitingBytes, state } = journal.stats()
      if (waitingBytes > 2 * 65_536) throw new Broken(`${waitingBytes} bytes wait to be written`)
      if (state === 'failed' && !this.#mayHaveFailed)
        throw new Broken('the journal has failed, and no write was refused for good')
    }
    const most = 20 + 16 * this.#plan.groups.length + this.#publishers.messages
    if (this.#world.timers > most) throw new Broken(`${this.#world.timers} timers are set`)
  }

  /** What the disk has by now may not be lost from here on. */
  #noteSafety(): void {
    const journal = this.#client!.journal
    if (journal === undefined || !this.#disk.isQuiet) return
    const { state, waitingBytes } = journal.stats()
    if (state !== 'running' || waitingBytes > 0) return
    this.#ledger.isSafe(this.#disk.isSynced ? SYNCED : WRITTEN)
  }

  async #stopFaults(): Promise<void> {
    this.#healDisk()
    this.#handlers.areFine = true
    this.#threads.heal()
    this.#say('faults stop')
    // What was on its way to the disk may fail yet.
    await this.#world.run(1_000)
    if (this.#client!.journal?.state === 'failed') {
      this.#crash('kill')
      await this.#open()
    } else if (this.#hasTooFewThreads) await this.#reopen()
    await this.#rest()
    this.#ledger.checkAtRest(this.#client!.stats(), this.#tally.of('sync error') > 0)
    this.#check()
    await this.#close()
    await this.#open()
    await this.#rest()
    this.#ledger.checkEnds()
    this.#check()
    await this.#close()
  }

  async #rest(): Promise<void> {
    while (this.#toSubscribe.length > 0) await this.#subscribe()
    const client = this.#client!
    let isDone = false
    void client.drain().then(() => (isDone = true))
    for (let ms = 0; ms < REST_MS && !(isDone && !this.#ledger.hasPending); ms += 500) {
      await this.#world.run(500)
      this.#check()
    }
    if (!isDone) throw new Broken('what was accepted comes to no end, though all faults have stopped')
    // What is on its way to where it is kept.
    await this.#world.run(1_000)
  }

  #say(what: string): void {
    this.#trace.say(what)
  }
}

function isOfFullDisk(error: unknown): boolean {
  return isCoded(error, 'TICKBUS_JOURNAL_FULL') || isCoded(error, 'TICKBUS_JOURNAL_GROUPS')
}

function isCoded(error: unknown, code: string): boolean {
  return error instanceof TickbusError && error.code === code
}

const nothing = (): void => {}
const silent = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => silent,
}
