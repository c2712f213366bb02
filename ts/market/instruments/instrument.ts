import { pairOf } from './currency.js'
import type { Decimal } from './decimal.js'

export type InstrumentKind = 'spot' | 'perpetual' | 'future' | 'option'

/**
 * Whether orders are taken: all of them; only some (one side, limit, post or cancel only); none now; not yet; never
 * again. `unknown` where the list says it in a word that Tickbus does not know.
 */
export type InstrumentStatus = 'trading' | 'restricted' | 'halted' | 'upcoming' | 'closed' | 'unknown'

/** Portions of the notional, 0.001 for 0.1 %. A negative fee is a rebate. */
export interface Fees {
  readonly maker: number | undefined
  readonly taker: number | undefined
}

/**
 * What a venue says about something that can be traded there. A field that the venue's list does not give is undefined;
 * nothing is filled in from elsewhere. `docs/instruments.md` says what each list gives.
 */
export interface Instrument {
  /** Our name for it, `SYMBOL.VENUE`: `BTCUSDT.BINANCE`, `BTCUSDT-PERP.BINANCE`. */
  readonly id: string
  /** The venue's code, one of `instrumentVenues`. */
  readonly venue: string
  /**
   * The venue's own name for it, as its streams carry it. Two instruments of a venue can share it: spot and perpetual.
   */
  readonly symbol: string
  /**
   * What is traded against what, in names that are the same at every venue: `BTC/USD` also for Kraken's `XXBT` and
   * `ZUSD`.
   */
  readonly pair: string
  /** Currencies as the list writes them. */
  readonly base: string
  readonly quote: string
  /** Currency in which profit and loss are paid. Spot has none. */
  readonly settle: string | undefined
  readonly kind: InstrumentKind
  /** A contract worth a fixed amount of the quote currency that is settled in the base currency. */
  readonly isInverse: boolean | undefined
  /** Decimals of a price, without trailing zeros: those of `tick`, or the number that the list gives instead. */
  readonly pricePrecision: number | undefined
  /** Decimals of a size: those of `lot`, or the number that the list gives instead. */
  readonly sizePrecision: number | undefined
  /** Smallest step between two prices. */
  readonly tick: number | undefined
  /** Smallest step between two sizes. */
  readonly lot: number | undefined
  /** Smallest size of an order, in the same unit as sizes. */
  readonly minQty: number | undefined
  /** Smallest price times size of an order, in the quote currency. */
  readonly minNotional: number | undefined
  /** What one contract stands for: that much of the base currency, of the quote currency if the contract is inverse. */
  readonly multiplier: number | undefined
  readonly fees: Fees | undefined
  /** When it expires, in UNIX nanoseconds. Undefined for what never does. */
  readonly expiry: bigint | undefined
  /** Options only: the price at which it can be exercised, and which of the two it is. */
  readonly strike: number | undefined
  readonly optionKind: 'call' | 'put' | undefined
  readonly status: InstrumentStatus | undefined
  /** Why the list's own currencies are not to be trusted here, and `pair` follows something else. */
  readonly doubt: string | undefined
}

/** What a venue's file reads from one entry of its list. */
export interface Listing {
  readonly symbol: string
  /** What stands before the venue in the id. @default the symbol */
  readonly name?: string
  readonly base: string
  readonly quote: string
  readonly kind: InstrumentKind
  /** Base and quote where those of the list are a code of their own, or wrong. @default base and quote */
  readonly traded?: readonly [base: string, quote: string]
  readonly doubt?: string | undefined
  readonly settle?: string | undefined
  readonly isInverse?: boolean | undefined
  readonly tick?: Decimal | undefined
  /** Counts only where there is no tick, as `sizePrecision` does without a lot. */
  readonly pricePrecision?: number | undefined
  readonly lot?: Decimal | undefined
  readonly sizePrecision?: number | undefined
  readonly minQty?: Decimal | undefined
  readonly minNotional?: Decimal | undefined
  readonly multiplier?: Decimal | undefined
  readonly fees?: Fees | undefined
  readonly expiry?: bigint | undefined
  readonly strike?: Decimal | undefined
  readonly optionKind?: 'call' | 'put' | undefined
  readonly status?: InstrumentStatus | undefined
}

/** The definition that a listing of the venue amounts to. */
export function define(venue: string, listing: Listing): Instrument {
  const { symbol, base, quote, kind, tick, lot } = listing
  const [tradedBase, tradedQuote] = listing.traded ?? [base, quote]
  return {
    id: `${listing.name ?? symbol}.${venue}`,
    venue,
    symbol,
    pair: pairOf(tradedBase, tradedQuote),
    base,
    quote,
    settle: listing.settle,
    kind,
    isInverse: kind === 'spot' ? false : listing.isInverse,
    pricePrecision: tick?.precision ?? listing.pricePrecision,
    sizePrecision: lot?.precision ?? listing.sizePrecision,
    tick: tick?.value,
    lot: lot?.value,
    minQty: listing.minQty?.value,
    minNotional: listing.minNotional?.value,
    multiplier: listing.multiplier?.value,
    fees: listing.fees,
    expiry: listing.expiry,
    strike: listing.strike?.value,
    optionKind: listing.optionKind,
    status: listing.status,
    doubt: listing.doubt,
  }
}
