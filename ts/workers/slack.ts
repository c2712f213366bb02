import type { Views } from '../bus/index.js'
import { RECORD_BYTES } from '../layout.js'
import type { Destination } from './ring-writer.js'

/** A record that waits on the publishing side until its readers have made room. */
export interface Deferred {
  readonly destination: Destination
  readonly record: Views
  readonly payload: Uint8Array | undefined
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
    this.#bytes += deferred.payload?.length ?? 0
  }

  shift(): void {
    this.#bytes -= this.first?.payload?.length ?? 0
    this.#queue[this.#first] = undefined
    this.#first += 1
    if (this.#first < 1024 && this.#first < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#first)
    this.#first = 0
  }
}

/** Views over one record outside the ring. */
export function blankRecord(): Views {
  const memory = new ArrayBuffer(RECORD_BYTES)
  return { words: new Uint32Array(memory), doubles: new Float64Array(memory), bytes: new Uint8Array(memory) }
}
