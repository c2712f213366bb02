import type { Views } from '../../bus/index.js'
import type { WindowBounds } from '../../delivery/index.js'
import { ENVELOPE_BYTES, ENVELOPE_WORD_GENERATION, ENVELOPE_WORDS } from '../../layout.js'
import type { GroupTopic } from '../group-topic.js'
import type { Once } from '../handled-once.js'
import { OnceMarks, UNTOLD } from './once-marks.js'

/** Places that no message counts for: none, and one that was just done before another is forgotten for it. */
const SPARE_PLACES = 2
/** How often it is looked which messages have come to their end, in nanoseconds. */
const LOOK_NS = 50e6
const COMPACTS_FROM = 1_024

/** What identifies messages. */
interface Entry {
  readonly identity: string
  readonly place: number
  /** Envelopes with such messages. */
  held: number
  /** When it was seen that one was acknowledged; undefined if none was. */
  doneNs: number | undefined
}

interface Held {
  readonly entry: Entry
  /** Of the envelope, which tells whether the message in it has come to its end. */
  readonly generation: number
}

export interface OnceLedgerOptions {
  readonly envelopes: Views
  readonly bounds: WindowBounds
  readonly nowNs: () => number
  /** What identifies a message could not be told: the function of the schema threw. */
  readonly onUntold: (topic: GroupTopic, error: unknown) => void
}

/**
 * The idempotency window of a group whose handlers run in other threads, as its owner keeps it: which texts identify messages
 * that wait, run, or were acknowledged within the bounds, and the place of each in the memory that the threads share. It
 * learns of what threads acknowledge by looking, and looks before it answers for a text that it knows.
 */
export class OnceLedger implements Once {
  /** Deliveries that had begun in threads that died. */
  inDoubt = 0
  readonly marks: OnceMarks
  readonly #options: OnceLedgerOptions
  readonly #entries = new Map<string, Entry>()
  /** By envelope. */
  readonly #held = new Map<number, Held>()
  /** Those that were acknowledged, the oldest first: from `#first` on. */
  #done: Entry[] = []
  #first = 0
  readonly #free: number[] = []
  #fresh = 1
  #lookedNs = 0

  static bytes(envelopes: number, { size }: WindowBounds): number {
    return OnceMarks.bytes(envelopes, size + envelopes + SPARE_PLACES)
  }

  constructor(options: OnceLedgerOptions) {
    const { envelopes, bounds } = options
    const count = envelopes.bytes.length / ENVELOPE_BYTES
    this.#options = options
    this.marks = new OnceMarks(new SharedArrayBuffer(OnceLedger.bytes(count, bounds)), count)
  }

  get duplicates(): number {
    return this.marks.duplicates
  }

  /** Messages that had come to no end at the last look. */
  get held(): number {
    return this.#held.size
  }

  /** Texts that are known, of messages that wait, run or were acknowledged. */
  get size(): number {
    return this.#entries.size
  }

  /** A message was put into an envelope. */
  enter(envelope: number, topic: GroupTopic, message: unknown, id: number): void {
    this.release(envelope)
    if (!topic.isOnce) return
    const identity = this.#identityOf(topic, message, id)
    if (identity === undefined) return this.marks.assign(envelope, UNTOLD)
    if (this.#entries.has(identity)) this.look()
    const entry = this.#entries.get(identity) ?? this.#open(identity)
    entry.held += 1
    this.#held.set(envelope, { entry, generation: this.#generation(envelope) })
    this.marks.assign(envelope, entry.place)
  }

  /** The message in an envelope has come to its end, or was never submitted. */
  release(envelope: number): void {
    if (this.marks.placeOf(envelope) === 0) return
    this.marks.vacate(envelope)
    const held = this.#held.get(envelope)
    if (held === undefined) return
    this.#held.delete(envelope)
    const { entry } = held
    entry.held -= 1
    if (entry.doneNs === undefined && this.marks.isDone(entry.place)) this.#note(entry, this.#options.nowNs())
    this.#closeIfUnused(entry)
  }

  /** The same of the message that had this generation. */
  ended(envelope: number, generation: number): void {
    if (this.#held.get(envelope)?.generation === generation) this.release(envelope)
  }

  recall(identity: string, nowNs: number): void {
    if (this.#entries.has(identity)) return
    const entry = this.#open(identity)
    this.marks.setDone(entry.place)
    this.#note(entry, nowNs)
    this.#forget()
  }

  /** Before the message is given to another one, or buried. */
  bereft(envelope: number): void {
    if (this.marks.end(envelope, false)) this.inDoubt += 1
  }

  /** Threads have marked what they acknowledge, before they say so. */
  end(): void {}

  /** Sees what has come to its end since the last look, and forgets what is beyond the bounds. */
  look(): void {
    this.#lookedNs = this.#options.nowNs()
    for (const [envelope, { generation }] of this.#held) {
      if (this.#generation(envelope) !== generation) this.release(envelope)
    }
    this.#forget()
  }

  lookIfDue(): void {
    if (this.#held.size > 0 && this.#options.nowNs() - this.#lookedNs >= LOOK_NS) this.look()
  }

  #identityOf(topic: GroupTopic, message: unknown, id: number): string | undefined {
    try {
      return topic.identity(message, id)
    } catch (error) {
      this.#options.onUntold(topic, error)
      return undefined
    }
  }

  #open(identity: string): Entry {
    const place = this.#free.pop() ?? this.#fresh++
    const entry = { identity, place, held: 0, doneNs: undefined }
    this.#entries.set(identity, entry)
    return entry
  }

  #note(entry: Entry, nowNs: number): void {
    entry.doneNs = nowNs
    this.#done.push(entry)
    if (this.#done.length - this.#first > this.#options.bounds.size) this.#forgetOldest()
  }

  #forget(): void {
    const sinceNs = this.#options.nowNs() - this.#options.bounds.ms * 1e6
    while (this.#first < this.#done.length && this.#done[this.#first].doneNs! <= sinceNs) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const entry = this.#done[this.#first]
    this.#first += 1
    this.#entries.delete(entry.identity)
    this.#closeIfUnused(entry)
    if (this.#first < COMPACTS_FROM || 2 * this.#first < this.#done.length) return
    this.#done = this.#done.slice(this.#first)
    this.#first = 0
  }

  /** Neither remembered nor waited for. What is forgotten keeps its place for the copies that wait still. */
  #closeIfUnused(entry: Entry): void {
    const { identity, place, held, doneNs } = entry
    if (held > 0) return
    const isKnown = this.#entries.get(identity) === entry
    if (isKnown && doneNs !== undefined) return
    if (isKnown) this.#entries.delete(identity)
    this.marks.clear(place)
    this.#free.push(place)
  }

  #generation(envelope: number): number {
    return this.#options.envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION]
  }
}
