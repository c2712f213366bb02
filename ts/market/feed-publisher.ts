import { badArgument } from '../errors.js'
import type { MessageBus } from '../workers/index.js'
import { FeedTopics } from './feed-topics.js'
import type { MarketDecoder } from './market-decoder.js'
import type { Records } from './market-message.js'
import { lendForFrames, lendForLines } from './record-room.js'

/**
 * Decodes the frames of one connection or one recording, and publishes what they say. A quote or a trade stays the record that
 * it is: other threads get a copy of it, and an object is made only if somebody in this thread takes the message.
 */
export class FeedPublisher {
  readonly #bus: MessageBus
  readonly #decoder: MarketDecoder
  readonly #topics: FeedTopics

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if the decoder's times count from another instant than the bus's. */
  constructor(bus: MessageBus, decoder: MarketDecoder) {
    if (decoder.epoch.unixNs !== bus.epoch.unixNs) {
      throw badArgument('decoder', `one with the epoch of the bus, ${bus.epoch.unixNs}`, decoder.epoch.unixNs)
    }
    this.#bus = bus
    this.#decoder = decoder
    this.#topics = new FeedTopics(bus)
  }

  /**
   * Publishes the messages in recorded lines, as `MarketDecoder.lines` takes them; says how many those were.
   *
   * @throws {TickbusError} What `Topic.publish` throws; what follows in the lines is not published then.
   */
  lines(lines: Uint8Array): number {
    return lendForLines(lines, (records) => {
      let published = 0
      for (let rest = lines; rest.length > 0;) {
        const taken = this.#decoder.linesInto(rest, records)
        if (taken === 0) break
        published += this.#publish(records)
        rest = rest.subarray(taken)
      }
      return published
    })
  }

  /**
   * The same with frames; `receivedNs` says when each was received, in nanoseconds since the epoch.
   *
   * @throws {TickbusError} What `Topic.publish` throws.
   */
  frames(frames: readonly Uint8Array[], receivedNs: Float64Array): number {
    return lendForFrames(frames, (records) => {
      let published = 0
      for (let first = 0; first < frames.length;) {
        const taken = this.#decoder.framesInto(frames, first, receivedNs, records)
        if (taken === 0) break
        published += this.#publish(records)
        first += taken
      }
      return published
    })
  }

  /** Publishes what was written last. */
  #publish(records: Records): number {
    const { epoch } = this.#bus
    const { written: count, instruments } = this.#decoder
    let published = 0
    for (let record = 0; record < count;) {
      const end = records.endOf(record, count)
      const kind = records.kindOf(record)
      const number = records.instrumentOf(record)
      const instrument = instruments[number]!
      const topic = this.#topics.of(kind, number, instrument)
      if (kind === 'book') topic.publish(records.message(record, end, instrument, epoch).message)
      else topic.publishRecord(records.written(record, epoch))
      published += 1
      record = end
    }
    return published
  }
}
