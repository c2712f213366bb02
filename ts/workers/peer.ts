import { type Epoch, quoteCodec, type RecordCodec, type TopicHandle, tradeCodec } from '../bus/index.js'
import { TOPIC_INDEX_BITS } from '../layout.js'
import type { Introduction } from './channel.js'
import { PayloadDecoder, type StructureTable } from './payload.js'
import { type ReadStart, RingReader, type Sink } from './ring-reader.js'
import { Ring } from './ring.js'
import type { MemberId } from './roster.js'

/** What a peer needs of the bus. */
export interface PeerHost {
  /** This thread's slot. */
  readonly slot: number
  readonly epoch: Epoch
  handle(topic: string): TopicHandle
  /** Takes in the definitions that have been announced so far, now. */
  pullDefinitions(): void
  /** A payload that could not be decoded; it was counted. */
  onUndecodable(topic: string | undefined, error: unknown): void
}

interface TopicDefinition {
  readonly id: number
  readonly name: string
  /** Made when the first record arrives. */
  handle: TopicHandle | undefined
}

/** Another thread of the bus, as this thread sees it: its ring, and what its records refer to. */
export class Peer implements Sink {
  readonly id: MemberId
  readonly thread: number
  readonly reader: RingReader
  readonly #host: PeerHost
  readonly #topics: (TopicDefinition | undefined)[] = []
  #decoder: PayloadDecoder
  /** Losses that were reported already. */
  reportedLost = 0

  constructor(id: MemberId, introduction: Introduction, host: PeerHost, start: ReadStart) {
    const ring = new Ring(introduction.ring)
    this.id = id
    this.thread = introduction.thread
    this.reader = new RingReader(ring, host.slot, start, host.epoch, CODECS)
    this.#host = host
    this.#decoder = new PayloadDecoder(introduction.structures)
    for (const [topicId, name] of introduction.topics) this.defineTopic(topicId, name)
  }

  defineTopic(id: number, name: string): void {
    this.#topics[id & INDEX_MASK] = { id, name, handle: undefined }
  }

  setStructures(table: StructureTable): void {
    this.#decoder = new PayloadDecoder(table)
  }

  record(topicId: number, message: unknown): boolean {
    const topic = this.#topic(topicId)
    topic?.deliver(message)
    return topic !== undefined
  }

  payload(topicId: number, bytes: Uint8Array, tableLength: number): boolean {
    const topic = this.#topic(topicId)
    if (this.#decoder.tableLength < tableLength) this.#host.pullDefinitions()
    let message: unknown
    try {
      message = this.#decoder.decode(bytes)
    } catch (error) {
      this.#host.onUndecodable(topic?.name, error)
      return false
    }
    topic?.deliver(message)
    return topic !== undefined
  }

  #topic(id: number): TopicHandle | undefined {
    let definition = this.#topics[id & INDEX_MASK]
    if (definition?.id !== id) {
      this.#host.pullDefinitions()
      definition = this.#topics[id & INDEX_MASK]
      if (definition?.id !== id) {
        this.#host.onUndecodable(undefined, new Error(`topic id ${id} was never announced`))
        return undefined
      }
    }
    definition.handle ??= this.#host.handle(definition.name)
    return definition.handle
  }
}

const INDEX_MASK = 2 ** TOPIC_INDEX_BITS - 1
const CODECS = [quoteCodec, tradeCodec] as unknown as readonly RecordCodec<unknown>[]
