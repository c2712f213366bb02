import type { TopicHandle } from '../bus/index.js'
import type { MessageBus } from '../workers/index.js'
import type { FeedInstrument } from './feed-instrument.js'
import type { RecordedKind } from './market-message.js'

/**
 * The topics of a connection's instruments by the decoder's numbers of these: to find one by name takes longer than to publish
 * on it.
 */
export class FeedTopics {
  readonly #bus: Pick<MessageBus, 'topic'>
  readonly #topics: Record<RecordedKind, (TopicHandle | undefined)[]> = { quote: [], trade: [], book: [] }

  constructor(bus: Pick<MessageBus, 'topic'>) {
    this.#bus = bus
  }

  /**
   * Where the messages of a kind are published that are about the instrument of a number.
   *
   * @throws {TickbusError} `TICKBUS_CLOSED`
   */
  of(kind: RecordedKind, number: number, { topics }: FeedInstrument): TopicHandle {
    const known = this.#topics[kind][number]
    if (known !== undefined) return known
    const name = kind === 'quote' ? topics.quotes : kind === 'trade' ? topics.trades : topics.book
    const topic = this.#bus.topic(name) as unknown as TopicHandle
    this.#topics[kind][number] = topic
    return topic
  }
}
