import { ASK, BID } from '../batch.js'
import { Misfit } from '../reject.js'
import { ascii, LIST, OBJECT, type Scanner } from '../scanner.js'
import type { Sink } from '../sink.js'
import { Slots } from '../slots.js'

/**
 * The order books of v2, whose levels are objects: all of them in a list or in `order_book`, what has changed in the lists
 * `delete`, `update` and `insert`.
 */
export class BookObjects {
  readonly #met = new Slots()
  readonly #fields = new Slots()

  /** Writes the levels of the data. */
  write(frame: Scanner, sink: Sink): void {
    if (frame.peek() !== OBJECT) return this.#levels('data', frame, sink)
    this.#met.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(ORDER_BOOK)) this.#list(0, 'order_book', frame, sink)
      else if (frame.isText(DELETE)) this.#deletions(frame, sink)
      else if (frame.isText(UPDATE)) this.#list(2, 'update', frame, sink)
      else if (frame.isText(INSERT)) this.#list(3, 'insert', frame, sink)
      else frame.skip()
    }
  }

  #list(slot: number, field: string, frame: Scanner, sink: Sink): void {
    this.#met.mark(slot, field)
    this.#levels(field, frame, sink)
  }

  #levels(field: string, frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    for (let isItem = this.#firstItem(field, frame); isItem; isItem = frame.nextItem()) {
      this.#item(field, frame)
      const price = this.#price(frame, sink)
      const size = sink.amount(fields, SIZE, 'size')
      sink.batch.level(this.#side(frame), price, size)
    }
  }

  /** Whatever size they had. */
  #deletions(frame: Scanner, sink: Sink): void {
    this.#met.mark(1, 'delete')
    for (let isItem = this.#firstItem('delete', frame); isItem; isItem = frame.nextItem()) {
      this.#item('delete', frame)
      const price = this.#price(frame, sink)
      sink.batch.level(this.#side(frame), price, 0)
    }
  }

  #firstItem(field: string, frame: Scanner): boolean {
    if (frame.peek() !== LIST) throw new Misfit('field', field)
    return frame.firstItem()
  }

  #item(field: string, frame: Scanner): void {
    if (frame.peek() !== OBJECT) throw new Misfit('field', field)
    const fields = this.#fields
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(PRICE_NAME)) fields.decimal(PRICE, 'price', frame)
      else if (frame.isText(SIDE_NAME)) fields.text(SIDE, 'side', frame)
      else if (frame.isText(SIZE_NAME)) fields.decimal(SIZE, 'size', frame)
      else frame.skip()
    }
  }

  #price(frame: Scanner, sink: Sink): number {
    this.#fields.require(SIDE, 'side')
    this.#side(frame)
    return sink.amount(this.#fields, PRICE, 'price')
  }

  #side(frame: Scanner): number {
    if (this.#fields.is(SIDE, BUY, frame)) return BID
    if (this.#fields.is(SIDE, SELL, frame)) return ASK
    throw new Misfit('field', 'side')
  }
}

const PRICE = 0
const SIDE = 1
const SIZE = 2

const ORDER_BOOK = ascii('order_book')
const DELETE = ascii('delete')
const UPDATE = ascii('update')
const INSERT = ascii('insert')
const PRICE_NAME = ascii('price')
const SIDE_NAME = ascii('side')
const SIZE_NAME = ascii('size')
const BUY = ascii('Buy')
const SELL = ascii('Sell')
