import { BUYER, SELLER } from '../batch.js'
import { Misfit } from '../reject.js'
import { ascii, type Scanner } from '../scanner.js'
import type { Sink } from '../sink.js'
import { Slots } from '../slots.js'

/** Trades. `trades` puts those of one order at one price together, `trades-all` does not. */
export class Trades {
  readonly #fields = new Slots()

  /** Writes one trade of the instrument whose name lies between `start` and `end`. */
  write(frame: Scanner, start: number, end: number, sink: Sink): void {
    const fields = this.#fields
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(PX_NAME)) fields.decimal(PRICE, 'px', frame)
      else if (frame.isText(SZ_NAME)) fields.decimal(SIZE, 'sz', frame)
      else if (frame.isText(SIDE_NAME)) fields.text(SIDE, 'side', frame)
      else if (frame.isText(TRADE_ID_NAME)) fields.name(ID, 'tradeId', frame)
      else if (frame.isText(TS_NAME)) fields.whole(UNIX_MS, 'ts', frame)
      else frame.skip()
    }
    const price = sink.positive(fields, PRICE, 'px')
    const size = sink.positive(fields, SIZE, 'sz')
    const aggressor = this.#aggressor(frame)
    sink.identify(fields, ID, 'tradeId', frame.bytes)
    fields.require(UNIX_MS, 'ts')
    sink.happened(fields.number(UNIX_MS))
    sink.isAbout(frame.bytes, start, end)
    sink.batch.tradeNamed(price, size, aggressor, sink.tradeId)
  }

  #aggressor(frame: Scanner): number {
    const fields = this.#fields
    fields.require(SIDE, 'side')
    if (fields.is(SIDE, BUY, frame)) return BUYER
    if (fields.is(SIDE, SELL, frame)) return SELLER
    throw new Misfit('field', 'side')
  }
}

const PRICE = 0
const SIZE = 1
const SIDE = 2
const ID = 3
const UNIX_MS = 4

const PX_NAME = ascii('px')
const SZ_NAME = ascii('sz')
const SIDE_NAME = ascii('side')
const TRADE_ID_NAME = ascii('tradeId')
const TS_NAME = ascii('ts')
const BUY = ascii('buy')
const SELL = ascii('sell')
