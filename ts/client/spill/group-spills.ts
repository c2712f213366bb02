import type { Codecs, Views } from '../../bus/index.js'
import { ENVELOPE_DOUBLE_DEADLINE, ENVELOPE_DOUBLE_QUEUED, ENVELOPE_DOUBLES } from '../../layout.js'
import type { Timer } from '../clock.js'
import type { GroupHost } from '../group-host.js'
import type { GroupTopic } from '../group-topic.js'
import type { LaneTable } from '../lane-table.js'
import { DROPPED, REFUSED, SPILLED, type Submissions } from '../submissions.js'
import type { SpillDirectory } from './spill-directory.js'
import { type SpillRefusal, SpillQueue } from './spill-queue.js'
import { SpilledKeys } from './spilled-keys.js'
import { SpillFormat, type SpilledTerms } from './spilled-message.js'

/** Where a client's lanes spill to, and how what they spilled is read. */
export interface Spilling {
  readonly directory: SpillDirectory
  readonly codecs: Codecs
}

/** What spilled lanes need of their group. */
export interface SpillingGroup {
  readonly group: string
  readonly host: GroupHost
  readonly lanes: LaneTable
  readonly envelopes: Views
  readonly submissions: Submissions
  readonly settings: { readonly order: 'key' | 'none' }
  readonly closed: boolean
  topicWith(number: number): GroupTopic
  /** Nothing of a topic is spilled any more. */
  unspilled(topic: GroupTopic): void
  /** Puts a reserved message into the queue. */
  commit(envelope: number, topic: GroupTopic, lane: number): void
  /** Runs it in the next turn. */
  wake(): void
}

/** A message that has its place in a file, and is not there yet. */
interface Reserved {
  readonly topic: GroupTopic
  readonly key: string | undefined
  /** Whose file it goes to. */
  readonly via: number
  readonly record: Buffer
}

const MIB = 1024 * 1024
/** So many messages come back at once: handlers wait for them. */
const BATCH = 128
/** Topics with something spilled are held in memory. */
const TOPICS_MOST = 65_536
const RETRY_MS = 5

/**
 * What does not fit the lanes of a group that spill. It lies in a queue for each of them, and comes back as there is room. Until
 * a queue is empty, all that is published to its lane goes through it; and so does, whatever its lane, what has a key of which
 * some message is in it.
 */
export class GroupSpills {
  /** Messages that were let go of at the close, and those that the disk lost. */
  closed = 0
  lost = 0
  readonly refusals: Record<SpillRefusal, number> = { full: 0, failed: 0 }
  readonly #group: SpillingGroup
  readonly #format: SpillFormat
  /** By lane; undefined for those that do not spill. */
  readonly #queues: readonly (SpillQueue | undefined)[]
  /** By lane: topics of which something is in its queue, and how much. */
  readonly #topics: readonly Map<GroupTopic, number>[]
  readonly #keys: SpilledKeys | undefined
  /** Innermost last: what is published while a message is encoded. */
  readonly #reserved: Reserved[] = []
  #retry: Timer | undefined

