import {
  type MessageType,
  type Outlet,
  Quote,
  quoteCodec,
  type RecordCodec,
  Trade,
  tradeCodec,
  type Views,
} from '../bus/index.js'
import type { Epoch } from '../bus/index.js'
import { TickbusError } from '../errors.js'
import {
  KIND_PAYLOAD,
  PAYLOAD_WORD_LENGTH,
  PAYLOAD_WORD_POSITION,
  RECORD_WORD_KIND,
  RING_BATCH,
  RING_BATCH_MOST,
  RING_WORD_WANTED,
  TOPIC_INDEX_BITS,
  WAKE_ASLEEP,
  WAKE_BUSY,
} from '../layout.js'
import { PayloadEncoder, type StructureTable } from './payload.js'
import type { ReadStart } from './ring-reader.js'
import { type Destination, type ReaderState, RingWriter } from './ring-writer.js'
import type { Ring } from './ring.js'
import type { Roster } from './roster.js'
import { blankRecord, Slack } from './slack.js'

export interface OutboxOptions {
  readonly ring: Ring
  readonly roster: Roster
  readonly epoch: Epoch
  /** Most records that wait for slow readers on this side. */
  readonly slackRecords: number
  /** Tells all members something before a record refers to it. */
  readonly announceTopic: (id: number, name: string) => void
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
  /** Owners of the topic ids, by index. */
  readonly #owners: TopicOutlet[] = []
  #nextId = 0
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
    this.#encoder = new PayloadEncoder(options.announceStructures)
    this.#slack = new Slack(options.slackRecords, 4 * options.ring.slabBytes)
  }

  /** The topics that readers must know, and the structure table. */
  get definitions(): { topics: [id: number, name: string][]; structures: StructureTable } {
    const known = this.#owners.filter((outlet) => outlet.id >= 0)
    return { topics: known.map((outlet) => [outlet.id, outlet.name]), structures: this.#encoder.table }
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
    this.pump()
  }

  /** The way out for one topic, to the members in the masks. */
  outlet(name: string, type: MessageType<unknown>, maskLow: number, maskHigh: number): Outlet {
    let outlet = this.#outlets.get(name)
    if (outlet === undefined) {
      outlet = new TopicOutlet(name, type, this)
      this.#outlets.set(name, outlet)
    }
    outlet.maskLow = maskLow
    outlet.maskHigh = maskHigh
    outlet.readers = this.writer.readers.filter(
      ({ slot }) => ((slot < 32 ? maskLow : maskHigh) & (1 << (slot & 31))) !== 0,
    )
    return outlet
  }

  /** Sends a message on its way. Throws before anything happened if it cannot be encoded. */
  send(outlet: TopicOutlet, message: unknown): void {
    const codec = outlet.codec ?? codecOf(message)
    const payload = codec === undefined ? this.#encode(outlet, message) : undefined
    if (outlet.id < 0) this.#define(outlet)
    if (this.#slack.length > 0) this.pump()
    if (this.#slack.length > 0 || !this.writer.canClaim(payload?.length ?? 0)) {
      this.#defer(outlet, message, codec, payload)
      return
    }
    const at = this.writer.claim()
    if (codec === undefined) this.#writePayload(at, payload!)
    else codec.write(this.ring, at, message, this.#options.epoch)
    this.#commit(outlet)
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
      if (!this.writer.canClaim(next.payload?.length ?? 0)) break
      const at = this.writer.claim()
      this.ring.words.set(next.record.words, 2 * at)
      if (next.payload !== undefined) this.#writePayload(at, next.payload)
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
    const bytes = this.#encoder.encode(outlet.name, message)
    const most = this.writer.mostPayload
    if (bytes.length > most) {
      throw new TickbusError('TICKBUS_PAYLOAD_SIZE', { topic: outlet.name, bytes: bytes.length, most })
    }
    return bytes
  }

  #writePayload(at: number, payload: Uint8Array): void {
    const { words } = this.ring
    words[2 * at + RECORD_WORD_KIND] = KIND_PAYLOAD | (this.#encoder.tableLength << 16)
    words[2 * at + PAYLOAD_WORD_POSITION] = this.writer.writePayload(payload)
    words[2 * at + PAYLOAD_WORD_LENGTH] = payload.length
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

  #defer(
    outlet: TopicOutlet,
    message: unknown,
    codec: RecordCodec<unknown> | undefined,
    payload: Uint8Array | undefined,
  ): void {
    const record: Views = blankRecord()
    codec?.write(record, 0, message, this.#options.epoch)
    // The destination as it is now, whatever happens to the topic's route until there is room.
    const { id, maskLow, maskHigh, readers, waits } = outlet
    const destination = { id, maskLow, maskHigh, readers, waits }
    if (this.#slack.fits(payload?.length ?? 0)) {
      this.#slack.push({ destination, record, payload: payload === undefined ? undefined : Uint8Array.from(payload) })
    } else {
      this.#countDropped(destination)
      if (!this.#overflowing) this.#options.onOverflow(readers.map((reader) => reader.slot))
      this.#overflowing = true
    }
    this.#hasRoomOrAsks()
  }

  #countDropped(destination: Destination): void {
    for (const reader of destination.readers) reader.dropped += 1
  }

  /** Gives the topic an id and tells everybody, before the first record bears it. */
  #define(outlet: TopicOutlet): void {
    const index = this.#nextId & (2 ** TOPIC_INDEX_BITS - 1)
    const previous = this.#owners[index]
    // Only after 2^20 topics; records with the old id have long been overwritten, since a ring holds no more than that.
    if (previous !== undefined) previous.id = -1
    outlet.id = this.#nextId
    this.#nextId = (this.#nextId + 1) & 0x7fffffff
    this.#owners[index] = outlet
    this.#options.announceTopic(outlet.id, outlet.name)
  }
}

/** The way out for one topic. */
export class TopicOutlet implements Outlet, Destination {
  readonly name: string
  readonly codec: RecordCodec<unknown> | undefined
  readonly waits: boolean
  readonly #outbox: Outbox
  id = -1
  maskLow = 0
  maskHigh = 0
  readers: readonly ReaderState[] = []

  constructor(name: string, type: MessageType<unknown>, outbox: Outbox) {
    this.name = name
    this.codec = type.codec
    this.waits = type.options.slowReader === 'wait'
    this.#outbox = outbox
  }

  send(message: unknown): void {
    this.#outbox.send(this, message)
  }
}

const RESOLVED = Promise.resolve()

/** Quotes and trades travel as records on topics without a schema, too. */
function codecOf(message: unknown): RecordCodec<unknown> | undefined {
  if (message instanceof Quote) return quoteCodec as RecordCodec<unknown>
  if (message instanceof Trade) return tradeCodec as RecordCodec<unknown>
  return undefined
}
