import { type Codecs, type Epoch, type TopicHandle, viewsOf } from '../bus/index.js'
import { KIND_BYTES, KIND_JSON, KIND_PAYLOAD, KIND_QUEUED, TOPIC_INDEX_BITS } from '../layout.js'
import type { Definition, Introduction } from './channel.js'
import { decodeBytes, decodeJson } from './formats.js'
import { PayloadDecoder, type StructureTable } from './payload.js'
import { readQueued, termsOf } from './queued-message.js'
import { type ReadStart, RingReader, type Sink } from './ring-reader.js'
import { Ring } from './ring.js'
import type { MemberId } from './roster.js'
import type { Call, Reply } from './switchboard.js'

/** What a peer needs of the bus. */
export interface PeerHost {
  /** This thread's slot. */
  readonly slot: number
  readonly epoch: Epoch
  /** The time on the clock of the bus. */
  readonly nowNs: () => number
  readonly codecs: Codecs
  handle(topic: string): TopicHandle
  onCall(endpoint: string, from: MemberId, call: Call): void
  onReply(reply: Reply): void
  /** Takes in the definitions that have been announced so far, now. */
  pullDefinitions(): void
  /** A payload that could not be decoded; it was counted. */
  onUndecodable(topic: string | undefined, error: unknown): void
}

/** What an id in this peer's records stands for; the topic's handle is looked up when the first record arrives. */
interface Known extends Definition {
  handle: TopicHandle | undefined
}

/** Another thread of the bus, as this thread sees it: its ring, and what its records refer to. */
export class Peer implements Sink {
  readonly id: MemberId
  readonly thread: number
  readonly reader: RingReader
  readonly #host: PeerHost
  readonly #known: (Known | undefined)[] = []
  #decoder: PayloadDecoder
  /** Losses that were reported already. */
  reportedLost = 0

  constructor(id: MemberId, introduction: Introduction, host: PeerHost, start: ReadStart) {
    const ring = new Ring(introduction.ring)
    this.id = id
    this.thread = introduction.thread
    this.reader = new RingReader(ring, host.slot, start, host.epoch, host.codecs)
    this.#host = host
    this.#decoder = new PayloadDecoder(introduction.structures)
    for (const definition of introduction.topics) this.define(definition)
  }

  define(definition: Definition): void {
    this.#known[definition.id & INDEX_MASK] = { ...definition, handle: undefined }
  }

  setStructures(table: StructureTable): void {
    this.#decoder = new PayloadDecoder(table)
  }

  record(id: number, message: unknown): boolean {
    const known = this.#find(id)
    if (known === undefined) return false
    this.#topic(known).receive(message)
    return true
  }

  payload(id: number, bytes: Buffer, head: number): boolean {
    const known = this.#find(id)
    if ((head & 0xff) === KIND_QUEUED) return this.#queued(known, bytes)
    let message: unknown
    try {
      message = this.#decode(bytes, head)
    } catch (error) {
      this.#host.onUndecodable(known?.name, error)
      return false
    }
    if (known === undefined) return false
    if (known.use === 'topic') this.#topic(known).receive(message)
    else if (known.use === 'call') this.#host.onCall(known.name, this.id, message as Call)
    else this.#host.onReply(message as Reply)
    return true
  }

  /** A message whose publisher said how it is to be queued. */
  #queued(known: Known | undefined, bytes: Buffer): boolean {
    const { queueing, head, content } = readQueued(bytes)
    let message: unknown
    try {
      message = this.#readContent(head, content)
    } catch (error) {
      this.#host.onUndecodable(known?.name, error)
      return false
    }
    if (known === undefined) return false
    this.#topic(known).receive(message, termsOf(queueing, this.#host.nowNs))
    return true
  }

  #readContent(head: number, content: Buffer): unknown {
    const codec = this.#host.codecs.find(head)
    if (codec === undefined) return this.#decode(content, head)
    const memory = viewsOf(new ArrayBuffer(8 + content.length))
    memory.bytes.set(content, 8)
    return codec.read(memory, 0, this.#host.epoch, head)
  }

  #decode(bytes: Buffer, head: number): unknown {
    const kind = head & 0xff
    if (kind === KIND_JSON) return decodeJson(bytes)
    if (kind === KIND_BYTES) return decodeBytes(bytes)
    if (kind !== KIND_PAYLOAD) throw new Error(`a record of kind ${kind} is unknown here`)
    if (this.#decoder.tableLength < head >>> 16) this.#host.pullDefinitions()
    return this.#decoder.decode(bytes)
  }

  #find(id: number): Known | undefined {
    const known = this.#known[id & INDEX_MASK]
    if (known?.id === id) return known
    this.#host.pullDefinitions()
    const told = this.#known[id & INDEX_MASK]
    if (told?.id === id) return told
    this.#host.onUndecodable(undefined, new Error(`topic id ${id} was never announced`))
    return undefined
  }

  /** A handle that was dropped for want of use is replaced: its route is no longer kept up. */
  #topic(known: Known): TopicHandle {
    if (known.handle === undefined || known.handle.life === 'dropped') known.handle = this.#host.handle(known.name)
    return known.handle
  }
}

const INDEX_MASK = 2 ** TOPIC_INDEX_BITS - 1
