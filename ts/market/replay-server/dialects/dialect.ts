import { isObject, type Message } from '../../connection/index.js'
import type { TextBook } from '../text-book.js'

/** A level as the venue writes it: its side, its price as text, its size, and the venue's own form of it. */
export interface TextLevel {
  readonly isAsk: boolean
  readonly price: string
  readonly isGone: boolean
  readonly raw: unknown
}

/** What a frame changes in a book. */
export interface BookChange {
  readonly isSnapshot: boolean
  readonly levels: readonly TextLevel[]
  /** How many levels a side the venue tells of, where it says so. */
  readonly window?: number | undefined
  /** The venue's number of the last change; 0 where it gives none. */
  readonly last: number
  /** What a snapshot repeats besides the levels. */
  readonly rest: Message
}

/** Whom a recorded frame is for. */
export interface Served {
  /** The channel and the instrument, as `Asked` has them. */
  readonly key: string
  readonly symbol: string
  readonly book?: BookChange
  /** A snapshot that the venue does not send but gives to those who fetch it. */
  readonly isApart?: boolean
  /** Something that everybody gets who subscribes later. */
  readonly isKept?: boolean
}

/** One subscription in a request. */
export interface Asked {
  readonly key: string
  readonly symbol: string
  /** As the request says it. */
  readonly topic: string
}

/** A request of a client. */
export type Request =
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly asked: readonly Asked[]; readonly message: Message }
  | { readonly kind: 'ping'; readonly reply: string | undefined }
  | { readonly kind: 'other' }

/** The venue's side of its protocol. One file each, from the same public documentation as the client's. */
export interface Dialect {
  /** What is sent to every new connection. */
  readonly greeting?: string
  /** What is sent to connections that subscribed to something, once a heartbeat; without it a WebSocket ping. */
  readonly heartbeat?: string
  /** Whether a name that is not known is refused; some venues accept it and then send nothing. */
  readonly isRefusing: boolean
  /** Whether one name that is refused refuses the whole request. */
  readonly isWhole?: boolean
  /** Whom a recorded message is for; undefined for those that belong to the connection on which they were recorded. */
  read(message: unknown): readonly Served[]
  request(text: string): Request
  /** The answers to a request; `all` is what the connection is subscribed to after it. */
  answer(request: Request, accepted: readonly Asked[], refused: readonly Asked[], all: readonly Asked[]): string[]
  /** The whole book as a frame, for somebody who has just subscribed; undefined where a snapshot is fetched instead. */
  snapshot?(asked: Asked, book: TextBook): string
  /** The frame as the connection's message of a number, where the venue counts them. */
  numbered?(frame: string, number: number): string
}

export const OTHER: Request = { kind: 'other' }

/** A message as an object; empty if it is none. */
export function messageIn(text: string): Message {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Levels that are written as lists of price, size and more. */
export function levelsOf(isAsk: boolean, levels: unknown): TextLevel[] {
  return list(levels).map((raw) => {
    const [price, size] = list(raw)
    return { isAsk, price: String(price), isGone: Number(size) === 0, raw }
  })
}

/** `NAME:SYMBOL` of one channel and several symbols. */
export function asked(name: string, symbols: unknown, key = name): Asked[] {
  return list(symbols)
    .filter((symbol) => typeof symbol === 'string')
    .map((symbol) => ({ key: `${key}:${symbol}`, symbol, topic: `${name}:${symbol}` }))
}
