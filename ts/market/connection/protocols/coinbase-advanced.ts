import { isObject, type Message, type Protocol, type Reply, textOf } from './protocol.js'

/**
 * Coinbase Advanced Trade. `sequence_num` counts the messages of the connection, so that every lost one shows. Quiet
 * connections are closed; `heartbeats` keeps them open.
 */
export const coinbaseAdvanced: Protocol = {
  market: 'coinbase',
  url: 'wss://advanced-trade-ws.coinbase.com',
  channels: { quotes: 'ticker', trades: 'market_trades', book: 'level2' },
  limits: { subscriptions: 1_000, messagesPerSecond: 8, topicsPerRequest: 100 },
  pingMs: 15_000,
  hasConsecutiveTrades: true,
  topicOf: (name, symbol) => `${name}:${symbol}`,
  request: (type, streams) =>
    JSON.stringify({ type, product_ids: streams.map(({ symbol }) => symbol), channel: streams[0]!.name }),
  replyTo,
  opening: () => '{"type":"subscribe","channel":"heartbeats"}',
  numberOf,
}

function replyTo({ type, channel, events, message }: Message): Reply | undefined {
  if (type === 'error') return { isAccepted: false, reason: textOf(message) }
  if (channel !== 'subscriptions' || !Array.isArray(events)) return undefined
  return { isAccepted: true, topics: events.flatMap(topicsOf) }
}

function topicsOf(event: unknown): string[] {
  if (!isObject(event) || !isObject(event.subscriptions)) return []
  return Object.entries(event.subscriptions).flatMap(([name, symbols]) =>
    Array.isArray(symbols) ? symbols.map((symbol) => `${name}:${textOf(symbol)}`) : [],
  )
}

/** Read without making an object of the frame. */
function numberOf(frame: Buffer): number | undefined {
  const place = frame.indexOf(NUMBER)
  if (place < 0) return undefined
  const digits = /^\s*:\s*(\d{1,15})/.exec(frame.toString('latin1', place + NUMBER.length, place + NUMBER.length + 24))
  return digits === null ? undefined : Number(digits[1])
}

const NUMBER = '"sequence_num"'
