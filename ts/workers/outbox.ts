import {
  type Epoch,
  marketCodecOf,
  type MessageType,
  msgpack,
  type Outlet,
  type QueueTerms,
  type RecordCodec,
  viewsOf,
  type WrittenRecord,
} from '../bus/index.js'
import { TickbusError } from '../errors.js'
import {
  KIND_BYTES,
  KIND_IN_SLAB,
  KIND_JSON,
  KIND_PAYLOAD,
  KIND_QUEUED,
  PAYLOAD_WORD_LENGTH,
  PAYLOAD_WORD_POSITION,
  RECORD_BYTES,
  RECORD_FIELD_BYTES,
  RECORD_WORD_KIND,
  RING_BATCH,
  RING_BATCH_MOST,
  RING_WORD_WANTED,
  WAKE_ASLEEP,
  WAKE_BUSY,
} from '../layout.js'
import type { Definition, Use } from './channel.js'
import { encodeBytes, encodeJson } from './formats.js'
import { PayloadEncoder, type StructureTable } from './payload.js'
import { type Queueing, queueingOf, writeQueued } from './queued-message.js'
import type { ReadStart } from './ring-reader.js'
import { type Destination, type ReaderState, RingWriter } from './ring-writer.js'
import type { Ring } from './ring.js'
import type { Roster } from './roster.js'
import { Slack } from './slack.js'
import type { Call, Reply } from './switchboard.js'
import { TopicIds } from './topic-ids.js'
import { definitionOf, TopicOutlet } from './topic-outlet.js'

export interface OutboxOptions {
  readonly ring: Ring
  readonly roster: Roster
  readonly epoch: Epoch
  /** The time on the clock of the bus. */
  readonly nowNs: () => number
  /** Most records that wait for slow readers on this side. */
  readonly slackRecords: number
  /** Tells all members something before a record refers to it. */
  readonly announceDefinition: (definition: Definition) => void
  readonly announceStructures: (table: StructureTable) => void
  /** Wakes a sleeping member. */
  readonly ringBell: (slot: number) => void
  /** A record found no room in the ring nor in the slack; called once until there is room again. */
  readonly onOverflow: (slots: readonly number[]) => void
}

/** What this thread has sent to one other member. */
export interface SentStats {
  sent: number
  /** Of these, received by the other thread. */
  received: number
  /** Overwritten before the other thread read them; exact once it has caught up. */
  lost: number
  /** Refused on this side, because the reader was waited for and the slack was full. */
  dropped: number
}

/** Where this thread's messages leave for the others: encodes, writes into its ring, decides when readers see it. */
export class Outbox {
  readonly ring: Ring
  readonly writer: RingWriter
  readonly #options: OutboxOptions
  readonly #encoder: PayloadEncoder
  readonly #slack: Slack
  readonly #outlets = new Map<string, TopicOutlet>()
  readonly #ids: TopicIds
  readonly #readers: (ReaderState | undefined)[] = []
  /** Members with records that were committed and not shown yet. */
  #dueLow = 0
  #dueHigh = 0
  #showScheduled = false
  /** Records to hold back before they are shown: doubles within a burst, since each time costs both sides a line of cache. */
  #batch = RING_BATCH
  readonly #mostBatch: number
  #overflowing = false
  #waiting: (() => void)[] = []

  constructor(options: OutboxOptions) {
    this.#options = options
    this.ring = options.ring
    this.writer = new RingWriter(options.ring)
    this.#mostBatch = Math.max(RING_BATCH, Math.min(RING_BATCH_MOST, options.ring.capacity / 16))
    this.#ids = new TopicIds(options.ring.capacity + options.slackRecords)
    this.#encoder = new PayloadEncoder(options.announceStructures)
    this.#slack = new Slack(options.slackRecords, 4 * options.ring.slabBytes)
  }

