import type { FeedMarket } from './feed-instrument.js'

/** Hosts of the venues' sockets. Binance's do not say which symbol of its markets a name stands for. */
const hosts: readonly (readonly [host: RegExp, market: FeedMarket | ((path: string) => FeedMarket | undefined)])[] = [
  [/(?:^|\.)(?:bybit|bytick)\.com$/, bybitMarketOf],
  [/(?:^|\.)coinbase\.com$/, 'coinbase'],
  [/(?:^|\.)kraken\.com$/, 'kraken'],
  [/(?:^|\.)okx\.com$/, 'okx'],
]

/** `/v5/public/linear`, and of v2 `/realtime_public` and `/realtime`. */
function bybitMarketOf(path: string): FeedMarket | undefined {
  if (path.startsWith('/realtime')) return 'bybit-v2'
  const product = /^\/v5\/public\/(spot|linear|inverse|option)$/.exec(path)?.[1]
  return product === undefined ? undefined : (`bybit-${product}` as FeedMarket)
}

/**
 * The market that a capture is of: a recording as cryptofeed writes it, whose first line names the connection,
 * `wss://ws.okx.com:8443/ws/v5/public <-> 1652459224.53`. Undefined if the line is no such line, or of a venue that is not decoded.
 */
export function captureMarketOf(firstLine: string): FeedMarket | undefined {
  const [, host, path] = /^wss?:\/\/([^/\s:]+)(?::\d+)?(\S*) <-> /.exec(firstLine) ?? []
  const market = host === undefined ? undefined : hosts.find(([pattern]) => pattern.test(host))?.[1]
  return typeof market === 'function' ? market(path!) : market
}

/** Turns the lines of a capture, `1618678132.845558: frame`, into those of a recording. */
export class CaptureLines {
  /** Numbers of the lines that are no frames: the connection's, what the client sent, and empty ones. */
  readonly #passedOver: number[] = []
  #lines = 0

  /** The whole lines of a block, each with its line end. Lines of any other form stay as they are. */
  convert(block: Buffer): Buffer {
    // Latin-1 gives every byte back.
    const lines = block.toString('latin1').split('\n').slice(0, -1)
    const converted = lines.map((line) => this.#convertLine(line)).filter((line) => line !== undefined)
    return Buffer.from(converted.map((line) => `${line}\n`).join(''), 'latin1')
  }

  /** The number in the capture of what is the line of a number in the recording, both from 1. */
  lineOf(number: number): number {
    let line = number
    for (const other of this.#passedOver) if (other <= line) line += 1
    return line
  }

  #convertLine(line: string): string | undefined {
    this.#lines += 1
    const received = /^(\d{10})(?:\.(\d{1,9}))?: /.exec(line)
    if (received !== null) {
      const [prefix, seconds, fraction = ''] = received
      return `${seconds}${fraction.padEnd(9, '0')} ${line.slice(prefix.length)}`
    }
    if (line !== '' && !/^wss?:\/\/\S+ <->? /.test(line)) return line
    this.#passedOver.push(this.#lines)
    return undefined
  }
}
