import type { JournalRecord } from '../../delivery/index.js'
import { CONCURRENCY_MOST } from './options.js'

/** A message that a replay has read. */
export interface Item {
  readonly record: JournalRecord
  state: 'waiting' | 'begun' | 'done'
  /** Deliveries so far, those that were put off apart. */
  attempts: number
  /** What the handler gets, once it was decoded. */
  decoded: { readonly message: unknown } | undefined
}

/** Most messages between the oldest that is not done and the newest that was read: so many come again after a crash. */
const ITEMS_MOST = CONCURRENCY_MOST
const BYTES_MOST = 8 * 2 ** 20

/**
 * The messages that a replay has read and is not past yet, in order. It moves over those at its beginning that are done, and
 * takes no more than so many, whatever is done behind one that is not.
 */
export class Window {
  readonly #items: Item[] = []
  /** Keys of which a message is begun. */
  readonly #busy = new Set<string>()
  #bytes = 0
  #waiting = 0
  #begun = 0

  get isEmpty(): boolean {
    return this.#items.length === 0
  }

  get hasRoom(): boolean {
    return this.#items.length < ITEMS_MOST && this.#bytes < BYTES_MOST
  }

  get waiting(): number {
    return this.#waiting
  }

  get begun(): number {
    return this.#begun
  }

  /** The oldest sequence that is not done. */
  get first(): number | undefined {
    return this.#items[0]?.record.sequence
  }

  add(record: JournalRecord): void {
    this.#items.push({ record, state: 'waiting', attempts: 0, decoded: undefined })
    this.#bytes += record.message.payload.length
    this.#waiting += 1
  }

  /** The oldest message that may begin: none of its key is begun, or waits before it. */
  next(): Item | undefined {
    if (this.#waiting === 0) return undefined
    const passed = new Set<string>()
    for (const item of this.#items) {
      if (item.state !== 'waiting') continue
      const { key } = item.record.message
      if (key === undefined || !(this.#busy.has(key) || passed.has(key))) return item
      passed.add(key)
    }
    return undefined
  }

  begin(item: Item): void {
    item.state = 'begun'
    this.#waiting -= 1
    this.#begun += 1
    if (item.record.message.key !== undefined) this.#busy.add(item.record.message.key)
  }

  /** A message is done with. */
  end(item: Item): void {
    this.#leave(item, 'done')
    this.#bytes -= item.record.message.payload.length
    item.decoded = undefined
    while (this.#items[0]?.state === 'done') this.#items.shift()
  }

  /** A message that was begun has not come to its end, and will not. */
  putBack(item: Item): void {
    this.#leave(item, 'waiting')
    this.#waiting += 1
  }

  #leave(item: Item, state: 'waiting' | 'done'): void {
    item.state = state
    this.#begun -= 1
    if (item.record.message.key !== undefined) this.#busy.delete(item.record.message.key)
  }
}
