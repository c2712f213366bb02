/**
 * What was asked of a client and what came of it, written down by those who publish and handle, and held against its
 * promises. It knows nothing of how the client works; counters of the client are compared with it, never believed.
 */
import { type ClientStats, type DeadLetter, type Delivery, type GroupStats, isMatching } from 'tickbus'
import {
  type Copy,
  type Ending,
  identityOf,
  newCopy,
  type Published,
  type Run,
  Side,
  SYNCED,
  WRITTEN,
} from './copies.js'
import { DURABLE, type GroupPlan, type Message, type Plan, type TopicKind } from './plan.js'
import type { Tally } from './tally.js'

/** Most handlers of a group that are under way at once. */
const SLOTS_MOST = 50

export class Ledger {
  /** The first promise that was broken. */
  broken: string | undefined
  readonly #plan: Plan
  readonly #tally: Tally
  readonly #sides: ReadonlyMap<string, Side>
  readonly #published = new Map<number, Published>()
  #life = 1
  #isClosing = false

  constructor(plan: Plan, tally: Tally) {
    this.#plan = plan
    this.#tally = tally
    this.#sides = new Map(plan.groups.map((group) => [group.name, new Side(group)]))
  }

  get hasPending(): boolean {
    for (const { status } of this.#published.values()) if (status === 'pending') return true
    return false
  }

  /** Handlers under way whose word still counts. */
  get live(): number {
    return [...this.#sides.values()].reduce((sum, { live }) => sum + live.size, 0)
  }

  // Publishers.

  publishing(message: Message, kind: TopicKind, topic: string, isAwaited: boolean): Published {
    const isDurable = (DURABLE as readonly string[]).includes(kind)
    const isJournalled = isDurable && this.#plan.hasJournal
    const rest = { status: 'pending' as const, safety: 0, mayBeLost: false, id: 0 }
    const copies = new Map<string, Copy>()
    const published: Published = {
      message,
      kind,
      topic,
      isDurable,
      isJournalled,
      isAwaited,
      life: this.#life,
      copies,
      ...rest,
    }
    for (const [group, side] of this.#sides) {
      if (!side.plan.patterns.some((pattern) => isMatching(topic, pattern))) continue
      const claim = this.#claim(side, topic, isJournalled)
      const isDirect = [...side.patterns].some((pattern) => isMatching(topic, pattern))
      copies.set(group, newCopy(published, group, claim, isDirect))
      // What is acknowledged for a group that it is not for is taken for handled by it after a restart.
      const identity = identityOf(published)
      if (identity !== undefined && claim !== 'due') side.mayBeHandled.add(identity)
    }
    this.#published.set(message.n, published)
    return published
  }

  #claim(side: Side, topic: string, isJournalled: boolean): Copy['claim'] {
    if ([...side.patterns].some((pattern) => isMatching(topic, pattern))) return 'due'
    if (!side.hasEverSubscribed) return 'none'
    if (!isJournalled) return 'none'
    const known = [...side.before].filter(([pattern]) => isMatching(topic, pattern))
    return known.some(([, safety]) => safety === SYNCED) ? 'due' : 'possible'
  }

  accepted(published: Published, safety = 0): void {
    if (published.status === 'unknown' && published.life < this.#life) return
    published.status = 'accepted'
    published.safety = Math.max(published.safety, safety)
  }

  refused(published: Published): void {
    published.status = 'refused'
  }

  unknown(published: Published): void {
    published.status = 'unknown'
    published.mayBeLost = true
  }

  // Groups.

  subscribed(group: string, pattern: string, nowNs: number): void {
    const side = this.#sides.get(group)!
    side.sinceNs ??= nowNs
    // A timer may be early by less than a millisecond.
    if (nowNs - side.sinceNs >= (side.plan.options.maxBlockMs! - 1) * 1e6) side.isLate = true
    side.patterns.add(pattern)
    side.hasEverSubscribed = true
    for (const { status, topic, copies } of this.#published.values()) {
      const copy = copies.get(group)
      // Whoever waits for room may be taken before or after.
      if (copy?.claim === 'none' && status === 'pending' && isMatching(topic, pattern)) copy.claim = 'possible'
    }
  }

  began(group: string, message: Message, delivery: Delivery, thread: number): Run | undefined {
    const published = this.#published.get(message.n)
    const copy = published?.copies.get(group)
    if (published === undefined || copy === undefined)
      return this.#break(`${group} got ${message.n}, which is not for it`)
    const name = `${message.n} in ${group}`
    const side = this.#sides.get(group)!
    const { key } = delivery
    const identity = identityOf(published)
    const run: Run = { copy, delivery, thread, isOver: false, hasFailed: false }
    if (published.status === 'refused') this.#break(`${name} was delivered, though it was refused`)
    if (copy.claim === 'none' && !published.isAwaited) this.#break(`${name} is from before the group was there`)
    if (copy.state !== 'open') this.#break(`${name} was delivered after its end: ${copy.state}`)
    if (!published.isJournalled && published.life < this.#life) this.#break(`${name} is of a life before`)
    if (published.id !== 0 && published.id !== delivery.id) this.#break(`${name} has changed its id`)
    published.id = delivery.id
    this.#checkAttempt(name, copy, side.plan, delivery.attempt)
    if (key !== undefined && side.plan.options.order === 'key') this.#checkKey(side, key, run)
    if (identity !== undefined) {
      if (side.handled.has(identity)) this.#break(`${name} was delivered, though ${identity} is handled`)
      const other = side.liveByIdentity.get(identity)
      if (other !== undefined) this.#break(`${name} is live, and so is another ${identity}`)
      side.liveByIdentity.set(identity, run)
    }
    if (copy.killed >= 2) this.#break(`${name} was with two threads that ended, and is delivered again`)
    copy.starts += 1
    side.live.add(run)
    return run
  }

  #checkAttempt(name: string, copy: Copy, { options }: GroupPlan, attempt: number): void {
    const most = copy.published.isDurable ? options.maxDeliver! : 1
    if (attempt > most) this.#break(`${name} has attempt ${attempt} of ${most}`)
    if (copy.failures >= most + copy.failuresLost + this.#life - 1)
      this.#break(`${name} was tried ${copy.failures + 1} times, ${most} at most`)
    if (copy.firstAttempt === 0) copy.firstAttempt = attempt
    const least = copy.firstAttempt + copy.failuresInLife + copy.killed
    const longest = copy.firstAttempt + copy.failuresInLife + copy.workerDeathsTried
    if (attempt < least || attempt > longest) this.#break(`${name} has attempt ${attempt}, and it is the ${least}th`)
    const { failures, deaths, workerDeaths } = copy
    if (attempt > 1 + failures + deaths + workerDeaths) {
      const ends = `${deaths} crashes and ${workerDeaths} ends of threads`
      this.#break(`${name} has attempt ${attempt} after ${failures} failures, ${ends}`)
    }
  }

  #checkKey(side: Side, key: string, run: Run): void {
    const { published, group } = run.copy
    const live = side.liveByKey.get(key)
    const name = `${published.message.n} in ${group}`
    if (live !== undefined) this.#break(`${name} and ${live.copy.published.message.n} of key ${key} are live at once`)
    const last = side.lastByKey.get(key)
    if (last !== undefined) {
      const isEarlier = run.delivery.id < last.id
      // Keys do not wait for ever for patterns that the group had before: then each brings what was left of it.
      const areOneLine = !side.isLate || (this.#isDirect(run) && last.isDirect)
      const areSynchronous = !published.isAwaited && !last.published.isAwaited
      const isOvertaken = areSynchronous && published.message.n < last.published.message.n
      if (areOneLine && (isEarlier || isOvertaken))
        this.#break(`${name} came after ${last.published.message.n} of key ${key}`)
    }
    side.liveByKey.set(key, run)
    side.lastByKey.set(key, { id: run.delivery.id, published, isDirect: this.#isDirect(run) })
  }

  /** Whether the group subscribed to it when it was published: it was not read back when that was done again. */
  #isDirect({ copy: { isDirect, published } }: Run): boolean {
    return isDirect && published.life === this.#life
  }

  /** A handler says its word, or its time is up. The first that counts is told; later ones change nothing. */
  ended(run: Run, ending: Ending): void {
    if (run.isOver) return
    const { copy } = run
    const { published } = copy
    const side = this.#sides.get(copy.group)!
    if (this.#isClosing) return this.#endedWhileClosing(run, ending)
    this.#release(run)
    // What becomes of it stands in the thread's memory until the owner looks there.
    if (run.thread > 0) side.untold.add(copy)
    if (ending === 'acked') {
      if (copy.state === 'acked') this.#break(`${published.message.n} in ${copy.group} was acknowledged twice`)
      copy.state = 'acked'
      copy.safety = 0
      side.acked += 1
      const identity = identityOf(published)
      if (identity !== undefined) side.handled.set(identity, 0)
      return
    }
    if (ending !== 'postponed') {
      copy.failures += 1
      copy.failuresInLife += 1
    }
    if (published.isDurable) return
    copy.state = 'lost'
    if (ending === 'fenced') side.timedOut += 1
    else side.failed += 1
  }

  /** A worker thread is gone, and with it the handlers that were under way there. What it had come to still counts. */
  threadEnded(group: string, thread: number): void {
    if (this.#isClosing) return
    const side = this.#sides.get(group)!
    for (const run of [...side.live]) if (run.thread === thread) this.#killed(side, run)
  }

  /** The owner learns that a thread is gone: until now it may have given it whatever there was. */
  threadMissed(group: string): void {
    const side = this.#sides.get(group)!
    for (const { copies } of this.#published.values()) {
      const copy = copies.get(group)
      if (copy === undefined || (copy.state !== 'open' && !side.untold.has(copy))) continue
      copy.workerDeaths += 1
      copy.workerDeathsInLife += 1
      if (copy.firstAttempt > 0) copy.workerDeathsTried += 1
    }
  }

  #killed(side: Side, run: Run): void {
    const { copy } = run
    this.#release(run)
    copy.killed += 1
    this.#tally.add('handler killed')
    if (copy.published.isDurable) return
    copy.state = 'lost'
    side.workerLost += 1
  }

  /** A client that closes may still take the word, or let the message come again. */
  #endedWhileClosing(run: Run, ending: Ending): void {
    const { copy } = run
    if (ending === 'acked' || ending === 'terminated') copy.mayHaveEnded = true
    else if (ending !== 'postponed' && !run.hasFailed) {
      copy.failures += 1
      run.hasFailed = true
    }
    const identity = identityOf(copy.published)
    if (ending === 'acked' && identity !== undefined) this.#sides.get(copy.group)!.mayBeHandled.add(identity)
  }

  died({ group, message, reason }: DeadLetter): void {
    const copy = this.#published.get((message as Message | undefined)?.n ?? -1)?.copies.get(group)
    if (copy === undefined) return void this.#break(`a dead letter of ${group} is of no message`)
    const side = this.#sides.get(group)!
    // It is told of before the signal of a handler whose time is up.
    for (const run of side.live) if (run.copy === copy) this.ended(run, 'fenced')
    if (copy.state !== 'open') this.#break(`${copy.published.message.n} in ${group} died after its end: ${copy.state}`)
    if (!copy.published.isDurable) this.#break(`${copy.published.message.n} may be lost and is a dead letter`)
    if (reason === 'workerLost') this.#checkWorkerLost(side, copy)
    copy.state = 'dead'
    copy.safety = 0
    side.dead += 1
    const identity = identityOf(copy.published)
    if (identity !== undefined) side.died.add(identity)
    // Once its letter has made room for others, nobody can tell after a restart that it was not handled.
    if (identity !== undefined && this.#plan.client.deadLetterCapacity! < 100) side.mayBeHandled.add(identity)
    this.#tally.add(`dead letter: ${reason}`)
  }

  #checkWorkerLost({ plan }: Side, copy: Copy): void {
    const { failures, deaths, workerDeaths, workerDeathsInLife, group, published } = copy
    this.#tally.add('quarantined', workerDeathsInLife > 0 ? 1 : 0)
    if (workerDeathsInLife > 1 || failures + deaths + workerDeaths >= plan.options.maxDeliver!) return
    const ends = `${deaths} crashes, ${workerDeaths} ends of threads`
    this.#break(`${published.message.n} in ${group} died by ${ends} and ${failures} failures`)
  }

  #release(run: Run): void {
    run.isOver = true
    const { copy, delivery } = run
    const side = this.#sides.get(copy.group)!
    side.live.delete(run)
    const { key } = delivery
    if (key !== undefined && side.liveByKey.get(key) === run) side.liveByKey.delete(key)
    const identity = identityOf(copy.published)
    if (identity !== undefined && side.liveByIdentity.get(identity) === run) side.liveByIdentity.delete(identity)
  }

  // The disk.

  /** All that was said up to now is as safe as that. */
  isSafe(safety: number): void {
    for (const published of this.#published.values()) {
      if (!published.isJournalled) continue
      if (published.status === 'accepted' && published.safety < safety) published.safety = safety
      for (const copy of published.copies.values()) {
        if (this.#sides.get(copy.group)!.untold.has(copy)) continue
        copy.failuresNoted = copy.failuresInLife
        if (copy.state !== 'open') copy.safety = Math.max(copy.safety, safety)
      }
    }
    for (const side of this.#sides.values()) {
      const untold = new Set([...side.untold].map(({ published }) => identityOf(published)))
      for (const [identity, known] of side.handled) {
        if (!untold.has(identity)) side.handled.set(identity, Math.max(known, safety))
      }
      for (const pattern of side.patterns) side.before.set(pattern, Math.max(side.before.get(pattern) ?? 0, safety))
    }
  }

  /** The process ends; what is not as safe as that may be gone. */
  crashed(safety: number): void {
    this.#countCrash(safety)
    this.#end(safety)
  }

  /** Words that handlers say from now on may count or not. */
  closing(): void {
    this.#isClosing = true
  }

  /** The client was closed, and had something to say against it or not. */
  closed(isWhole: boolean): void {
    // What threads had come to before is found, whatever became of them.
    for (const side of this.#sides.values()) side.untold.clear()
    if (isWhole) this.isSafe(SYNCED)
    else this.#countCrash(WRITTEN)
    this.#end(isWhole ? SYNCED : WRITTEN)
  }

  /** Failures may be forgotten; and what was in hand counts as one, but for what is of this life: of that nothing is noted as it begins. */
  #countCrash(safety: number): void {
    for (const { life, copies } of this.#published.values()) {
      for (const copy of copies.values()) {
        copy.failuresLost += copy.failuresInLife - (safety === SYNCED ? 0 : copy.failuresNoted)
        if (life < this.#life) copy.deaths += 1
      }
    }
  }

  #end(safety: number): void {
    this.#life += 1
    this.#isClosing = false
    for (const published of this.#published.values()) this.#endOf(published, safety)
    for (const side of this.#sides.values()) {
      for (const run of side.live) run.isOver = true
      side.live.clear()
      side.liveByKey.clear()
      side.liveByIdentity.clear()
      side.lastByKey.clear()
      for (const [identity, known] of side.handled) {
        if (known >= safety && this.#remembersHandled && !side.died.has(identity)) continue
        side.handled.delete(identity)
        side.mayBeHandled.add(identity)
      }
      for (const pattern of side.patterns) if (!side.before.has(pattern)) side.before.set(pattern, 0)
      // What a crash did not take is as safe as can be: recovery syncs it.
      for (const [pattern, known] of side.before) side.before.set(pattern, known >= safety ? SYNCED : 0)
      side.patterns.clear()
      side.sinceNs = undefined
      side.isLate = false
      side.untold.clear()
      side.acked = side.dead = side.failed = side.timedOut = side.workerLost = 0
    }
  }

  #endOf(published: Published, safety: number): void {
    if (published.status === 'pending') this.unknown(published)
    if (published.safety < safety) published.mayBeLost = true
    for (const copy of published.copies.values()) {
      copy.firstAttempt = 0
      copy.failuresInLife = 0
      copy.failuresNoted = 0
      copy.workerDeathsInLife = copy.workerDeathsTried = copy.killed = 0
      if (!published.isJournalled) {
        if (copy.state === 'open') copy.state = 'lost'
      } else if (copy.state === 'acked' && copy.safety < safety) {
        copy.state = 'open'
        copy.mayHaveEnded = true
      }
    }
  }

  /** A client was opened: its dead letters from before. Where there are fewer places than letters, the oldest are gone. */
  reopened(letters: readonly DeadLetter[], areAll: boolean): void {
    const kept = new Set(letters.map(({ group, message }) => `${(message as Message | undefined)?.n}/${group}`))
    for (const { message, copies, isJournalled } of this.#published.values()) {
      for (const copy of isJournalled ? copies.values() : []) {
        if (copy.state !== 'dead') continue
        // A letter is kept before its message is let go of: it may die twice.
        if (kept.has(`${message.n}/${copy.group}`) || !areAll) copy.mayHaveEnded = true
        copy.state = 'open'
      }
    }
  }

  /** Whether the journal keeps what everybody has acknowledged, and so what was handled once. */
  get #remembersHandled(): boolean {
    const { journal } = this.#plan.client
    return typeof journal === 'object' && journal.retainBytes! > 0
  }

  // At every step.

  check(stats: ClientStats): void {
    for (const [group, side] of this.#sides) {
      const seen = stats.groups[group]
      if (seen === undefined) continue
      const { copies, queued, inFlight, delivered, duplicates, dead, dropped } = seen
      const sum = delivered + dead + queued + inFlight + droppedOf(seen)
      if (sum !== copies) this.#break(`${group} accounts for ${sum} of ${copies} copies`)
      // What threads have come to stands in their memory until the owner looks there.
      const isTold = inFlight === side.live.size
      if (inFlight < side.live.size || (side.plan.threads === 0 && !isTold))
        this.#break(`${group} has ${inFlight} in flight, and ${side.live.size} are`)
      if (isTold) side.untold.clear()
      const compare = (what: string, counted: number, are: number): void => {
        if (isTold ? counted !== are : counted > are) this.#break(`${group} has ${counted} ${what}, and ${are} are`)
      }
      compare('delivered', delivered, side.acked + duplicates)
      compare('dead', dead, side.dead)
      compare('failed', dropped.failed, side.failed)
      compare('timed out', dropped.timedOut, side.timedOut)
      this.#checkLanes(group, seen)
    }
  }

  #checkLanes(group: string, { lanes }: GroupStats): void {
    for (const [lane, { queued, spilled }] of Object.entries(lanes)) {
      // What comes back to be tried again has its room, whoever has come meanwhile.
      const most = this.#plan.client.lanes![lane]!.capacity! + SLOTS_MOST
      if (queued - spilled > most)
        this.#break(`lane ${lane} of ${group} holds ${queued - spilled}, and ${most} at most`)
    }
  }

  // At rest.

  /** Nothing waits and nothing is under way: what may be lost is counted, all else has come to its end. */
  checkAtRest(stats: ClientStats, isAnyInDoubt: boolean): void {
    for (const [group, { queued, inFlight, dropped }] of Object.entries(stats.groups)) {
      if (queued + inFlight > 0) this.#break(`${group} comes to no rest: ${queued} wait, ${inFlight} are in flight`)
      let due = 0
      let possible = 0
      for (const { copies, isDurable, status, life } of this.#published.values()) {
        const copy = copies.get(group)
        if (copy === undefined || isDurable || life < this.#life || status !== 'accepted') continue
        if (copy.state === 'open' && copy.claim === 'due') due += 1
        if (copy.state === 'open' && copy.claim === 'possible') possible += 1
      }
      const { workerLost } = this.#sides.get(group)!
      const counted = dropped.overflow + dropped.conflated + dropped.shed + dropped.expired + dropped.workerLost
      if (counted < due + workerLost || counted > due + workerLost + possible)
        this.#break(`${group} counts ${counted} as let go, and ${due + workerLost} were`)
    }
    for (const published of this.#published.values()) {
      if (published.status === 'pending') this.#break(`${published.message.n} waits for room for ever`)
      // What a failed sync has left in doubt may wait for the next opening, and with it what comes behind it in its key.
      if (!isAnyInDoubt) this.#checkEnd(published)
    }
  }

  /** After the last opening: no message is open any more. */
  checkEnds(): void {
    for (const published of this.#published.values()) this.#checkEnd(published)
  }

  #checkEnd(published: Published): void {
    if (!published.isDurable || published.status !== 'accepted' || published.mayBeLost) return
    for (const { claim, state, mayHaveEnded, group } of published.copies.values()) {
      if (claim !== 'due' || state !== 'open' || mayHaveEnded) continue
      const identity = identityOf(published)
      const { handled, mayBeHandled } = this.#sides.get(group)!
      if (identity !== undefined && (handled.has(identity) || mayBeHandled.has(identity))) continue
      this.#break(`${published.message.n} in ${group} was accepted and is lost`)
    }
  }

  #break(what: string): undefined {
    this.broken ??= what
  }
}

function droppedOf({ dropped }: GroupStats): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0)
}
