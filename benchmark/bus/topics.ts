/** The topics of a trading desk: kind, venue, symbol. */

export const VENUES = 10

export interface TopicName {
  venue: string
  symbol: string
}

/** Topic number `index` of a desk that has every symbol on every venue. */
export function topicName(index: number): TopicName {
  return { venue: `VENUE${index % VENUES}`, symbol: `SYMBOL${Math.floor(index / VENUES)}` }
}

export function topicNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => textOf(topicName(index)))
}

export function textOf({ venue, symbol }: TopicName): string {
  return interned(`data.quotes.${venue}.${symbol}`)
}

/**
 * The same text as one flat string with its hash: what a name is after the first look-up. V8 makes a concatenation a
 * tree of its parts, and whoever looks it up first would pay for flattening it.
 */
export function interned(text: string): string {
  const [flat] = Object.keys({ [text]: 0 })
  return flat
}
