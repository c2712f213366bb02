import { threadId } from 'node:worker_threads'
import type { Calls, Codecs, Epoch, RouteTable, TopicHandle } from '../bus/index.js'
import type { Core, Membership } from '../core.js'
import { TickbusError } from '../errors.js'
import { WAKE_BUSY } from '../layout.js'
import { type Introduction, type Notice, NoticeChannel } from './channel.js'
import { Conditions } from './conditions.js'
import { Inbox, type Source } from './inbox.js'
import { Outbox } from './outbox.js'
import { Peer, type PeerHost } from './peer.js'
import { type Polling, PollingWindow } from './polling.js'
import type { ReadStart } from './ring-reader.js'
import { Ring, type RingSizes } from './ring.js'
import type { MemberId, Roster } from './roster.js'
import { Switchboard, type Undeliverable } from './switchboard.js'

/** What a member needs of its bus. */
export interface MemberHost {
  handle(topic: string): TopicHandle
  localPatterns(): string[]
  /** The endpoints and requests of this thread. */
  readonly calls: Calls
  /** Told what other threads subscribe to. */
  readonly routes: Pick<RouteTable, 'addRemote' | 'removeRemote' | 'dropRemote'>
  onSlowReader(slots: readonly number[]): void
  onLost(thread: number, count: number): void
  onUndecodable(topic: string | undefined, error: unknown): void
  /** An endpoint of this thread threw at a message that another thread had sent. */
  onEndpointError(name: string, error: unknown): void
  onUndeliverable(undeliverable: Undeliverable): void
  /** The creator closes the bus for everybody. */
  onClose(): void
}

export interface MemberOptions {
  readonly roster: Roster
  readonly core: Core
  readonly epoch: Epoch
  /** The time on the clock of the bus. */
  readonly nowNs: () => number
  /** How to read what others send. */
  readonly codecs: Codecs
  readonly sizes: RingSizes
  readonly slackRecords: number
  readonly polling: Polling
  readonly host: MemberHost
}

/** What went to and came from one other thread. */
export interface ThreadStats {
  slot: number
  /** worker_threads id, 0 for the main thread. */
  thread: number
  /** From this thread to that one. */
  sent: number
  received: number
  lost: number
  dropped: number
  /** From that thread to this one. */
  arrived: number
  missed: number
  undecodable: number
}

/**
 * This thread's place among the threads of a bus: a slot in the roster, a ring of its own, a reader on everybody
 * else's, and the side channel on which they meet.
 *
 * Whoever joins says hello with all that the others must know; each answers with a welcome that says the same of itself,
 * and from where to read. Two that join at once may each take the other's hello for an answer.
 */
export class Member {
  readonly id: MemberId
  readonly outbox: Outbox
  readonly #roster: Roster
  readonly #host: MemberHost
  readonly #ring: Ring
  readonly #channel: NoticeChannel
  readonly #switchboard: Switchboard
  readonly #inbox: Inbox
  readonly #membership: Membership
  readonly #peerHost: PeerHost
  readonly #peers = new Map<number, { peer: Peer; source: Source }>()
  /** Notices fetched in the middle of a delivery, to be handled before the next. */
  #later: Notice[] = []
  #deathsSeen: number
  #pings = 0
  #lossTimer: NodeJS.Timeout | undefined
  /** Other threads that have yet to answer a ping, by the ping's number. */
  readonly #silent = new Map<number, Set<Peer>>()
  readonly #conditions = new Conditions((wanted) => (wanted ? this.hold() : this.release()))
  #holds = 0
  #left = false

