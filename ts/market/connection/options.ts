import type { Clock } from '../../client/index.js'
import type { Backend } from '../../core.js'
import { badArgument, checkWhole } from '../../errors.js'
import type { MessageBus } from '../../workers/index.js'
import { type Channel, channels, protocols, type VenueProtocolName } from './protocols/index.js'
import type { Fetch } from './snapshots.js'

export interface VenueDataClientOptions {
  /** Whose WebSocket is spoken to, and how. */
  protocol: VenueProtocolName
  /** Where the messages are published; one opened with `marketSchema` carries them to other threads as records. */
  bus: MessageBus
  /** The venue's WebSocket, `ws:` or `wss:`. @default the venue's public one */
  url?: string
  /** Where a book's snapshot is fetched, with `{symbol}` in it; Binance alone. @default the venue's public one */
  snapshotUrl?: string
  /** The venue's channels that serve ours: `{ book: 'orderbook.200' }`. @default those of docs/market-data.md */
  channels?: Partial<Record<Channel, string>>
  /** Longest wait for a connection, in ms. @default 10_000 */
  connectTimeoutMs?: number
  /** Longest wait for the answer to a request or a snapshot, in ms. @default 10_000 */
  answerTimeoutMs?: number
  /** A connection on which nothing comes for so long is given up, in ms; looked at once a ping. @default 45_000 */
  staleMs?: number
  /** Bound of the wait before the second attempt, in ms; it doubles with each, and a random part of it is waited. @default 500 */
  backOffMs?: number
  /** Largest bound of that wait, in ms. @default 30_000 */
  backOffMostMs?: number
  /** A connection or a book that was good for so long begins anew with short waits, in ms. @default 10_000 */
  steadyMs?: number
  /** Most frames that wait to be decoded, 1 to 1,048,576; the socket is paused at a quarter. @default 16_384 */
  queueFrames?: number
  /** Most bytes of them. @default 67_108_864 */
  queueBytes?: number
  /** Longest frame, in bytes; a longer one ends the connection, and those above 67,108,864 are not decoded. @default 16_777_216 */
  frameBytesMost?: number
  /** Resolves when the consumer has room; looked at after every 256 messages. @default bus.ready() */
  ready?: () => Promise<void>
  /** Which backend decodes. @default the one that the package chose */
  backend?: Backend
  /** Times of waits and watches. @default the process's */
  clock?: Clock
  /** Gives 0 up to 1, for the jitter of waits. @default Math.random */
  random?: () => number
  /** @default the platform's */
  fetch?: Fetch
}

const defaults = {
  connectTimeoutMs: 10_000,
  answerTimeoutMs: 10_000,
  staleMs: 45_000,
  backOffMs: 500,
  backOffMostMs: 30_000,
  steadyMs: 10_000,
  queueFrames: 16_384,
  queueBytes: 67_108_864,
  frameBytesMost: 16_777_216,
}

export type Limited = typeof defaults

/**
 * The numbers of the options, checked, as are the names and addresses.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT`
 */
export function checkOptions(options: VenueDataClientOptions): Limited {
  if (!Object.hasOwn(protocols, options.protocol)) {
    throw badArgument('protocol', `one of ${Object.keys(protocols).join(', ')}`, options.protocol)
  }
  if (typeof options.bus?.topic !== 'function') throw badArgument('bus', 'a MessageBus', options.bus)
  checkUrl('url', options.url, /^wss?:$/, 'a ws: or wss: address')
  checkUrl('snapshotUrl', options.snapshotUrl, /^https?:$/, 'an http: or https: address with {symbol} in it')
  if (options.snapshotUrl?.includes('{symbol}') === false) {
    throw badArgument('snapshotUrl', 'an address with {symbol} in it', options.snapshotUrl)
  }
  for (const [channel, name] of Object.entries(options.channels ?? {})) {
    if (!channels.includes(channel as Channel)) throw badArgument('channels', channels.join(', '), channel)
    if (typeof name !== 'string' || name === '') throw badArgument(`channels.${channel}`, "the venue's name", name)
  }
  const numbers = { ...defaults }
  for (const name of Object.keys(defaults) as (keyof Limited)[]) {
    const value = options[name] ?? defaults[name]
    const most = name === 'queueFrames' ? 1_048_576 : 2 ** 31 - 1
    checkWhole(name, value, 1, most)
    numbers[name] = value
  }
  return numbers
}

function checkUrl(name: string, value: string | undefined, protocol: RegExp, expected: string): void {
  if (value === undefined) return
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !protocol.test(url.protocol)) throw badArgument(name, expected, value)
}
