/** Episodes by brute force, in exact rationals: every edge of the pair anew after each quote. */

export interface OracleQuote {
  readonly id: string
  readonly bid: number
  readonly ask: number
  /** Receive time, UNIX nanoseconds. */
  readonly at: bigint
}

export interface OracleEpisode {
  readonly pair: string
  readonly buy: string
  readonly sell: string
  readonly openedAt: bigint
  closedAt: bigint | null
  updates: number
  peakBps: number
}

/** A decimal of at most nine places as a whole number of billionths. */
function units(value: number): bigint {
  const [whole, fraction = ''] = value.toFixed(9).split('.') as [string, string?]
  return BigInt(whole + fraction)
}

const BPS = units(10_000)

export class Oracle {
  readonly closed: OracleEpisode[] = []
  readonly #pairs: Readonly<Record<string, readonly string[]>>
  readonly #fees: Readonly<Record<string, number>>
  readonly #threshold: bigint
  readonly #quotes = new Map<string, { bid: bigint; ask: bigint }>()
  readonly #open = new Map<string, OracleEpisode>()

  constructor(
    pairs: Readonly<Record<string, readonly string[]>>,
    fees: Readonly<Record<string, number>>,
    minNetBps: number,
  ) {
    this.#pairs = pairs
    this.#fees = fees
    this.#threshold = BPS + units(minNetBps)
  }

  take({ id, bid, ask, at }: OracleQuote): void {
    const [pair, ids] = Object.entries(this.#pairs).find(([, list]) => list.includes(id))!
    if (bid > 0 && bid <= ask) this.#quotes.set(id, { bid: units(bid), ask: units(ask) })
    else this.#quotes.delete(id)
    for (const sell of ids) for (const buy of ids) if (buy !== sell) this.#judge(pair, buy, sell, id, at)
  }

  /** All episodes, by their openings. */
  get episodes(): OracleEpisode[] {
    return [...this.closed, ...this.#open.values()].toSorted(byOpening)
  }

  #judge(pair: string, buy: string, sell: string, id: string, at: bigint): void {
    const way = `${buy}>${sell}`
    const open = this.#open.get(way)
    const [bought, sold] = [this.#quotes.get(buy), this.#quotes.get(sell)]
    const fee = (of: string) => units(this.#fees[of] ?? 0)
    // bid (1 - fee) / (ask (1 + fee)) > 1 + threshold, each side times BPS * BPS * ask (1 + fee).
    const sale = sold === undefined ? 0n : sold.bid * (BPS - fee(sell)) * BPS
    const cost = bought === undefined ? 1n : bought.ask * (BPS + fee(buy))
    const isAbove = bought !== undefined && sold !== undefined && sale > cost * this.#threshold
    if (!isAbove) {
      if (open === undefined) return
      open.closedAt = at
      this.closed.push(open)
      this.#open.delete(way)
      return
    }
    const edgeBps = Number(((sale - cost * BPS) * 10n ** 20n) / cost / units(1)) / 1e20
    if (open === undefined) {
      this.#open.set(way, { pair, buy, sell, openedAt: at, closedAt: null, updates: 1, peakBps: edgeBps })
      return
    }
    if (id !== buy && id !== sell) return
    open.updates += 1
    open.peakBps = Math.max(open.peakBps, edgeBps)
  }
}

export function byOpening(a: OracleEpisode, b: OracleEpisode): number {
  const key = ({ openedAt, closedAt, pair, buy, sell }: OracleEpisode) =>
    `${openedAt}|${closedAt ?? 'open'}|${pair}|${buy}|${sell}`
  return key(a) < key(b) ? -1 : 1
}
