import { KrakenV1 } from './kraken-v1.js'
import { type Content, contentOf, KrakenV2 } from './kraken-v2.js'
import { Misfit } from './reject.js'
import { ascii, LIST, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { type FrameDecoder, IGNORED, IgnoredKind, type Outcome } from './venue.js'

/**
 * Kraken: the lists of its first protocol, the objects of its second, and what either says besides.
 * crates/market/src/kraken.rs is the same.
 */
export class Kraken extends IgnoredKind implements FrameDecoder {
  readonly takesLists = true
  /** `event` in the first protocol, `channel` or `method` in the second. */
  readonly #fields = new Slots()
  readonly #v1 = new KrakenV1()
  readonly #v2 = new KrakenV2()
  #isError = false
  /** How many messages the data has become; -1 if it could not be decoded where it stands. */
  #messages = -1

  decode(frame: Scanner, sink: Sink): Outcome {
    if (frame.peek() !== LIST) return this.#object(frame, sink)
    const outcome = this.#v1.decode(frame, sink)
    if (outcome === IGNORED) this.ignoreText(frame.bytes, this.#v1.nameStart, this.#v1.nameEnd)
    return outcome
  }

  #object(frame: Scanner, sink: Sink): Outcome {
    const start = sink.batch.length
    const fields = this.#fields
    fields.clear()
    this.#isError = false
    this.#messages = -1
    this.#scan(frame, sink)
    const hasEvent = fields.isFilled(EVENT, 'event')
    const hasChannel = fields.isFilled(CHANNEL, 'channel')
    const content = hasChannel && !hasEvent ? this.#content(frame) : undefined
    if (content !== undefined) return this.#data(content, frame, sink)
    sink.restart(start)
    const hasMethod = fields.isFilled(METHOD, 'method')
    if (!this.#isError) {
      if (!hasEvent && !hasChannel && !hasMethod) throw new Misfit('kind')
      return this.#ignoreSlot(hasEvent ? EVENT : hasChannel ? CHANNEL : METHOD, frame)
    }
    return this.ignore(ERROR)
  }

  #scan(frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(EVENT_NAME)) fields.text(EVENT, 'event', frame)
      else if (frame.isText(CHANNEL_NAME)) fields.text(CHANNEL, 'channel', frame)
      else if (frame.isText(TYPE_NAME)) fields.text(TYPE, 'type', frame)
      else if (frame.isText(METHOD_NAME)) fields.text(METHOD, 'method', frame)
      else if (frame.isText(DATA_NAME)) this.#placeOrDecode(frame, sink)
      else this.#passOver(frame)
    }
    frame.finish()
  }

  #passOver(frame: Scanner): void {
    if (frame.isText(ERROR) || frame.isText(ERROR_MESSAGE)) this.#isError = true
    frame.skip()
  }

  /** Decodes the data where it stands, if all that it needs stood before it, as the venue writes it. */
  #placeOrDecode(frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    const isReady = fields.isMet(TYPE) && !fields.isMet(DATA) && fields.holds(CHANNEL)
    const content = isReady ? this.#content(frame) : undefined
    if (content === undefined) return fields.place(DATA, 'data', frame)
    fields.mark(DATA, 'data')
    this.#messages = this.#v2.data(content, fields, TYPE, frame, sink)
  }

  /** What the data of a channel has become, or becomes now. */
  #data(content: Content, frame: Scanner, sink: Sink): Outcome {
    const fields = this.#fields
    if (this.#messages < 0) {
      fields.require(DATA, 'data')
      frame.rewind(fields.number(DATA))
      this.#messages = this.#v2.data(content, fields, TYPE, frame, sink)
    }
    if (this.#messages === 0) return this.#ignoreSlot(CHANNEL, frame)
    sink.messages = this.#messages
    return content
  }

  #content(frame: Scanner): Content | undefined {
    const fields = this.#fields
    return contentOf(frame.bytes, fields.number(CHANNEL), fields.end(CHANNEL))
  }

  #ignoreSlot(slot: number, frame: Scanner): Outcome {
    return this.ignoreText(frame.bytes, this.#fields.number(slot), this.#fields.end(slot))
  }
}

const EVENT = 0
const CHANNEL = 1
const TYPE = 2
const METHOD = 3
const DATA = 4

const EVENT_NAME = ascii('event')
const CHANNEL_NAME = ascii('channel')
const TYPE_NAME = ascii('type')
const METHOD_NAME = ascii('method')
const DATA_NAME = ascii('data')
const ERROR = ascii('error')
const ERROR_MESSAGE = ascii('errorMessage')
