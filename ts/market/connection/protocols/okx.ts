import { idOf, isObject, type Message, type Protocol, type Reply, textOf } from './protocol.js'

/** OKX v5. Every stream is answered apart; an error names the request alone. It closes a connection that is quiet for 30 s. */
export const okx: Protocol = {
  market: 'okx',
  url: 'wss://ws.okx.com:8443/ws/v5/public',
  channels: { quotes: 'bbo-tbt', trades: 'trades', book: 'books' },
  limits: { subscriptions: 1_000, messagesPerSecond: 3, topicsPerRequest: 100 },
  pingMs: 15_000,
  ping: 'ping',
  hasConsecutiveTrades: false,
  topicOf: (name, symbol) => `${name}:${symbol}`,
  request: (op, streams, id) =>
    JSON.stringify({
      id: String(id),
      op,
      args: streams.map(({ name, symbol }) => ({ channel: name, instId: symbol })),
    }),
  replyTo,
}

function replyTo({ event, arg, id, code, msg }: Message): Reply | undefined {
  if (event === 'error') return { isAccepted: false, id: idOf(id), code: textOf(code), reason: textOf(msg) }
  if (event !== 'subscribe' || !isObject(arg)) return undefined
  return { isAccepted: true, id: idOf(id), topics: [`${textOf(arg.channel)}:${textOf(arg.instId)}`] }
}
