import { constants } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import { badArgument } from '../errors.js'
import type { DrainReport } from './client.js'
import { draining } from './draining.js'
import { remainsOf } from './drain-report.js'
import type { ClientStats } from './group-stats.js'
import type { Logger } from './logger.js'

/** Which signals end the process in order, and how long that may take. */
export interface SignalDrainOptions {
  /** @default ['SIGTERM', 'SIGINT'] */
  signals?: readonly NodeJS.Signals[]
  /** Longest wait for what was accepted, in milliseconds, 0 to 2,147,483,647. @default 10_000 */
  timeoutMs?: number
}

/** What a client has to offer, so that its process can end in order. */
export interface Drainable {
  stats(): ClientStats
  /** Refuses those who wait for room. */
  refuseWaiting(): void
  drain(options: { timeoutMs: number }): Promise<DrainReport>
  close(options: { timeoutMs: number }): Promise<void>
}

interface Member {
  readonly client: Drainable
  readonly signals: readonly NodeJS.Signals[]
  readonly timeoutMs: number
  /** What was left is told here, before the process exits. */
  readonly logger: Logger
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT']
const TIMEOUT_MS = 10_000
/** Nobody can listen to these. */
const DEAF: ReadonlySet<string> = new Set(['SIGKILL', 'SIGSTOP'])
/** So long may the threads of idle clients take to end. */
const CLOSE_MS = 500

/**
 * Ends the process in order when a signal comes: nothing more is taken in, all clients that have joined finish what they
 * accepted, close, and the process exits with 0. When the longest of their limits is over, or another signal comes, it
 * exits with 1, and each client says what it had left.
 */
class SignalDrain {
  readonly #members = new Set<Member>()
  readonly #listeners = new Map<NodeJS.Signals, () => void>()
  /** What the members had counted when the signal came. */
  #before: Map<Member, ClientStats> | undefined
  #isOver = false

  /** From now on a client ends with its process. Returns what takes it out. */
  join(member: Member): () => void {
    this.#members.add(member)
    this.#listen()
    return () => {
      this.#members.delete(member)
      // What comes while the last one drains counts still.
      if (this.#before === undefined) this.#listen()
    }
  }

  /** Listens to what any member listens to, and to nothing else. */
  #listen(): void {
    const wanted = new Set([...this.#members].flatMap(({ signals }) => signals))
    for (const [signal, listener] of this.#listeners) {
      if (wanted.has(signal)) continue
      process.off(signal, listener)
      this.#listeners.delete(signal)
    }
    for (const signal of wanted) {
      if (this.#listeners.has(signal)) continue
      const listener = (): void => this.#hear(signal)
      this.#listeners.set(signal, listener)
      process.on(signal, listener)
    }
  }

  #hear(signal: NodeJS.Signals): void {
    if (this.#before !== undefined) return this.#giveUp(`another signal came, ${signal}`)
    const before = new Map([...this.#members].map((member) => [member, member.client.stats()]))
    this.#before = before
    draining.isOn = true
    for (const { client, logger, timeoutMs } of before.keys()) {
      logger.info({ signal, timeoutMs }, 'draining')
      client.refuseWaiting()
    }
    this.#end([...before.keys()]).catch((error: unknown) => {
      for (const { logger } of before.keys()) logger.fatal({ err: error }, 'the drain failed')
      process.exit(1)
    })
  }

  async #end(members: readonly Member[]): Promise<void> {
    const timeoutMs = Math.max(...members.map((member) => member.timeoutMs))
    const trouble = await drained(members, timeoutMs)
    if (trouble !== undefined) return this.#giveUp(trouble)
    await Promise.all(members.map(({ client }) => client.close({ timeoutMs: CLOSE_MS })))
    if (members.some((member) => this.#lostAny(member)))
      return this.#giveUp('a client was closed before its work was done')
    if (this.#isOver) return
    this.#isOver = true
    for (const { logger } of members) logger.info('drained')
    process.exit(0)
  }

  /** Somebody else may have closed the client in the meantime. */
  #lostAny(member: Member): boolean {
    const { groups } = remainsOf(this.#before!.get(member)!, member.client.stats())
    return Object.values(groups).some(({ lost }) => lost.closed !== undefined)
  }

  /** Says what was left. Messages of journals stay there; the others go with the process. */
  #giveUp(reason: string): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const [{ client, logger }, before] of this.#before!) {
      logger.fatal({ reason, ...remainsOf(before, client.stats()) }, 'the process ends before its work is done')
    }
    const closed = [...this.#before!.keys()].map(({ client }) => client.close({ timeoutMs: 0 }))
    void Promise.allSettled(closed).then(() => process.exit(1))
    // Whatever the close waits for.
    setTimeout(() => process.exit(1), CLOSE_MS)
  }
}

const signalDrain = new SignalDrain()

/** A client ends with its process; returns what takes it out. */
export function joinSignalDrain(client: Drainable, options: Required<SignalDrainOptions>, logger: Logger): () => void {
  return signalDrain.join({ client, ...options, logger })
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function checkSignalDrain(given: unknown): Required<SignalDrainOptions> {
  if (typeof given !== 'object' || given === null) throw badArgument('drainOnSignal', 'an object', given)
  const { signals = SIGNALS, timeoutMs = TIMEOUT_MS } = given as SignalDrainOptions
  if (!isMainThread)
    throw badArgument('drainOnSignal', 'undefined outside the main thread, which gets the signals', given)
  if (!Array.isArray(signals) || signals.length === 0)
    throw badArgument('drainOnSignal.signals', 'some signals', signals)
  for (const signal of signals as unknown[]) {
    if (typeof signal === 'string' && Object.hasOwn(constants.signals, signal) && !DEAF.has(signal)) continue
    throw badArgument('drainOnSignal.signals', 'signals that can be heard, such as SIGTERM', signal)
  }
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0 && timeoutMs <= 2 ** 31 - 1)) {
    throw badArgument('drainOnSignal.timeoutMs', 'milliseconds, 0 to 2,147,483,647', timeoutMs)
  }
  return { signals: [...new Set(signals)], timeoutMs }
}

/** Lets all of them come to rest in time, and at once: handlers of one may publish to another. Says why they do not. */
async function drained(members: readonly Member[], timeoutMs: number): Promise<string | undefined> {
  const untilMs = performance.now() + timeoutMs
  for (;;) {
    const left = Math.max(0, untilMs - performance.now())
    const reports = await Promise.all(members.map(({ client }) => client.drain({ timeoutMs: left })))
    if (reports.some(({ complete }) => !complete)) {
      const journalled = reports.reduce((sum, report) => sum + report.journalled, 0)
      const isInMemory = journalled === 0 || reports.some(({ queued, inFlight }) => queued + inFlight > 0)
      return isInMemory ? `${timeoutMs} ms were not enough` : `${journalled} messages were left in a journal`
    }
    if (members.every(({ client }) => isAtRest(client.stats()))) return undefined
  }
}

function isAtRest({ groups }: ClientStats): boolean {
  return Object.values(groups).every(({ queued, inFlight }) => queued + inFlight === 0)
}
