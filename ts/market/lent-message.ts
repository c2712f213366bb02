import { type AggressorSide, type Epoch, readAggressor, readTradeId, type WrittenRecord } from '../bus/index.js'
import {
  QUOTE_DOUBLE_ASK_PRICE,
  QUOTE_DOUBLE_ASK_SIZE,
  QUOTE_DOUBLE_BID_PRICE,
  QUOTE_DOUBLE_BID_SIZE,
  QUOTE_DOUBLE_SEQUENCE,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
  TRADE_DOUBLE_PRICE,
  TRADE_DOUBLE_SIZE,
} from '../layout.js'
import type { BookUpdate } from './market-message.js'
import type { RecordRun } from './merge-records.js'
import type { QuoteFields, TradeFields } from './tally.js'

interface Lent {
  topic: string
  /** The instrument's number. */
  instrument: number
}

/** A message whose fields are read where its record lies, without an object of its own. Only a book update is one. */
export type LentMessage =
  | (Lent & { readonly kind: 'quote'; readonly message: RecordedQuote })
  | (Lent & { readonly kind: 'trade'; readonly message: RecordedTrade })
  | (Lent & { readonly kind: 'book'; message: BookUpdate })

/** Makes messages of records. There is one of each kind, which lasts until the next is asked for. */
export class MessageLender {
  readonly #epoch: Epoch
  readonly #quote = { kind: 'quote' as const, topic: '', instrument: 0, message: new RecordedQuote() }
  readonly #trade = { kind: 'trade' as const, topic: '', instrument: 0, message: new RecordedTrade() }

  constructor(epoch: Epoch) {
    this.#epoch = epoch
  }

  lend({ records, from, to, instruments }: RecordRun): LentMessage {
    const kind = records.kindOf(from)
    const number = records.instrumentOf(from)
    const instrument = instruments[number]!
    if (kind === 'book') {
      const { topic, message } = records.message(from, to, instrument, this.#epoch)
      return { kind, topic, instrument: number, message: message as BookUpdate }
    }
    const lent = kind === 'quote' ? this.#quote : this.#trade
    lent.topic = kind === 'quote' ? instrument.topics.quotes : instrument.topics.trades
    lent.instrument = number
    lent.message.record = records.written(from, this.#epoch)
    return lent
  }
}

class InRecord {
  record!: WrittenRecord

  get eventNs(): number {
    return this.double(RECORD_DOUBLE_EVENT)
  }

  get initNs(): number {
    return this.double(RECORD_DOUBLE_INIT)
  }

  protected double(place: number): number {
    return this.record.views.doubles[this.record.at + place]
  }
}

/** The fields of a quote in its record. */
export class RecordedQuote extends InRecord implements QuoteFields {
  get bidPrice(): number {
    return this.double(QUOTE_DOUBLE_BID_PRICE)
  }

  get askPrice(): number {
    return this.double(QUOTE_DOUBLE_ASK_PRICE)
  }

  get bidSize(): number {
    return this.double(QUOTE_DOUBLE_BID_SIZE)
  }

  get askSize(): number {
    return this.double(QUOTE_DOUBLE_ASK_SIZE)
  }

  get sequence(): number {
    return this.double(QUOTE_DOUBLE_SEQUENCE)
  }
}

/** The fields of a trade in its record. */
export class RecordedTrade extends InRecord implements TradeFields {
  get price(): number {
    return this.double(TRADE_DOUBLE_PRICE)
  }

  get size(): number {
    return this.double(TRADE_DOUBLE_SIZE)
  }

  get aggressorSide(): AggressorSide {
    return readAggressor(this.record.head)
  }

  get tradeId(): string {
    const { views, at, head } = this.record
    return readTradeId(views, at, head)
  }
}
