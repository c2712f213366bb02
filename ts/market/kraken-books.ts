import type { OrderBookOptions } from './book-options.js'

interface Places {
  readonly pricePlaces: number
  readonly sizePlaces: number
}

/**
 * What a recording of Kraken says of its books beside their levels: how many levels a side there are, and how many decimal
 * places the text has that checksums are made of. The first protocol has both in its snapshots, the second one in what it
 * answers to subscriptions of `book` and `instrument`.
 */
export class KrakenBooks {
  readonly #places = new Map<string, Places>()
  readonly #windows = new Map<string, number>()

  /** Reads whole lines of a recording. */
  read(lines: Buffer): void {
    for (const line of lines.toString('latin1').split('\n')) this.readFrame(line.slice(line.indexOf(' ') + 1))
  }

  /** Reads a frame. */
  readFrame(text: string): void {
    if (!/"as":|"instrument"|"subscribe"/.test(text)) return
    const frame = parse(text)
    if (Array.isArray(frame)) this.#readSnapshot(frame)
    else if (typeof frame === 'object' && frame !== null) this.#readObject(frame)
  }

  /** How to keep the book of a symbol; without a checksum where the recording does not say how it is made. */
  optionsOf(symbol: string): OrderBookOptions {
    const places = this.#places.get(symbol)
    const window = this.#windows.get(symbol)
    const known = window === undefined ? {} : { window }
    if (places === undefined) return { continuity: 'unverified', ...known }
    return { continuity: 'checksum', checksum: { kind: 'kraken', ...places }, ...known }
  }

  #readSnapshot(frame: readonly unknown[]): void {
    const [channel, symbol] = frame.slice(-2)
    const { as: asks, bs: bids } = (frame[1] ?? {}) as { as?: unknown[][]; bs?: unknown[][] }
    const depth = typeof channel === 'string' ? /^book-(\d+)$/.exec(channel)?.[1] : undefined
    if (typeof symbol !== 'string' || depth === undefined) return
    this.#keepWindow(symbol, Number(depth))
    const level = asks?.[0] ?? bids?.[0]
    if (Array.isArray(level)) this.#keepPlaces(symbol, placesOf(level[0]), placesOf(level[1]))
  }

  #readObject(frame: { channel?: unknown; data?: unknown; result?: unknown }): void {
    const { channel, data, result } = frame as {
      channel?: unknown
      data?: { pairs?: ({ symbol?: unknown; price_precision?: unknown; qty_precision?: unknown } | null)[] } | null
      result?: { channel?: unknown; symbol?: unknown; depth?: unknown } | null
    }
    if (result?.channel === 'book' && typeof result.symbol === 'string') this.#keepWindow(result.symbol, result.depth)
    if (channel !== 'instrument' || !Array.isArray(data?.pairs)) return
    for (const pair of data.pairs) {
      if (typeof pair?.symbol === 'string') this.#keepPlaces(pair.symbol, pair.price_precision, pair.qty_precision)
    }
  }

  #keepWindow(symbol: string, window: unknown): void {
    if (isWhole(window, 1, MOST_LEVELS) && this.#windows.size < MOST_SYMBOLS) this.#windows.set(symbol, window)
  }

  #keepPlaces(symbol: string, pricePlaces: unknown, sizePlaces: unknown): void {
    const isKnown = isWhole(pricePlaces, 0, MOST_PLACES) && isWhole(sizePlaces, 0, MOST_PLACES)
    if (isKnown && this.#places.size < MOST_SYMBOLS) this.#places.set(symbol, { pricePlaces, sizePlaces })
  }
}

/** The deepest subscription that there is. */
const MOST_LEVELS = 1_000
const MOST_PLACES = 18
/** More than the venue has, so that garbage cannot grow memory. */
const MOST_SYMBOLS = 65_536

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function placesOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d+(?:\.\d+)?$/.test(text)) return undefined
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - 1 - point
}

/** What a frame holds; undefined if it is no JSON, which the decoder reports. */
function parse(frame: string): unknown {
  try {
    return JSON.parse(frame)
  } catch {
    return undefined
  }
}
