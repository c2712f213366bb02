/** A table of patterns is asked for the ones that match a topic, as a bus asks when it first sees the topic. */
import { Qlobber } from 'qlobber'
import type { Backend } from 'tickbus'
import { loadCore } from '../boundary/inside.js'
import { type Open, type Round, Unavailable } from '../question.js'
import { linearScan } from './linear.js'
import { LAST, type PatternClass, topicOf } from './patterns.js'
import { callsFor } from './timing.js'
import { interned } from './topics.js'

export interface Table {
  of: PatternClass
  patterns: number
  /** Patterns of a quick round. */
  quickly: number
  /** Whether a matcher by segments means the same by these patterns. */
  isBySegments: boolean
}

/** Answers with the symbol of the one pattern that matches, or with -1 if not exactly one does. */
export type Resolve = (topic: string) => number

/** More topics than a processor's fast memory holds the routes of. */
const MOST_TOPICS = 4_096
/** Spreads the topics over the table; a prime, so that no two are the same. */
const STRIDE = 7_919

export function resolving(open: (patterns: readonly string[], table: Table) => Promise<Resolve>): Open<Table> {
  return async (table, quick) => {
    const { resolve, symbols, topics } = await openTable(open, table, quick ? table.quickly : table.patterns)
    const ask = (index: number) => resolve(topics[index % topics.length])
    const calls = callsFor(ask, quick)
    const checksum = sum((index) => symbols[index % symbols.length], calls)
    return { round: async () => play(ask, calls, checksum), close: async () => {} }
  }
}

/** A table, and topics to ask it for with what it has to answer. */
export async function openTable(
  open: (patterns: readonly string[], table: Table) => Promise<Resolve>,
  table: Table,
  patterns: number,
): Promise<{ resolve: Resolve; symbols: number[]; topics: string[] }> {
  const texts = Array.from({ length: patterns }, (_, symbol) => table.of(symbol))
  const resolve = await open(texts, table)
  const symbols = Array.from({ length: Math.min(patterns, MOST_TOPICS) }, (_, index) => (index * STRIDE) % patterns)
  return { resolve, symbols, topics: symbols.map((symbol) => interned(topicOf(symbol, LAST))) }
}

function play(ask: (index: number) => number, calls: number, checksum: number): Round {
  const start = performance.now()
  const answers = sum(ask, calls)
  const figures = { resolve: ((performance.now() - start) * 1e6) / calls }
  return { figures, published: calls, delivered: calls, sentChecksum: checksum, receivedChecksum: answers }
}

/** Depends on every answer and on their order. */
function sum(answer: (index: number) => number, calls: number): number {
  let sum = 0
  for (let index = 0; index < calls; index++) sum = (Math.imul(sum, 31) + answer(index)) | 0
  return sum
}

export function routesOf(backend: Backend): (patterns: readonly string[]) => Promise<Resolve> {
  return async (patterns) => {
    const answer = new Uint32Array(new SharedArrayBuffer(256))
    const routes = (await loadCore(backend)).openRoutes(answer)
    const symbolOf = new Uint32Array(patterns.length)
    patterns.forEach((pattern, symbol) => {
      symbolOf[routes.addPattern(pattern)] = symbol
    })
    return (topic) => {
      routes.resolve(topic)
      return answer[0] === 1 ? symbolOf[answer[1]] : -1
    }
  }
}

export async function listOf(patterns: readonly string[]): Promise<Resolve> {
  const scan = await linearScan(patterns)
  const matches: number[] = []
  const found = (symbol: number) => matches.push(symbol)
  return (topic) => {
    matches.length = 0
    scan(topic, found)
    return matches.length === 1 ? matches[0] : -1
  }
}

export async function qlobberOf(patterns: readonly string[], { isBySegments }: Table): Promise<Resolve> {
  if (!isBySegments) throw new Unavailable('its wildcards stand for whole segments')
  const qlobber = new Qlobber<number>()
  patterns.forEach((pattern, symbol) => qlobber.add(pattern, symbol))
  return (topic) => {
    const matches = qlobber.match(topic)
    return matches.length === 1 ? matches[0] : -1
  }
}
