/** Codes that mean the same currency everywhere. What only one venue calls so stands in that venue's file. */
const ALIASES = new Map([
  ['XBT', 'BTC'],
  ['XDG', 'DOGE'],
])

/** The name that a currency has at every venue, in capitals. */
export function canonicalCurrency(code: string): string {
  const upper = code.toUpperCase()
  return ALIASES.get(upper) ?? upper
}

/** The canonical pair of two currency codes: `BTC/USD` for `xbt` and `usd`. */
export function pairOf(base: string, quote: string): string {
  return `${canonicalCurrency(base)}/${canonicalCurrency(quote)}`
}
