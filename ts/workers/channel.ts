import { BroadcastChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { StructureTable } from './payload.js'
import type { ReadStart } from './ring-reader.js'
import type { MemberId } from './roster.js'

/** What the records with one id carry: messages on a topic, calls of an endpoint, or replies to requests. */
export type Use = 'topic' | 'call' | 'reply'

/** What a topic id in a ring stands for. */
export interface Definition {
  readonly id: number
  readonly use: Use
  /** The topic or the endpoint; empty for replies. */
  readonly name: string
}

/** What a member tells about itself when it meets another. */
export interface Introduction {
  readonly thread: number
  readonly ring: SharedArrayBuffer
  readonly patterns: readonly string[]
  readonly endpoints: readonly string[]
  readonly topics: readonly Definition[]
  readonly structures: StructureTable
}

/** What members of a bus say to each other outside the rings. Everything that a reader needs travels before its first use. */
export type Notice =
  | ({ readonly type: 'hello'; readonly from: MemberId } & Introduction)
  /** Answers a hello; `start` is where the newcomer begins to read the sender's ring. */
  | ({
      readonly type: 'welcome'
      readonly from: MemberId
      readonly to: MemberId
      readonly start: ReadStart
    } & Introduction)
  | { readonly type: 'subscribe' | 'unsubscribe'; readonly from: MemberId; readonly pattern: string }
  | { readonly type: 'register' | 'deregister'; readonly from: MemberId; readonly endpoint: string }
  | { readonly type: 'define'; readonly from: MemberId; readonly definition: Definition }
  | { readonly type: 'structures'; readonly from: MemberId; readonly table: StructureTable }
  | { readonly type: 'ping'; readonly from: MemberId; readonly number: number }
  | { readonly type: 'pong'; readonly from: MemberId; readonly to: MemberId; readonly number: number }
  /** The sender leaves; what it had shown is still to be read. */
  | { readonly type: 'bye'; readonly from: MemberId }
  /** The creator closes the bus for everybody. */
  | { readonly type: 'close'; readonly from: MemberId }

/**
 * The side channel of a bus: slow, unbounded, in order, and never lost. A notice posted before a record is shown can be
 * fetched by whoever reads that record, with `pull`, without waiting for the event loop.
 */
export class NoticeChannel {
  readonly #channel: BroadcastChannel

  constructor(token: string, handle: (notice: Notice) => void) {
    this.#channel = new BroadcastChannel(`tickbus:${token}`)
    this.#channel.onmessage = (event) => handle((event as { data: Notice }).data)
    this.#channel.unref()
  }

  post(notice: Notice): void {
    this.#channel.postMessage(notice)
  }

  /** Hands over everything that has been posted so far and was not handled yet, now. */
  pull(handle: (notice: Notice) => void): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#channel as never) as { message: Notice } | undefined
      if (received === undefined) return
      handle(received.message)
    }
  }

  /** Whether the channel keeps the event loop alive. */
  keepAlive(wanted: boolean): void {
    if (wanted) this.#channel.ref()
    else this.#channel.unref()
  }

  close(): void {
    this.#channel.close()
  }
}
