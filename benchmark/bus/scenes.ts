/** The desks on which the publishing questions play: 500 topics, and who listens to them. */
import type { Scene } from './publishing.js'
import type { Due, Tally } from './tick.js'
import { VENUES, topicName, topicNames } from './topics.js'

const TOPICS = 500

/** Every topic has a handler of its own, as it has in an application: closures made from one piece of code. */
export function handlerEach(tally: Tally): Scene {
  const topics = topicNames(TOPICS)
  return {
    topics,
    nameOf: (index) => topics[index],
    subscriptions: topics.map((pattern, index) => ({ pattern, handler: tally.handler(index + 1) })),
    due: topics.map((_, index) => ({ handlers: 1, weight: index + 1 })),
  }
}

/** One function listens to all topics, which lets the compiler put it where it is called. */
export function handlerShared(tally: Tally): Scene {
  const handler = tally.handler(1)
  const scene = handlerEach(tally)
  return {
    ...scene,
    subscriptions: scene.topics.map((pattern) => ({ pattern, handler })),
    due: scene.topics.map(() => ({ handlers: 1, weight: 1 })),
  }
}

/** Names put together at each call, as a feed does that knows venue and symbol. */
export function concatenated(tally: Tally): Scene {
  const names = Array.from({ length: TOPICS }, (_, index) => topicName(index))
  const nameOf = (index: number) => `data.quotes.${names[index].venue}.${names[index].symbol}`
  return { ...handlerEach(tally), nameOf }
}

/**
 * Listeners by pattern, a handler each. A star stands for one whole segment, and patterns have as many segments as the
 * topics, so that EventEmitter2, whose stars end at dots, and we, whose stars do not, mean the same.
 */
export function listeningTo(patternsOf: () => string[]): (tally: Tally) => Scene {
  return (tally) => {
    const patterns = patternsOf()
    const topics = topicNames(TOPICS)
    return {
      topics,
      nameOf: (index) => topics[index],
      subscriptions: patterns.map((pattern, index) => ({ pattern, handler: tally.handler(index + 1) })),
      due: dueBySegments(topics, patterns),
    }
  }
}

const openings = ['data.quotes', 'data.*', '*.quotes', '*.*']

/** Fan-out 1. */
export const onePattern = (): string[] => ['data.quotes.*.*']

/** Fan-out 1.6: each topic by its name, 30 symbols on all venues, and what concerns none of these topics. */
export const thousandPatterns = (): string[] => [...topicNames(TOPICS), ...anyVenue('data.quotes', 30), ...foreign(470)]

/** Fan-out 16: four ways to say `data.quotes`, with and without stars for venue and symbol. */
export const tenThousandPatterns = (): string[] => [
  ...openings.flatMap((opening) => topicNames(TOPICS).map((topic) => topic.replace('data.quotes', opening))),
  ...openings.flatMap((opening) => anyVenue(opening, TOPICS / VENUES)),
  ...openings.flatMap((opening) => Array.from({ length: VENUES }, (_, venue) => `${opening}.VENUE${venue}.*`)),
  ...openings.map((opening) => `${opening}.*.*`),
  ...foreign(7_756),
]

function anyVenue(opening: string, symbols: number): string[] {
  return Array.from({ length: symbols }, (_, symbol) => `${opening}.*.SYMBOL${symbol}`)
}

function foreign(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `data.trades.*.SYMBOL${index}`)
}

function dueBySegments(topics: readonly string[], patterns: readonly string[]): Due[] {
  const wanted = patterns.map((pattern) => pattern.split('.'))
  return topics.map((topic) => {
    const segments = topic.split('.')
    const weights = wanted.map((each, index) => (isEachEqual(segments, each) ? index + 1 : 0))
    return { handlers: weights.filter(Boolean).length, weight: weights.reduce((sum, weight) => sum + weight, 0) }
  })
}

function isEachEqual(segments: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((each, index) => each === '*' || each === segments[index])
}
