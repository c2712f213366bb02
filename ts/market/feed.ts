import { basename } from 'node:path'
import { captureMarketOf } from './capture.js'
import { feedInstrumentOf, type FeedMarket } from './feed-instrument.js'
import { readLines } from './recording.js'

/** What a recording holds. */
export interface Feed {
  readonly market: FeedMarket
  /** The only instrument, by the venue's symbol; undefined if it is about all that occur in it. */
  readonly symbol: string | undefined
  /** Whether its lines are those of a capture, which names the venue in its first line. */
  readonly isCapture: boolean
}

/**
 * What a recording holds, by its name, `MARKET_SYMBOL_DATE.gz` or `VENUE_ANYTHING.gz`, or else by its first line.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if neither says the market.
 */
export async function feedOf(file: string): Promise<Feed> {
  const name = basename(file).toLowerCase()
  const market = /^(bybit-(?:spot|linear|inverse|option|v2)|coinbase|kraken|okx)_.*\.gz$/.exec(name)?.[1] as
    | FeedMarket
    | undefined
  if (market !== undefined) return { market, symbol: undefined, isCapture: false }
  const isNamed = /^(?:spot|usdm|cm)_/.test(name)
  const captured = isNamed ? undefined : captureMarketOf(await firstLineOf(file))
  if (captured !== undefined) return { market: captured, symbol: undefined, isCapture: true }
  const named = feedInstrumentOf(file)
  return { market: named.market, symbol: named.symbol, isCapture: false }
}

/** The first line of a recording; nothing if it cannot be read so far, which is said when it is read. */
async function firstLineOf(file: string): Promise<string> {
  const blocks = readLines(file)
  try {
    const { value } = await blocks.next()
    return (value as Buffer | undefined)?.subarray(0, LINE_MOST).toString('latin1').split('\n')[0] ?? ''
  } catch {
    return ''
  } finally {
    await blocks.return(undefined)
  }
}

/** Longer than any line that names a connection. */
const LINE_MOST = 1_024
