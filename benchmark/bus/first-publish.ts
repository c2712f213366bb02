/** Topics that nobody has named before, each published on once: the route is found, kept and used. */
import { Qlobber } from 'qlobber'
import { type Backend, MessageBus } from 'tickbus'
import type { Open, Round } from '../question.js'
import { linearScan } from './linear.js'
import { segmentSafe, topicOf } from './patterns.js'
import { Tally, type Tick, type TickHandler, expected, makeTick } from './tick.js'
import { callsFor } from './timing.js'

export interface FirstPublish {
  patterns: number
  /** Patterns of a quick round. */
  quickly: number
}

/** Subscribes handler n to pattern n; what is returned publishes. */
type Connect = (
  patterns: readonly string[],
  handlers: readonly TickHandler[],
) => Promise<(topic: string, tick: Tick) => void>

export function publishingFirst(connect: Connect): Open<FirstPublish> {
  return async (row, quick) => {
    const tally = new Tally()
    const patterns = Array.from({ length: quick ? row.quickly : row.patterns }, (_, symbol) => segmentSafe(symbol))
    const handlers = patterns.map((_, symbol) => tally.handler(symbol + 1))
    const publish = await connect(patterns, handlers)
    let named = 0
    const nextTopic = () => {
      named += 1
      return { symbol: named % patterns.length, text: topicOf(named % patterns.length, String(named)) }
    }
    const count = callsFor(() => publish(nextTopic().text, makeTick(0)), quick)
    return {
      async round(): Promise<Round> {
        const topics = Array.from({ length: count }, nextTopic)
        const due = expected(
          topics.map(({ symbol }) => ({ handlers: 1, weight: symbol + 1 })),
          count,
        )
        tally.clear()
        const start = performance.now()
        for (let sequence = 0; sequence < count; sequence++) publish(topics[sequence].text, makeTick(sequence))
        const figures = { publish: ((performance.now() - start) * 1e6) / count }
        return {
          figures,
          published: due.count,
          delivered: tally.count,
          sentChecksum: due.checksum,
          receivedChecksum: tally.checksum,
        }
      },
      close: async () => {},
    }
  }
}

export function busOf(backend: Backend): Connect {
  return async (patterns, handlers) => {
    const bus = new MessageBus({ backend })
    patterns.forEach((pattern, index) => bus.subscribe(pattern, handlers[index]))
    return (topic, tick) => bus.publish(topic, tick)
  }
}

/** A bus by hand: routes in a Map, those that it does not have found by the linear scan. */
export const scanningBus: Connect = async (patterns, handlers) => {
  const scan = await linearScan(patterns)
  return cached(handlers, (topic) => {
    const matches: number[] = []
    scan(topic, (index) => matches.push(index))
    return matches
  })
}

/** The same, with qlobber in place of the scan. */
export const qlobberBus: Connect = async (patterns, handlers) => {
  const qlobber = new Qlobber<number>()
  patterns.forEach((pattern, index) => qlobber.add(pattern, index))
  return cached(handlers, (topic) => qlobber.match(topic))
}

function cached(handlers: readonly TickHandler[], find: (topic: string) => number[]) {
  const routes = new Map<string, TickHandler[]>()
  return (topic: string, tick: Tick) => {
    let route = routes.get(topic)
    if (route === undefined) {
      route = find(topic).map((index) => handlers[index])
      routes.set(topic, route)
    }
    for (const handler of route) handler(tick)
  }
}
