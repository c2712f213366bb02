import type { Journal, JournalRecord } from '../../delivery/index.js'
import {
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORDS,
  OUTCOME_DEAD,
  OUTCOME_DELIVERED,
} from '../../layout.js'
import type { Group } from '../group.js'
import type { GroupTopic } from '../group-topic.js'
import { RECOVERED_FLAG } from '../submissions.js'
import type { TopicIntake } from '../topic-intake.js'
import { AwaitedKeys } from './awaited-keys.js'
import { Behind } from './behind.js'

/** Most records that are read back at once. */
const READ_MOST = 1_024

/** What a group's part of the journal needs of the client's. */
export interface GroupJournalHost {
  readonly journal: Journal
  /** Whether a message that is written is also as safe as its topic asks. */
  mayDispatch(record: JournalRecord): boolean
  /** Whether a message comes by itself, in its turn, or after the next open alone. */
  holdsBack(sequence: number): boolean
  /** Whether the group ever subscribed to it, and may do so again. */
  awaits(consumer: string, topic: string): boolean
  /** What was read back, as it was published. Throws if it cannot be had. */
  decode(record: JournalRecord): unknown
  /** Looks again once something more is written. */
  watch(sequence: number): void
  /** A message can never be given to the group: it is a dead letter. Resolves once that is kept. */
  undeliverable(group: Group, record: JournalRecord, error: unknown): Promise<void>
  /** Resolves when it is the turn of a message with which a process has died, with what is called when that has come to an end. */
  suspect(): Promise<() => void>
  /** A promise that the close waits for. */
  pending(work: Promise<unknown>): void
}

/** A message in one of the group's envelopes. */
interface Held {
  readonly sequence: number
  /** Of the envelope, which tells whether another thread has settled the message. */
  readonly generation: number
  /** Whether it may end by its deadline, which another thread tells before it gives the envelope back. */
  readonly expires: boolean
  /** The attempt that is noted as under way; 0 for none. */
  begun: number
  /** Lets others have their turn that are suspect. */
  leave: (() => void) | undefined
}

/** What a message is queued with. */
export interface JournalTerms {
  readonly sequence: number
  readonly lane: number
  readonly key: string | undefined
  /** A length of time; -1 for none. */
  readonly deadlineNs: number
  readonly id: number
}

/**
 * One group as a consumer of the journal: which message lies in which envelope, so that the journal learns what is
 * acknowledged; and what the group has still to read back. A message that finds no room is read back later.
 */
export class GroupJournal {
  /** As the journal knows it. */
  readonly consumer: string
  readonly #group: Group
  readonly #host: GroupJournalHost
  readonly #journal: Journal
  /** Whether other threads settle messages, so that this one has to look. */
  readonly #isShared: boolean
  readonly #held = new Map<number, Held>()
  /** Their sequences, and those of messages that are over and of which a failed journal does not know. */
  readonly #sequences = new Set<number>()
  /**
   * Dead letters on their way to where they are kept, and those that could not be, by sequence: the journal may not forget
   * their messages, and they are not to come again before the next open.
   */
  readonly #letters = new Map<number, Promise<void>>()
  readonly #awaited: AwaitedKeys
  #behind: Behind | undefined
  #isClosed = false

  constructor(group: Group, consumer: string, host: GroupJournalHost, isShared: boolean) {
    const { order, rules } = group.settings
    this.#group = group
    this.consumer = consumer
    this.#host = host
    this.#journal = host.journal
    this.#isShared = isShared
    this.#awaited = new AwaitedKeys(group.host.clock, order === 'key' ? rules.maxBlockMs : 0, () => this.#readAgain())
  }

  /** Messages in envelopes that have come to no end, as far as this thread has seen. */
  get held(): number {
    return this.#held.size
  }

  /** Whether any of the group's patterns matches a topic. */
  subscribes(topic: string): boolean {
    return this.#group.subscribes(topic)
  }

