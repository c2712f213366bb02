import type { Destination } from './ring-writer.js'

/** A record that waits on the publishing side until its readers have made room. */
export interface Deferred {
  readonly destination: Destination
  /** The kind word. */
  readonly head: number
  /** What follows kind and topic in the record, or goes into the slab. */
  readonly fields: Uint8Array
  /** How much goes into the slab. */
  readonly slabBytes: number
}

/** Records that wait for room in the ring, in order, bounded in number and in payload bytes. */
export class Slack {
  readonly #mostRecords: number
  readonly #mostBytes: number
  #queue: (Deferred | undefined)[] = []
  #first = 0
  #bytes = 0

  constructor(mostRecords: number, mostBytes: number) {
    this.#mostRecords = mostRecords
    this.#mostBytes = mostBytes
  }

  get length(): number {
    return this.#queue.length - this.#first
  }

  get first(): Deferred | undefined {
    return this.#queue[this.#first]
  }

  /** Whether one more record with so many payload bytes fits. */
  fits(payloadBytes: number): boolean {
    return this.length < this.#mostRecords && this.#bytes + payloadBytes <= this.#mostBytes
  }

  push(deferred: Deferred): void {
    this.#queue.push(deferred)
    this.#bytes += deferred.slabBytes
  }

  shift(): void {
    this.#bytes -= this.first?.slabBytes ?? 0
    this.#queue[this.#first] = undefined
    this.#first += 1
    if (this.#first < 1024 && this.#first < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#first)
    this.#first = 0
  }
}
