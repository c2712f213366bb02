import type { Epoch, QuoteLike } from '../bus/index.js'
import {
  TOP_DOUBLE_ASK,
  TOP_DOUBLE_ASK_PLACE,
  TOP_DOUBLE_ASK_SIZE,
  TOP_DOUBLE_AT,
  TOP_DOUBLE_BID,
  TOP_DOUBLE_BID_PLACE,
  TOP_DOUBLE_BID_SIZE,
  TOP_DOUBLE_CHANGES,
  TOP_DOUBLE_NET_ASK,
  TOP_DOUBLE_NET_BID,
} from '../layout.js'
import type { PlannedPair } from './arbitrage-plan.js'

/** The best bid and offer of a pair over its instruments after fees, as it is published on `data.nbbo.PAIR`. */
export interface BestOfPair extends QuoteLike {
  readonly pair: string
  /** Whose bid is best after its fee; undefined if nobody has one. Its price before fees is `bidPrice`. */
  readonly bidFrom: string | undefined
  /** Whose offer is best with its fee. */
  readonly askFrom: string | undefined
  /** The bid less its fee; 0 if there is none. */
  readonly netBid: number
  /** The offer with its fee; 0 if there is none. */
  readonly netAsk: number
}

/** A live view of the best bid and offer of a pair: each property is read anew, and nothing is allocated. */
export class TopView implements BestOfPair {
  readonly pair: string
  readonly #instruments: readonly string[]
  readonly #doubles: Float64Array
  readonly #epoch: Epoch

  constructor({ name, instruments }: PlannedPair, doubles: Float64Array, epoch: Epoch) {
    this.pair = name
    this.#instruments = instruments
    this.#doubles = doubles
    this.#epoch = epoch
  }

  get bidPrice(): number {
    return this.#doubles[TOP_DOUBLE_BID]
  }

  get askPrice(): number {
    return this.#doubles[TOP_DOUBLE_ASK]
  }

  get bidSize(): number {
    return this.#doubles[TOP_DOUBLE_BID_SIZE]
  }

  get askSize(): number {
    return this.#doubles[TOP_DOUBLE_ASK_SIZE]
  }

  get netBid(): number {
    return this.#doubles[TOP_DOUBLE_NET_BID]
  }

  get netAsk(): number {
    return this.#doubles[TOP_DOUBLE_NET_ASK]
  }

  get bidFrom(): string | undefined {
    return this.#instruments[this.#doubles[TOP_DOUBLE_BID_PLACE]]
  }

  get askFrom(): string | undefined {
    return this.#instruments[this.#doubles[TOP_DOUBLE_ASK_PLACE]]
  }

  /** When any of it changed last, by the receive time of a quote, UNIX nanoseconds. */
  get tsEvent(): bigint {
    return this.#epoch.unixNsAt(this.#doubles[TOP_DOUBLE_AT])
  }

  /** How often any of it has changed. */
  get changes(): number {
    return this.#doubles[TOP_DOUBLE_CHANGES]
  }

  /** The same as plain data that does not change. */
  snapshot(): BestOfPair {
    const { pair, bidPrice, askPrice, bidSize, askSize, bidFrom, askFrom, netBid, netAsk, tsEvent } = this
    return { pair, bidPrice, askPrice, bidSize, askSize, bidFrom, askFrom, netBid, netAsk, tsEvent }
  }
}