  constructor(group: SpillingGroup, { directory, codecs }: Spilling) {
    const { host, lanes } = group
    this.#group = group
    this.#format = new SpillFormat(codecs, host.epoch, host.settings.payloadBytes)
    this.#keys = group.settings.order === 'key' ? new SpilledKeys() : undefined
    this.#topics = lanes.lanes.map(() => new Map())
    this.#queues = lanes.lanes.map(({ overflow, spillMb }, lane) => {
      if (overflow !== 'spill') return undefined
      const capacityBytes = Math.floor(spillMb * MIB)
      return new SpillQueue({
        file: directory.file(capacityBytes),
        capacityBytes,
        budget: host.budget,
        onReadable: () => group.wake(),
        onFault: (error, lost) => this.#fail(lane, error, lost),
      })
    })
  }

  /** Messages in all files, and on the way there and back. */
  get count(): number {
    return this.#queues.reduce((sum, queue) => sum + (queue?.count ?? 0), 0)
  }

  /** Copies that are counted nowhere else. */
  get copies(): number {
    return this.count + this.closed + this.lost
  }

  /** Those in the file of a lane. */
  countOf(lane: number): number {
    return this.#queues[lane]?.count ?? 0
  }

  /** Whether what is published to a lane, without a key, has to follow what is spilled. */
  isSpilling(lane: number): boolean {
    const queue = this.#queues[lane]
    return queue !== undefined && queue.count > 0
  }

  /** Whether what is published to a lane has to follow something that is spilled. */
  holdsBack(lane: number, key: string | undefined): boolean {
    return this.#followed(lane, key) >= 0
  }

  /** As {@link Submissions.reserve} does, or says SPILLED. */
  reserve(
    topic: GroupTopic,
    message: unknown,
    lane: number,
    key: string | undefined,
    deadlineNs: number,
    id: number,
  ): number {
    let via = this.#followed(lane, key)
    if (via < 0) {
      const envelope = this.#group.submissions.reserve(topic, message, lane, key, deadlineNs, id)
      if (envelope !== REFUSED || this.#queues[lane] === undefined) return envelope
      via = lane
    }
    const queuedNs = this.#group.host.time.nowNs()
    const terms = {
      topic: topic.number,
      lane,
      key,
      id,
      queuedNs,
      deadlineNs: deadlineNs < 0 ? 0 : queuedNs + deadlineNs,
    }
    return this.#reserve(topic, message, via, terms)
  }

  /** Whose file a message has to follow into; -1 for none. */
  #followed(lane: number, key: string | undefined): number {
    const via = key === undefined || this.#keys === undefined ? -1 : this.#keys.laneOf(key)
    return via < 0 && this.isSpilling(lane) ? lane : via
  }

  #reserve(topic: GroupTopic, message: unknown, via: number, terms: SpilledTerms): number {
    const queue = this.#queues[via]!
    // Looked at first: to encode what is refused is a waste when there is too much already.
    const early = queue.refusal(0) ?? (this.#hasTopicsEnough(topic, via) ? 'full' : undefined)
    if (early !== undefined) return this.#refuse(early)
    const record = this.#format.write(topic.name, topic.type, message, terms)
    const refusal = queue.refusal(record.length)
    if (refusal !== undefined) return this.#refuse(refusal)
    this.#reserved.push({ topic, key: terms.key, via, record })
    return SPILLED
  }

  /** Gives up what was reserved last. */
  cancel(): void {
    this.#reserved.pop()
  }

  /** Takes in what was reserved last. */
  commit(): void {
    const { topic, key, via, record } = this.#reserved.pop()!
    if (this.#group.closed) {
      this.closed += 1
      return
    }
    this.#queues[via]!.push(record)
    if (key !== undefined) this.#keys?.add(key, via)
    topic.spilled += 1
    const topics = this.#topics[via]!
    topics.set(topic, (topics.get(topic) ?? 0) + 1)
  }

  /** Lets some messages back into their lanes, as far as there is room. Says how many. */
  refill(): number {
    let taken = 0
    for (const [via, queue] of this.#queues.entries()) {
      while (queue !== undefined && queue.count > 0 && !this.#group.closed) {
        const record = queue.peek()
        if (record === undefined) break
        if (taken === BATCH) return taken
        if (!this.#takeBack(record, queue, via)) break
        taken += 1
      }
    }
    return taken
  }

  /** Lets go of everything, as closed. */
  close(): void {
    this.closed += this.count
    if (this.#retry !== undefined) this.#group.host.clock.clearTimer(this.#retry)
    for (const lane of this.#topics.keys()) this.#forget(lane)
    for (const queue of this.#queues) void queue?.close()
  }

  /** Says whether there was room. */
  #takeBack(record: Buffer, queue: SpillQueue, via: number): boolean {
    const { submissions, envelopes, host, group } = this.#group
    const { topic: number, lane, key, id, queuedNs, deadlineNs } = this.#format.terms(record)
    if (!submissions.hasRoom(lane)) return false
    const topic = this.#group.topicWith(number)
    let envelope = REFUSED
    try {
      envelope = submissions.reserve(topic, this.#format.message(record), lane, key, deadlineNs > 0 ? 0 : -1, id)
    } catch (error) {
      this.lost += 1
      host.troubled(error, group, 'a spilled message cannot be read')
      this.#leave(queue, via, topic, key)
      return true
    }
    if (envelope === REFUSED) return this.#tryLater()
    if (envelope === DROPPED) submissions.drop(lane)
    else {
      const at = envelope * ENVELOPE_DOUBLES
      envelopes.doubles[at + ENVELOPE_DOUBLE_QUEUED] = queuedNs
      envelopes.doubles[at + ENVELOPE_DOUBLE_DEADLINE] = deadlineNs
      this.#group.commit(envelope, topic, lane)
    }
    this.#leave(queue, via, topic, key)
    return true
  }

  /** There is no memory, which other groups may give back: nobody tells when. */
  #tryLater(): false {
    if (this.#retry !== undefined) return false
    this.#retry = this.#group.host.clock.setTimer(
      () => {
        this.#retry = undefined
        this.#group.wake()
      },
      RETRY_MS,
      true,
    )
    return false
  }

  /** A message is no longer in a queue. */
  #leave(queue: SpillQueue, via: number, topic: GroupTopic, key: string | undefined): void {
    queue.shift()
    if (key !== undefined) this.#keys?.remove(key)
    const topics = this.#topics[via]!
    const count = topics.get(topic)! - 1
    if (count > 0) topics.set(topic, count)
    else topics.delete(topic)
    topic.spilled -= 1
    if (topic.spilled === 0) this.#group.unspilled(topic)
    if (queue.count === 0) this.#forget(via)
  }

  /** What a lane's queue has lost cannot be told by key and topic: once it is empty, nothing of any is in it. */
  #forget(via: number): void {
    const topics = this.#topics[via]!
    if (topics.size === 0) return
    this.#keys?.clear(via)
    for (const [topic, count] of topics) {
      topic.spilled -= count
      if (topic.spilled === 0) this.#group.unspilled(topic)
    }
    topics.clear()
  }

  #fail(via: number, error: unknown, lost: number): void {
    const { host, group, lanes } = this.#group
    this.lost += lost
    const what = lost > 0 ? `${lost} spilled messages cannot be read and are lost` : 'it refuses what does not fit'
    host.troubled(error, group, `lane ${lanes.lanes[via]!.name} cannot use its spill file: ${what}`)
    if (this.#queues[via]!.count === 0) this.#forget(via)
    this.#group.wake()
  }

  #refuse(refusal: SpillRefusal): number {
    this.refusals[refusal] += 1
    return REFUSED
  }

  #hasTopicsEnough(topic: GroupTopic, via: number): boolean {
    const topics = this.#topics[via]!
    return topics.size >= TOPICS_MOST && !topics.has(topic)
  }
}
