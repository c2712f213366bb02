/**
 * Pattern tables of each class that an index treats in its own way. Pattern number `symbol` of a table matches the topics
 * of that symbol and of no other, so that what has to come out is known without a matcher.
 */

/** Gives the pattern for a symbol. Where a class has several forms, symbols take them in turn. */
export type PatternClass = (symbol: number) => string

const venueOf = (symbol: number) => `VENUE${symbol % 10}`

/** One of the topics of a symbol. */
export function topicOf(symbol: number, last: string): string {
  return `data.quotes.${venueOf(symbol)}.SYMBOL${symbol}.${last}`
}

/** The last segment of the topics that classes with a literal end are asked for. */
export const LAST = 'last'

export const exact: PatternClass = (symbol) => topicOf(symbol, LAST)

/** Stars that are whole segments. Topics have as many segments, so that it makes no difference that stars cross dots. */
export const segmentSafe: PatternClass = inTurn(
  (symbol) => `data.quotes.${venueOf(symbol)}.SYMBOL${symbol}.*`,
  (symbol) => `data.*.${venueOf(symbol)}.SYMBOL${symbol}.*`,
  (symbol) => `data.quotes.*.SYMBOL${symbol}.*`,
)

export const suffix: PatternClass = (symbol) => `*.SYMBOL${symbol}.${LAST}`

export const infix: PatternClass = (symbol) => `*.SYMBOL${symbol}.*`

/** Question marks, stars inside segments, several runs of literals. */
export const mixed: PatternClass = inTurn(
  (symbol) => `data.quotes.VENUE?.SYMBOL${symbol}.*`,
  (symbol) => `*.VENUE?.SYMBOL${symbol}.l?st`,
  (symbol) => `d*.qu*s.*.SYMBOL${symbol}.${LAST}`,
)

function inTurn(...forms: PatternClass[]): PatternClass {
  return (symbol) => forms[symbol % forms.length](symbol)
}
