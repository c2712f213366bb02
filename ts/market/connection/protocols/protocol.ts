import type { FeedMarket } from '../../feed-instrument.js'

/** What can be subscribed to: best bid and offer, trades, or the order book. */
export type Channel = 'quotes' | 'trades' | 'book'

export const channels: readonly Channel[] = ['quotes', 'trades', 'book']

/** One subscription. */
export interface Stream {
  readonly channel: Channel
  /** The venue's name of the channel: `bookTicker`, `orderbook.50`, `book-100`. */
  readonly name: string
  /** The venue's name of the instrument, as its frames say it. */
  readonly symbol: string
  /** The venue's name of both together, which tells it from all others of a connection. */
  readonly topic: string
}

export type Action = 'subscribe' | 'unsubscribe'

/**
 * What a venue says about a request. With an id it is about that request, with topics about these alone; with neither,
 * about the oldest request that has no answer yet.
 */
export interface Reply {
  readonly isAccepted: boolean
  readonly id?: number | undefined
  readonly topics?: readonly string[]
  /** Of the request's subscriptions, those of this instrument alone. */
  readonly symbol?: string
  /** The venue's own code of a refusal, where it has one. */
  readonly code?: string
  readonly reason?: string
}

/** What a venue lets a client do. */
export interface Limits {
  /** Most subscriptions of one connection. */
  readonly subscriptions: number
  /** Most messages that a client sends in a second. */
  readonly messagesPerSecond: number
  /** Most subscriptions in one request. */
  readonly topicsPerRequest: number
}

/** How one venue's WebSocket is spoken to. One file each; all from the venues' public documentation. */
export interface Protocol {
  readonly market: FeedMarket
  readonly url: string
  /** The venue's channels that serve ours; one that is missing the venue does not have. */
  readonly channels: Readonly<Partial<Record<Channel, string>>>
  readonly limits: Limits
  /** How often the client pings, in ms. */
  readonly pingMs: number
  /** The ping in band; where there is none, the WebSocket's own ping is sent. */
  readonly ping?: string
  /** Where a snapshot of a book is fetched; without it, a new subscription brings one. */
  readonly snapshotUrl?: string
  /** Whether the ids of an instrument's trades are numbers without a gap. */
  readonly hasConsecutiveTrades: boolean
  topicOf(name: string, symbol: string): string
  /** The message that asks for streams, all of one channel. */
  request(action: Action, streams: readonly Stream[], id: number): string
  /** What a message of the venue says about a request to subscribe; undefined if it is about something else. */
  replyTo(message: Message): Reply | undefined
  /** What is sent once on a connection before its first request for a channel. */
  opening?(channel: Channel): string | undefined
  /** The number of a frame among all of its connection, from 0, where the venue counts them. */
  numberOf?(frame: Buffer): number | undefined
}

/** A message of a venue that is a JSON object. */
export type Message = Readonly<Record<string, unknown>>

/** The id of a request as venues give it back: a number, or its digits. */
export function idOf(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(id) ? (id as number) : undefined
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
