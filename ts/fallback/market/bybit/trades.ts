import { BUYER, SELLER } from '../batch.js'
import { Misfit } from '../reject.js'
import { ascii, LIST, OBJECT, type Scanner } from '../scanner.js'
import type { Sink } from '../sink.js'
import { Slots } from '../slots.js'

/** What the fields of a trade are called. */
interface Names {
  readonly symbol: string
  readonly side: string
  readonly price: string
  readonly size: string
  readonly id: string
  readonly unixMs: string
}

export const V5: Names = { symbol: 's', side: 'S', price: 'p', size: 'v', id: 'i', unixMs: 'T' }
export const V2: Names = {
  symbol: 'symbol',
  side: 'side',
  price: 'price',
  size: 'size',
  id: 'trade_id',
  unixMs: 'trade_time_ms',
}

/** Trades, several in a frame. v5 and v2 say the same under other names. */
export class Trades {
  readonly #names: Names
  readonly #symbol: Uint8Array
  readonly #side: Uint8Array
  readonly #price: Uint8Array
  readonly #size: Uint8Array
  readonly #id: Uint8Array
  readonly #unixMs: Uint8Array
  readonly #fields = new Slots()

  constructor(names: Names) {
    this.#names = names
    this.#symbol = ascii(names.symbol)
    this.#side = ascii(names.side)
    this.#price = ascii(names.price)
    this.#size = ascii(names.size)
    this.#id = ascii(names.id)
    this.#unixMs = ascii(names.unixMs)
  }

  /** Writes the trades of a list. */
  write(frame: Scanner, sink: Sink): void {
    if (frame.peek() !== LIST) throw new Misfit('field', 'data')
    for (let isItem = frame.firstItem(); isItem; isItem = frame.nextItem()) {
      if (frame.peek() !== OBJECT) throw new Misfit('field', 'data')
      this.#fields.clear()
      for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) this.#field(frame)
      this.#write(frame, sink)
    }
  }

  #field(frame: Scanner): void {
    const fields = this.#fields
    const names = this.#names
    if (frame.isText(this.#symbol)) fields.text(SYMBOL, names.symbol, frame)
    else if (frame.isText(this.#side)) fields.text(SIDE, names.side, frame)
    else if (frame.isText(this.#price)) fields.decimal(PRICE, names.price, frame)
    else if (frame.isText(this.#size)) fields.decimal(SIZE, names.size, frame)
    else if (frame.isText(this.#id)) fields.name(ID, names.id, frame)
    else if (frame.isText(this.#unixMs)) fields.whole(UNIX_MS, names.unixMs, frame)
    else frame.skip()
  }

  #write(frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    const names = this.#names
    const price = sink.positive(fields, PRICE, names.price)
    const size = sink.positive(fields, SIZE, names.size)
    fields.require(SIDE, names.side)
    const isBuyer = fields.is(SIDE, BUY, frame)
    if (!isBuyer && !fields.is(SIDE, SELL, frame)) throw new Misfit('field', names.side)
    sink.identify(fields, ID, names.id, frame.bytes)
    fields.require(UNIX_MS, names.unixMs)
    fields.require(SYMBOL, names.symbol)
    sink.happened(fields.number(UNIX_MS))
    sink.isAbout(frame.bytes, fields.number(SYMBOL), fields.end(SYMBOL))
    sink.batch.tradeNamed(price, size, isBuyer ? BUYER : SELLER, sink.tradeId)
  }
}

const SYMBOL = 0
const SIDE = 1
const PRICE = 2
const SIZE = 3
const ID = 4
const UNIX_MS = 5

const BUY = ascii('Buy')
const SELL = ascii('Sell')