  /** Whether nothing is to be read back. */
  get isIdle(): boolean {
    return this.#behind === undefined
  }

  /** Messages for the group that lie in the journal alone. */
  get unread(): number {
    return this.#missing().length
  }

  /** The group subscribes to other patterns than before: what it has not acknowledged and does not hold is read back. */
  subscribed(): void {
    this.#awaited.clear()
    this.#readAgain()
  }

  /** A message was appended that is for the group once it subscribes to a pattern again: what comes after it in its key waits. */
  awaits(key: string | undefined, sequence: number): void {
    this.#awaited.add(key, sequence)
  }

  #readAgain(): void {
    if (this.#isClosed || this.#group.closed) return
    const missing = this.#missing()
    if (missing.length === 0) return
    const last = Math.max(missing.at(-1)!, this.#behind?.last ?? 0)
    this.#behind = new Behind(this.#journal, missing[0], last, (sequence) => this.#wants(sequence))
    this.look()
  }

  /** It is a message's turn to be queued. */
  queue(topic: GroupTopic, message: unknown, terms: JournalTerms): void {
    const { sequence, key } = terms
    if (!this.#wants(sequence) || this.#awaited.holds(key, sequence)) return
    const isHeld = this.#group.settings.order === 'key' && this.#behind?.holds(key) === true
    if (isHeld || !this.#tryPut(topic, message, terms)) this.#fallBehind(sequence, key)
  }

  /** What cannot be queued at all is found out for good when it is read back. */
  #tryPut(topic: GroupTopic, message: unknown, terms: JournalTerms): boolean {
    try {
      return this.#put(topic, message, terms)
    } catch {
      return false
    }
  }

  /** A message has come to an end, or is let go of: then the journal keeps it. */
  settled(envelope: number, outcome: number): void {
    const held = this.#held.get(envelope)
    if (held === undefined) return
    this.#held.delete(envelope)
    const isOver = outcome === OUTCOME_DELIVERED || outcome === OUTCOME_DEAD
    // What a journal whose disk has failed is not told would be read back from it.
    if (!isOver || this.#isHeard) this.#sequences.delete(held.sequence)
    if (isOver) this.#acknowledge(held.sequence)
    held.leave?.()
  }

  /**
   * An attempt is about to begin of a message that may have been in hand when a process died: resolves once that is noted, or
   * with false if the client closes. One with which a process has died is alone among such, so that they do not die together.
   */
  async begins(envelope: number, attempt: number): Promise<boolean> {
    const held = this.#held.get(envelope)
    const mayBegin = (): boolean => held !== undefined && this.#held.get(envelope) === held && !this.#group.closed
    if (held === undefined || !mayBegin()) return false
    if (held.leave === undefined && this.#journal.isUnderWay(this.consumer, held.sequence)) {
      held.leave = await this.#host.suspect()
      if (!mayBegin()) {
        held.leave()
        return false
      }
    }
    if (!this.#isHeard || !this.#journal.isPending(this.consumer, held.sequence)) return true
    held.begun = attempt
    const noted = this.#journal.begins(this.consumer, held.sequence, attempt)
    if (noted !== undefined) await this.#journal.noted(noted)
    return mayBegin()
  }

  /** Whether a process has died when the message in an envelope was in hand. */
  isSuspect(envelope: number): boolean {
    const held = this.#held.get(envelope)
    return held !== undefined && held.begun === 0 && this.#journal.isUnderWay(this.consumer, held.sequence)
  }

  /** An attempt has failed, and there will be another one. */
  attempted(envelope: number, attempt: number): void {
    const held = this.#held.get(envelope)
    if (held !== undefined) this.#note(held, attempt)
  }

  /** An attempt has ended that does not count. */
  postponed(envelope: number): void {
    const held = this.#held.get(envelope)
    if (held !== undefined && held.begun > 0) this.#note(held, held.begun - 1)
  }

  #note(held: Held, attempts: number): void {
    if (this.#isHeard) this.#journal.attempted(this.consumer, held.sequence, attempts)
    held.begun = 0
    held.leave?.()
    held.leave = undefined
  }

  /** A message has become a dead letter, which is kept once the promise resolves. */
  buried(sequence: number, kept: Promise<void>): void {
    this.#letters.set(sequence, kept)
    const forget = (): void => void this.#letters.delete(sequence)
    void kept.then(forget, () => {})
  }

  /** The message that had this generation has come to an end in another thread. */
  ended(envelope: number, generation: number, outcome: number): void {
    if (this.#held.get(envelope)?.generation === generation) this.settled(envelope, outcome)
  }

  /** The place of the message in an envelope that has this generation; undefined if it has none. */
  sequenceOf(envelope: number, generation: number): number | undefined {
    const held = this.#held.get(envelope)
    return held?.generation === generation ? held.sequence : undefined
  }

  /** Looks what other threads have settled, and reads back what there is room for. */
  look(): void {
    if (this.#isClosed) return
    if (this.#isShared) this.#lookAtEnvelopes()
    const hasFailed = this.#hasFailed
    for (let left = READ_MOST; left > 0 && this.#behind !== undefined; left -= 1) {
      const record = this.#behind.next()
      if (record === undefined) {
        // What was not written when the disk failed never will be.
        if (!this.#behind.isDone && !hasFailed) return this.#host.watch(this.#behind.last)
        this.#behind = undefined
        return this.#group.host.schedule(this.#group)
      }
      if (!this.#readBack(record)) return
      this.#behind?.pass()
    }
    if (this.#behind !== undefined) this.#group.host.schedule(this.#group)
  }

  /**
   * Nothing is read back any more, and the client lets go of all that waits. Of what threads settle from now on nobody can tell
   * whether it was handled, so that it stays in the journal.
   */
  shut(): void {
    this.#behind = undefined
    if (this.#isClosed) return
    if (this.#isShared) this.#lookAtEnvelopes()
    // A close is no death: what it interrupts is no attempt.
    for (const envelope of this.#held.keys()) this.postponed(envelope)
    this.#isClosed = this.#isShared
  }

  /** Nothing that is settled from now on counts. */
  close(): void {
    this.shut()
    this.#isClosed = true
  }

  #missing(): number[] {
    return this.#journal.pendingSequences(this.consumer).filter((sequence) => this.#wants(sequence))
  }

  #wants(sequence: number): boolean {
    if (this.#sequences.has(sequence) || this.#letters.has(sequence)) return false
    return this.#journal.isPending(this.consumer, sequence)
  }

  #fallBehind(sequence: number, key: string | undefined): void {
    const { passed = Infinity, last = 0 } = this.#behind ?? {}
    // What waits to be synced is dispatched later than what does not, and may lie before all that is read back so far.
    if (sequence <= passed) {
      this.#behind = new Behind(this.#journal, sequence, Math.max(sequence, last), (one) => this.#wants(one))
    }
    this.#behind!.add(sequence, key)
    this.#host.watch(sequence)
  }

  /** Says false if it has to be tried again. */
  #readBack(record: JournalRecord): boolean {
    const { sequence, message } = record
    const { inside, time, epoch } = this.#group.host
    if (!this.#group.subscribes(message.topic)) {
      if (this.#host.awaits(this.consumer, message.topic)) this.#awaited.add(message.key, sequence)
      else this.#acknowledge(sequence)
      return true
    }
    if (this.#awaited.holds(message.key, sequence)) return true
    if (this.#host.holdsBack(sequence)) return true
    if (!this.#host.mayDispatch(record)) {
      if (this.#hasFailed || this.#journal.doubtOf(sequence) !== undefined) return true
      this.#host.watch(sequence)
      return false
    }
    const topic = (inside.find(message.topic).intake as TopicIntake).topicOf(this.#group)!
    const { lanes } = this.#group
    const isLane = message.lane !== undefined && message.lane < lanes.lanes.length && !lanes.isLossy(message.lane)
    const lane = isLane ? message.lane! : topic.lane
    const dueNs = message.deadlineNs === undefined ? -1 : Number(message.deadlineNs - epoch.unixNs)
    const deadlineNs = message.deadlineNs === undefined ? -1 : Math.max(0, dueNs - time.nowNs())
    try {
      const decoded = this.#host.decode(record)
      return this.#put(topic, decoded, { sequence, lane, key: message.key, deadlineNs, id: idOf(message.id) })
    } catch (error) {
      this.buried(sequence, this.#host.undeliverable(this.#group, record, error))
      this.#acknowledge(sequence)
      return true
    }
  }

  /** Says false if there is no room, or others come first that lie in a spill file: the journal is the place to wait for that. */
  #put(topic: GroupTopic, message: unknown, { sequence, lane, key, deadlineNs, id }: JournalTerms): boolean {
    const { submissions, envelopes } = this.#group
    if (this.#group.holdsBack(lane, key)) return false
    const envelope = submissions.reserve(topic, message, lane, key, deadlineNs, id)
    if (envelope < 0) return false
    if (this.#isShared) this.#lookAt(envelope)
    const at = envelope * ENVELOPE_WORDS
    // The envelope counts from 1, and the attempts that were noted came before.
    const attempts = this.#journal.attemptsOf(this.consumer, sequence)
    envelopes.words[at + ENVELOPE_WORD_HEAD] += attempts * 2 ** 16
    if (this.#journal.isSuspect(this.consumer, sequence)) envelopes.words[at + ENVELOPE_WORD_HEAD] |= RECOVERED_FLAG
    const generation = envelopes.words[at + ENVELOPE_WORD_GENERATION]
    this.#held.set(envelope, { sequence, generation, expires: deadlineNs >= 0, begun: 0, leave: undefined })
    this.#sequences.add(sequence)
    this.#group.commit(envelope, topic, lane)
    return true
  }

  /** Whether the journal still takes what it is told: one whose disk has failed does not, and has it all come again. */
  get #isHeard(): boolean {
    return !this.#isClosed && !this.#hasFailed
  }

  get #hasFailed(): boolean {
    return this.#journal.state === 'failed'
  }

  #acknowledge(sequence: number): void {
    if (!this.#isHeard) return
    const letter = this.#letters.get(sequence)
    if (letter === undefined) this.#journal.acknowledge(this.consumer, sequence)
    // One that could not be kept stays in the journal, and comes again.
    else this.#host.pending(letter.then(() => this.#acknowledgeBuried(sequence)))
  }

  /** The disk may have failed since its letter was written: then the journal has it still, and it is not read back. */
  #acknowledgeBuried(sequence: number): void {
    if (this.#hasFailed) this.#sequences.add(sequence)
    else this.#journal.acknowledge(this.consumer, sequence)
  }

  #lookAtEnvelopes(): void {
    for (const envelope of this.#held.keys()) this.#lookAt(envelope)
  }

  /**
   * What has been given back has come to its end in another thread. What died was buried here before, or its thread has told
   * that its deadline had passed: that is heard first, so that no message is acknowledged before its letter is written.
   */
  #lookAt(envelope: number): void {
    const held = this.#held.get(envelope)
    if (held === undefined || this.#generation(envelope) === held.generation) return
    if (held.expires) this.#group.engine.pull?.()
    this.ended(envelope, held.generation, OUTCOME_DELIVERED)
  }

  #generation(envelope: number): number {
    return this.#group.envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION]
  }
}

/** The id that the publisher gave out: the last eight of the sixteen bytes. */
export function idOf(id: Uint8Array | undefined): number {
  if (id === undefined) return 0
  return new DataView(id.buffer, id.byteOffset).getFloat64(8, true)
}