  /** @throws {TickbusError} `TICKBUS_MEMBERS` if the bus is full. */
  constructor(options: MemberOptions) {
    const { roster, core, epoch, nowNs, host } = options
    this.#roster = roster
    this.#host = host
    this.#deathsSeen = roster.deaths
    this.#channel = new NoticeChannel(roster.token, (notice) => this.#receive(notice))
    try {
      this.id = roster.claim(threadId)
    } catch (error) {
      this.#channel.close()
      throw error
    }
    const { slot, generation } = this.id
    const ringBell = (other: number): void => this.#membership.ring(other)
    this.#ring = Ring.create(slot, options.sizes)
    this.outbox = new Outbox({
      ring: this.#ring,
      roster,
      epoch,
      nowNs,
      slackRecords: options.slackRecords,
      announceDefinition: (definition) => this.#post({ type: 'define', from: this.id, definition }),
      announceStructures: (table) => this.#post({ type: 'structures', from: this.id, table }),
      ringBell,
      onOverflow: (slots) => host.onSlowReader(slots),
    })
    this.#switchboard = new Switchboard({
      outbox: this.outbox,
      calls: host.calls,
      onEndpointError: (name, error) => host.onEndpointError(name, error),
      onUndeliverable: (undeliverable) => host.onUndeliverable(undeliverable),
      isHere: (member) => this.#knows(member),
    })
    this.#inbox = new Inbox({
      roster,
      slot,
      ringBell,
      window: new PollingWindow(options.polling),
      beforeTurn: () => this.#beforeTurn(),
      onIdle: this.#reportLosses,
    })
    this.#peerHost = {
      slot,
      epoch,
      nowNs,
      codecs: options.codecs,
      handle: (topic) => host.handle(topic),
      onCall: (name, from, call) => this.#switchboard.receiveCall(name, from, call),
      onReply: (reply) => this.#switchboard.receiveReply(reply),
      pullDefinitions: () => this.#channel.pull((notice) => this.#receiveAmidDelivery(notice)),
      onUndecodable: (topic, error) => host.onUndecodable(topic, error),
    }
    const page = new Uint8Array(roster.memory)
    this.#membership = core.join({ roster: page, slot, generation, wake: this.#inbox.wake })
    roster.goLive(slot)
  }

  /**
   * Meets everybody who is there. Keeps the event loop alive meanwhile.
   *
   * @throws {TickbusError} `TICKBUS_ATTACH_TIMEOUT` if a live thread does not answer in time.
   */
  async meet(timeoutMs: number): Promise<void> {
    this.#post({ type: 'hello', from: this.id, ...this.#introduction() })
    const others = this.#roster.live().filter(({ slot }) => slot !== this.id.slot)
    const missing = (): MemberId[] => others.filter((other) => this.#roster.isLive(other) && !this.#knows(other))
    await this.#conditions.until(
      () => missing().length === 0,
      timeoutMs,
      () =>
        unanswered(
          missing().map(({ slot }) => this.#roster.threadOf(slot)),
          timeoutMs,
        ),
    )
    this.#inbox.schedule()
  }

  /**
   * Resolves once every other thread knows this one's subscriptions.
   *
   * @throws {TickbusError} `TICKBUS_ATTACH_TIMEOUT` if a live thread does not answer in time.
   */
  async synced(timeoutMs: number): Promise<void> {
    this.#pings += 1
    const number = this.#pings
    const silent = new Set([...this.#peers.values()].map(({ peer }) => peer))
    this.#silent.set(number, silent)
    this.#post({ type: 'ping', from: this.id, number })
    const waited = (): Peer[] => [...silent].filter((peer) => this.#knows(peer.id))
    try {
      await this.#conditions.until(
        () => waited().length === 0,
        timeoutMs,
        () =>
          unanswered(
            waited().map(({ thread }) => thread),
            timeoutMs,
          ),
      )
    } finally {
      this.#silent.delete(number)
    }
  }

  /** Resolves once this thread's readers have room, or this thread has left. */
  async room(timeoutMs: number | undefined): Promise<void> {
    if (this.outbox.hasRoom) {
      this.outbox.show()
      return
    }
    let roomy = false
    void this.outbox.room().then(() => {
      roomy = true
      this.#conditions.look()
    })
    await this.#conditions.until(
      () => roomy,
      timeoutMs,
      () => new TickbusError('TICKBUS_READY_TIMEOUT', { timeoutMs: timeoutMs! }),
    )
  }

  /** Tells everybody that this thread's interest in a pattern began or ended. */
  announcePattern(pattern: string, interested: boolean): void {
    this.#post({ type: interested ? 'subscribe' : 'unsubscribe', from: this.id, pattern })
  }

  /** Tells everybody that this thread answers to a name from now on, or no longer. */
  announceEndpoint(endpoint: string, answers: boolean): void {
    this.#post({ type: answers ? 'register' : 'deregister', from: this.id, endpoint })
  }

  /** Endpoints of other threads. */
  get endpoints(): Pick<Switchboard, 'names' | 'endpoint'> {
    return this.#switchboard
  }

  /** Asks every other thread to close its bus. */
  askToClose(): void {
    this.outbox.show()
    this.#post({ type: 'close', from: this.id })
  }

  /** Keeps the event loop alive until as many `release` calls. */
  hold(): void {
    this.#holds += 1
    if (this.#holds === 1 && !this.#left) this.#channel.keepAlive(true)
  }

  release(): void {
    this.#holds -= 1
    if (this.#holds === 0 && !this.#left) this.#channel.keepAlive(false)
  }

  /** Handles everything that others have announced so far, now. */
  catchUp(): void {
    this.#channel.pull((notice) => this.#receive(notice))
  }

  /** A thread ended without leaving: marks it and tells everybody. */
  bury(thread: number): void {
    if (!this.#roster.bury(thread)) return
    for (const { slot } of this.#roster.live()) this.#membership.ring(slot)
  }

  /** Delivers everything that has been shown to this thread so far. */
  readAll(): void {
    this.#settle()
    this.#inbox.readAll()
  }

  stats(): ThreadStats[] {
    return [...this.#peers.values()].map(({ peer }) => {
      const out = this.outbox.statsOf(peer.id.slot) ?? { sent: 0, received: 0, lost: 0, dropped: 0 }
      const { received: arrived, lost: missed, undecodable } = peer.reader
      return { slot: peer.id.slot, thread: peer.thread, ...out, arrived, missed, undecodable }
    })
  }

  /** Shows what was held back, takes leave of everybody, and frees the slot. May be called twice. */
  leave(): void {
    if (this.#left) return
    this.outbox.show()
    this.#left = true
    this.#inbox.close()
    clearTimeout(this.#lossTimer)
    this.#roster.leave(this.id.slot)
    this.#channel.post({ type: 'bye', from: this.id })
    this.#channel.close()
    this.#roster.release(this.id.slot)
    this.#membership.leave()
    this.outbox.abandon()
    this.#conditions.end()
  }

  #introduction(): Introduction {
    const { topics, structures } = this.outbox.definitions
    const patterns = this.#host.localPatterns()
    const endpoints = this.#host.calls.names()
    return { thread: threadId, ring: this.#ring.memory, patterns, endpoints, topics, structures }
  }

  #post(notice: Notice): void {
    if (!this.#left) this.#channel.post(notice)
  }

  #receive(notice: Notice): void {
    this.#settle()
    this.#handle(notice)
    this.#conditions.look()
  }

  /** Takes definitions in at once; everything else may touch the ring that is being read, and waits. */
  #receiveAmidDelivery(notice: Notice): void {
    const known = this.#knows(notice.from)
    if (known && (notice.type === 'define' || notice.type === 'structures')) this.#handle(notice)
    else this.#later.push(notice)
    this.#inbox.schedule()
  }

  #settle(): void {
    while (this.#later.length > 0) this.#handle(this.#later.shift()!)
  }

  #handle(notice: Notice): void {
    if (this.#left) return
    const { from } = notice
    if (notice.type === 'hello') {
      // Its ring is new, so it is read from the start: it may write to us before we hear this.
      const start = this.#meet(from, notice, { position: 0, sent: 0 })
      this.#post({ type: 'welcome', from: this.id, to: from, start, ...this.#introduction() })
      return
    }
    if (notice.type === 'welcome') {
      if (same(notice.to, this.id) && !this.#knows(from)) this.#meet(from, notice, notice.start)
      return
    }
    const peer = this.#knows(from) ? this.#peers.get(from.slot)?.peer : undefined
    if (peer === undefined) return
    switch (notice.type) {
      case 'subscribe':
        this.#host.routes.addRemote(notice.pattern, ...maskOf(from.slot))
        break
      case 'unsubscribe':
        this.#host.routes.removeRemote(notice.pattern, ...maskOf(from.slot))
        break
      case 'register':
        this.#switchboard.registered(notice.endpoint, from.slot)
        break
      case 'deregister':
        this.#switchboard.deregistered(notice.endpoint, from.slot)
        break
      case 'define':
        peer.define(notice.definition)
        break
      case 'structures':
        peer.setStructures(notice.table)
        break
      case 'ping':
        this.#post({ type: 'pong', from: this.id, to: from, number: notice.number })
        break
      case 'pong':
        if (same(notice.to, this.id)) this.#silent.get(notice.number)?.delete(peer)
        break
      case 'bye':
        this.#forget(from.slot)
        break
      case 'close':
        this.#host.onClose()
        break
    }
  }

  #knows({ slot, generation }: MemberId): boolean {
    return this.#peers.get(slot)?.peer.id.generation === generation
  }

  /** Takes another thread in; returns where it begins to read what this one writes. */
  #meet(id: MemberId, introduction: Introduction, start: ReadStart): ReadStart {
    this.#forget(id.slot)
    const peer = new Peer(id, introduction, this.#peerHost, start)
    const source = { reader: peer.reader, sink: peer, wakeWord: this.#roster.wakeWord(id.slot), wakeSeen: WAKE_BUSY }
    this.#peers.set(id.slot, { peer, source })
    this.#inbox.sources.push(source)
    const theirStart = this.outbox.addReader(id.slot)
    for (const pattern of introduction.patterns) this.#host.routes.addRemote(pattern, ...maskOf(id.slot))
    for (const endpoint of introduction.endpoints) this.#switchboard.registered(endpoint, id.slot)
    // It may have ended before it was heard of, and nobody says so again.
    if (!this.#roster.isLive(id)) this.#deathsSeen = -1
    this.#inbox.schedule()
    return theirStart
  }

  /** Delivers what a peer had shown, then forgets it. */
  #forget(slot: number): void {
    const known = this.#peers.get(slot)
    if (known === undefined) return
    this.#inbox.readOut(known.source)
    this.#reportLoss(known.peer)
    this.#peers.delete(slot)
    this.#inbox.sources.splice(this.#inbox.sources.indexOf(known.source), 1)
    this.#host.routes.dropRemote(...maskOf(slot))
    this.#switchboard.forget(slot)
    this.outbox.removeReader(slot)
  }

  #beforeTurn(): void {
    this.#settle()
    const { deaths } = this.#roster
    if (deaths !== this.#deathsSeen) {
      this.#deathsSeen = deaths
      for (const { peer } of [...this.#peers.values()]) {
        if (!this.#roster.isLive(peer.id)) this.#forget(peer.id.slot)
      }
      this.#conditions.look()
    }
    this.outbox.pump()
  }

  readonly #reportLosses = (): void => {
    clearTimeout(this.#lossTimer)
    let settled = true
    for (const { peer } of this.#peers.values()) {
      settled = peer.reader.settle() && settled
      this.#reportLoss(peer)
    }
    // A writer was interrupted between a record and its count, which may take as long as the system likes.
    if (!settled && !this.#left) this.#lossTimer = setTimeout(this.#reportLosses, 1).unref()
  }

  #reportLoss(peer: Peer): void {
    const { lost } = peer.reader
    if (lost <= peer.reportedLost) return
    this.#host.onLost(peer.thread, lost - peer.reportedLost)
    peer.reportedLost = lost
  }
}

function maskOf(slot: number): [low: number, high: number] {
  const bit = 1 << (slot & 31)
  return slot < 32 ? [bit, 0] : [0, bit]
}

function unanswered(threads: number[], timeoutMs: number): TickbusError {
  return new TickbusError('TICKBUS_ATTACH_TIMEOUT', { threads: threads.join(', '), timeoutMs })
}

function same(a: MemberId, b: MemberId): boolean {
  return a.slot === b.slot && a.generation === b.generation
}
