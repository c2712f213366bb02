import { isObject, type Message, type Protocol, type Reply, textOf } from './protocol.js'

/** Bybit's interface for contracts before v5, which the venue has switched off: for recordings. It has no quotes that are decoded. */
export const bybitV2: Protocol = {
  market: 'bybit-v2',
  url: 'wss://stream.bybit.com/realtime_public',
  channels: { trades: 'trade', book: 'orderBookL2_25' },
  limits: { subscriptions: 2_000, messagesPerSecond: 10, topicsPerRequest: 10 },
  pingMs: 20_000,
  ping: '{"op":"ping"}',
  hasConsecutiveTrades: false,
  topicOf: (name, symbol) => `${name}.${symbol}`,
  request: (op, streams) => JSON.stringify({ op, args: streams.map(({ topic }) => topic) }),
  replyTo,
}

/** It repeats the request. */
function replyTo({ success, ret_msg: reason, request }: Message): Reply | undefined {
  if (!isObject(request) || request.op !== 'subscribe' || !Array.isArray(request.args)) return undefined
  return { isAccepted: success === true, topics: request.args.map(textOf), reason: textOf(reason) }
}