  /** What the ids in records stand for, and the structure table: readers must know both. */
  get definitions(): { topics: Definition[]; structures: StructureTable } {
    return { topics: this.#ids.owners<TopicOutlet>().map(definitionOf), structures: this.#encoder.table }
  }

  /** Starts to send to a member; returns where it begins to read. */
  addReader(slot: number): ReadStart {
    this.show()
    const { position } = this.writer
    const sentBefore = this.ring.doubles[this.writer.sentDouble(slot)]
    const reader: ReaderState = {
      slot,
      wakeWord: this.#options.roster.wakeWord(slot),
      cursorWord: this.ring.cursorLine(slot),
      wakeSeen: WAKE_BUSY,
      sent: sentBefore,
      sentBefore,
      last: position,
      waitFor: undefined,
      dropped: 0,
      lost: 0,
    }
    this.#readers[slot] = reader
    this.writer.addReader(reader)
    return { position, sent: sentBefore }
  }

  /** Stops sending to a member. */
  removeReader(slot: number): void {
    const index = this.writer.readers.findIndex((reader) => reader.slot === slot)
    if (index >= 0) this.writer.readers.splice(index, 1)
    this.#readers[slot] = undefined
    for (const [key, outlet] of this.#outlets) if (outlet.slot === slot) this.forget(key)
    this.pump()
  }

  /** The way out for one topic, to the members in the masks. */
  outlet(name: string, type: MessageType<unknown>, maskLow: number, maskHigh: number): Outlet {
    const outlet = this.#outlet(name, () => new TopicOutlet('topic', name, type, this))
    this.aim(outlet, maskLow, maskHigh)
    return outlet
  }

  /** Nothing more is sent on a topic: it was dropped, or nobody subscribes to it elsewhere. */
  forget(topic: string): void {
    const outlet = this.#outlets.get(topic)
    if (outlet === undefined) return
    this.#outlets.delete(topic)
    this.#ids.release(outlet)
  }

  /**
   * Sends a message to an endpoint in another thread.
   *
   * @throws {TickbusError} `TICKBUS_ENCODE`, `TICKBUS_PAYLOAD_SIZE`, `TICKBUS_ENDPOINT_BUSY`
   */
  sendCall(endpoint: string, slot: number, call: Call): void {
    if (this.send(this.#direct('call', endpoint, slot), call)) return
    throw new TickbusError('TICKBUS_ENDPOINT_BUSY', { endpoint })
  }

  /** Answers a request of another thread; throws as `sendCall` does. */
  sendReply(slot: number, reply: Reply): void {
    if (this.send(this.#direct('reply', '', slot), reply)) return
    throw new TickbusError('TICKBUS_ENDPOINT_BUSY', { endpoint: 'reply' })
  }

  /** Makes the members in the masks those that an outlet sends to. */
  aim(outlet: TopicOutlet, maskLow: number, maskHigh: number): void {
    outlet.maskLow = maskLow
    outlet.maskHigh = maskHigh
    outlet.readers = this.writer.readers.filter(
      ({ slot }) => ((slot < 32 ? maskLow : maskHigh) & (1 << (slot & 31))) !== 0,
    )
  }

  /** What a publisher says about the queues of other threads. */
  queueingOf(terms: QueueTerms): Queueing | undefined {
    return queueingOf(terms, this.#options.nowNs)
  }

  /**
   * Sends a message on its way, and what its publisher said about queues; says false if there was no room for it, which was
   * counted. Throws before anything happened if it cannot be encoded.
   */
  send(outlet: TopicOutlet, message: unknown, queueing?: Queueing): boolean {
    const record = outlet.codec ?? (outlet.kind === 'msgpack' ? marketCodecOf(message) : undefined)
    if (queueing !== undefined)
      return this.#send(outlet, message, undefined, this.#wrap(outlet, message, record, queueing), KIND_QUEUED)
    if (record !== undefined) return this.#send(outlet, message, record, undefined, 0)
    const payload = this.#encode(outlet, message)
    return this.#send(outlet, message, undefined, payload, this.#headOf(outlet))
  }

  /** Sends a record as it is, but for its topic; says false as `send` does. */
  sendRecord(outlet: TopicOutlet, { views, at, head }: WrittenRecord): boolean {
    if (!this.#hasPlaceFor(0)) {
      const first = 8 * at + FIELDS_AT
      return this.#defer(outlet, head, views.bytes.slice(first, first + RECORD_FIELD_BYTES), 0)
    }
    if (outlet.id < 0) this.#define(outlet)
    const { words } = this.ring
    const from = views.words
    const to = this.writer.claim()
    words[2 * to + RECORD_WORD_KIND] = head
    // Words and no doubles: the text of a trade's id may look like a NaN, whose bits need not survive the way.
    for (let word = FIELDS_AT / 4; word < RECORD_BYTES / 4; word += 1) words[2 * to + word] = from[2 * at + word]
    this.#commit(outlet)
    return true
  }

  /** Sends a record that `codec` writes, or a payload under its kind word. */
  #send(
    outlet: TopicOutlet,
    message: unknown,
    codec: RecordCodec<unknown> | undefined,
    payload: Uint8Array | undefined,
    head: number,
  ): boolean {
    const slabBytes = codec === undefined ? payload!.length : codec.slabBytes
    if (slabBytes > 0) this.#checkSize(outlet, slabBytes)
    if (!this.#hasPlaceFor(slabBytes)) {
      if (codec === undefined) return this.#defer(outlet, head, new Uint8Array(payload!), slabBytes)
      const encoded = this.#encoded(codec, message)
      return this.#defer(outlet, encoded.head, encoded.fields, slabBytes)
    }
    if (outlet.id < 0) this.#define(outlet)
    const at = this.writer.claim()
    const { words } = this.ring
    if (codec === undefined) {
      words[2 * at + RECORD_WORD_KIND] = head
      this.#writePayload(at, payload!)
    } else if (slabBytes > 0) {
      words[2 * at + RECORD_WORD_KIND] = this.#writeInSlab(at, codec, message)
    } else {
      words[2 * at + RECORD_WORD_KIND] = codec.write(this.ring, at, message, this.#options.epoch)
    }
    this.#commit(outlet)
    return true
  }

  /** Shows everything that was held back for a batch, and wakes whom it is for. */
  show(): void {
    const { writer } = this
    if (writer.shown === writer.position) return
    writer.show()
    const low = this.#dueLow
    const high = this.#dueHigh
    this.#dueLow = 0
    this.#dueHigh = 0
    const { control } = this.#options.roster
    for (const reader of this.writer.readers) {
      const { slot, wakeWord } = reader
      if (((slot < 32 ? low : high) & (1 << (slot & 31))) === 0) continue
      const wake = Atomics.load(control, wakeWord)
      reader.wakeSeen = wake
      if (wake !== WAKE_ASLEEP) continue
      reader.wakeSeen = WAKE_BUSY
      if (Atomics.compareExchange(control, wakeWord, WAKE_ASLEEP, WAKE_BUSY) === WAKE_ASLEEP) {
        this.#options.ringBell(slot)
      }
    }
  }

  /** Moves on what waited for room, as far as it goes, and tells who awaits it. */
  pump(): void {
    for (let next = this.#slack.first; next !== undefined; next = this.#slack.first) {
      if (!this.writer.canClaim(next.slabBytes)) break
      const at = this.writer.claim()
      this.ring.words[2 * at + RECORD_WORD_KIND] = next.head
      if ((next.head & 0xff) >= KIND_IN_SLAB) this.#writePayload(at, next.fields)
      else this.ring.bytes.set(next.fields, 8 * at + 8)
      this.#commit(next.destination)
      this.#slack.shift()
    }
    if (this.#slack.length === 0) this.#overflowing = false
    if (this.#waiting.length === 0 && this.#slack.length === 0) return
    if (!this.#hasRoomOrAsks()) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  /** Whether the slack is empty and every reader has at most half a ring to read. */
  get hasRoom(): boolean {
    return this.#slack.length === 0 && this.writer.readers.every((reader) => this.writer.hasRoomFor(reader))
  }

  /** Resolves once there is room. */
  room(): Promise<void> {
    this.show()
    if (this.hasRoom) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.pump()
    })
  }

  /** What was sent to the member in a slot, while it is a reader. */
  statsOf(slot: number): SentStats | undefined {
    const reader = this.#readers[slot]
    if (reader === undefined) return undefined
    const sent = reader.sent - reader.sentBefore
    const { done, received } = this.writer.progressOf(reader)
    if (((reader.last - done) | 0) <= 0) reader.lost = sent - received
    return { sent, received, lost: reader.lost, dropped: reader.dropped }
  }

  /** Gives up on what still waits for room: counted as dropped. */
  abandon(): void {
    for (let next = this.#slack.first; next !== undefined; next = this.#slack.first) {
      this.#countDropped(next.destination)
      this.#slack.shift()
    }
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  /** Has room, or has asked the readers to ring when they made some. */
  #hasRoomOrAsks(): boolean {
    if (this.hasRoom) return true
    Atomics.store(this.ring.control, RING_WORD_WANTED, 1)
    // A reader may have made room just before it could see the wish.
    return this.hasRoom
  }

  #encode(outlet: TopicOutlet, message: unknown): Uint8Array {
    if (outlet.kind === 'json') return encodeJson(outlet.name, message)
    if (outlet.kind === 'bytes') return encodeBytes(outlet.name, message)
    return this.#encoder.encode(outlet.name, message)
  }

  /** A message, and what its publisher said about queues, as one payload: so both arrive, or neither. */
  #wrap(
    outlet: TopicOutlet,
    message: unknown,
    codec: RecordCodec<unknown> | undefined,
    queueing: Queueing,
  ): Uint8Array {
    if (codec === undefined) {
      const payload = this.#encode(outlet, message)
      return writeQueued(queueing, this.#headOf(outlet), payload)
    }
    const { head, fields } = this.#encoded(codec, message)
    return writeQueued(queueing, head, fields)
  }

  /** The kind word for what {@link #encode} has just made. */
  #headOf(outlet: TopicOutlet): number {
    if (outlet.kind === 'json') return KIND_JSON
    if (outlet.kind === 'bytes') return KIND_BYTES
    return KIND_PAYLOAD | (this.#encoder.tableLength << 16)
  }

  #checkSize(outlet: TopicOutlet, bytes: number): void {
    const most = this.writer.mostPayload
    if (bytes > most) throw new TickbusError('TICKBUS_PAYLOAD_SIZE', { topic: outlet.name, bytes, most })
  }

  #writePayload(at: number, payload: Uint8Array): void {
    this.#setSpan(at, this.writer.writePayload(payload), payload.length)
  }

  /** Writes a message of fixed length straight into the slab; returns the kind word. */
  #writeInSlab(at: number, codec: RecordCodec<unknown>, message: unknown): number {
    const position = this.writer.claimPayload(codec.slabBytes)
    this.#setSpan(at, position, codec.slabBytes)
    return codec.write(this.ring, this.ring.payloadAt(position) / 8 - 1, message, this.#options.epoch)
  }

  #setSpan(at: number, position: number, length: number): void {
    const { words } = this.ring
    words[2 * at + PAYLOAD_WORD_POSITION] = position
    words[2 * at + PAYLOAD_WORD_LENGTH] = length
  }

  #commit(destination: Destination): void {
    const { writer } = this
    writer.commit(destination)
    this.#dueLow |= destination.maskLow
    this.#dueHigh |= destination.maskHigh
    if (this.#anyWaits(destination.readers)) {
      this.#batch = RING_BATCH
      this.show()
    } else if (((writer.position - writer.shown) | 0) >= this.#batch) {
      this.#batch = Math.min(2 * this.#batch, this.#mostBatch)
      this.show()
    } else if (!this.#showScheduled) {
      this.#showScheduled = true
      void RESOLVED.then(this.#showAtTurnEnd)
    }
  }

  readonly #showAtTurnEnd = (): void => {
    this.#showScheduled = false
    this.#batch = RING_BATCH
    this.show()
  }

  /**
   * Whether one of the readers waits for this record: it sleeps, or has looked in vain since it was last shown something.
   * The count of its looks serves as a clock that costs nothing: in a burst it stands still, and the burst is batched.
   * A hint, so a plain load will do.
   */
  #anyWaits(readers: readonly ReaderState[]): boolean {
    const { control } = this.#options.roster
    for (const reader of readers) {
      const wake = control[reader.wakeWord]
      if (wake !== WAKE_BUSY && wake !== reader.wakeSeen) return true
    }
    return false
  }

  /** Whether the next record, with so many bytes in the slab, can be written now: nothing waits before it. */
  #hasPlaceFor(slabBytes: number): boolean {
    if (this.#slack.length > 0) this.pump()
    return this.#slack.length === 0 && this.writer.canClaim(slabBytes)
  }

  /** Lets a record wait for room. `fields` is memory of its own. */
  #defer(outlet: TopicOutlet, head: number, fields: Uint8Array, slabBytes: number): boolean {
    const fits = this.#slack.fits(slabBytes)
    if (fits) {
      if (outlet.id < 0) this.#define(outlet)
      // The destination as it is now, whatever happens to the topic's route until there is room.
      const { id, maskLow, maskHigh, readers, waits } = outlet
      const destination = { id, maskLow, maskHigh, readers, waits }
      this.#slack.push({ destination, head, fields, slabBytes })
    } else {
      this.#countDropped(outlet)
      if (!this.#overflowing) this.#options.onOverflow(outlet.readers.map((reader) => reader.slot))
      this.#overflowing = true
    }
    this.#hasRoomOrAsks()
    return fits
  }

  /** A message of fixed length in memory of its own. */
  #encoded(codec: RecordCodec<unknown>, message: unknown): { head: number; fields: Uint8Array } {
    const memory = viewsOf(new ArrayBuffer(8 + (codec.slabBytes || RECORD_FIELD_BYTES)))
    const head = codec.write(memory, 0, message, this.#options.epoch)
    return { head, fields: memory.bytes.subarray(8) }
  }

  #countDropped(destination: Destination): void {
    for (const reader of destination.readers) reader.dropped += 1
  }

  #outlet(key: string, make: () => TopicOutlet): TopicOutlet {
    const known = this.#outlets.get(key)
    if (known !== undefined) return known
    const outlet = make()
    this.#outlets.set(key, outlet)
    return outlet
  }

  /** The way out to one member, which is waited for. No topic has a wildcard in its name, so that no key means two things. */
  #direct(use: Use, name: string, slot: number): TopicOutlet {
    const outlet = this.#outlet(`${use}*${slot}*${name}`, () => new TopicOutlet(use, name, DIRECT, this, slot))
    const bit = 1 << (slot & 31)
    if (outlet.readers.length === 0) this.aim(outlet, slot < 32 ? bit : 0, slot < 32 ? 0 : bit)
    return outlet
  }

  /** Gives the outlet an id and tells everybody, before the first record bears it. */
  #define(outlet: TopicOutlet): void {
    this.#ids.assign(outlet)
    this.#options.announceDefinition(definitionOf(outlet))
  }
}

const RESOLVED = Promise.resolve()
/** Where a record's fields begin, behind kind and topic. */
const FIELDS_AT = RECORD_BYTES - RECORD_FIELD_BYTES
const DIRECT = msgpack({ slowReader: 'wait' })
