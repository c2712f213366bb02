/** A subscription comes and goes while very many topics are in use: how long until all routes are right again? */
import { type Backend, MessageBus } from 'tickbus'
import type { Open, Round } from '../question.js'
import { linearScan } from './linear.js'
import { segmentSafe, topicOf } from './patterns.js'
import { Tally, type Tick, type TickHandler, makeTick } from './tick.js'
import { callsFor } from './timing.js'
import { interned } from './topics.js'

export interface Change {
  /** How many topics are in use, and how many patterns are subscribed to. */
  topics: number
  patterns: number
  quickly: { topics: number; patterns: number }
  /** What is subscribed to: a pattern that nobody else has, and that matches the first topic of this symbol. */
  pattern(symbol: number): string
}

/** A desk with its listeners in place. */
interface Desk {
  /** Subscribes, and comes back when all routes are right. What is returned undoes it, by the same rule. */
  subscribe(pattern: string, handler: TickHandler): () => void
  publish(topic: number, tick: Tick): void
  /** What the time that a change took has to be multiplied by, because only a part of it was made. */
  share: number
}

type OpenDesk = (topics: readonly string[], patterns: readonly string[], handler: TickHandler) => Promise<Desk>

/** Topics that the rival really matches again; the rest is multiplied. Changes are made among the first of the symbols. */
const RESCANNED = 100

export function changing(open: OpenDesk): Open<Change> {
  return async ({ pattern, quickly, ...full }, quick) => {
    const { topics, patterns } = quick ? quickly : full
    const others = new Tally()
    const own = new Tally()
    const handler = own.handler(1)
    const desk = await open(
      Array.from({ length: topics }, (_, index) => interned(topicOf(index % patterns, `t${index}`))),
      Array.from({ length: patterns }, (_, index) => segmentSafe(index)),
      others.handler(1),
    )
    let turn = 0
    /** A message while the subscription is there, which has to reach it, and one after it, which must not. */
    const change = () => {
      const symbol = turn++ % Math.min(patterns, RESCANNED)
      const end = desk.subscribe(pattern(symbol), handler)
      desk.publish(symbol, makeTick(0))
      end()
      desk.publish(symbol, makeTick(1))
    }
    const count = callsFor(change, quick)
    return {
      async round(): Promise<Round> {
        own.clear()
        others.clear()
        const start = performance.now()
        for (let index = 0; index < count; index++) change()
        const figures = { change: ((performance.now() - start) * 1e3 * desk.share) / count }
        return {
          figures,
          published: 3 * count,
          delivered: own.count + others.count,
          sentChecksum: count,
          receivedChecksum: own.checksum,
        }
      },
      close: async () => {},
    }
  }
}

export function busDesk(backend: Backend): OpenDesk {
  return async (topics, patterns, handler) => {
    const bus = new MessageBus({ backend })
    for (const pattern of patterns) bus.subscribe(pattern, handler)
    const handles = topics.map((topic) => bus.topic<Tick>(topic))
    return {
      share: 1,
      subscribe(pattern, handler) {
        const subscription = bus.subscribe(pattern, handler)
        return () => subscription.unsubscribe()
      },
      publish: (topic, tick) => handles[topic].publish(tick),
    }
  }
}

/** Routes in a Map that is cleared at every change; then every topic is matched against every pattern. */
export const rescanningDesk: OpenDesk = async (topics, patterns, handler) => {
  const texts = [...patterns]
  const handlers = texts.map(() => handler)
  const scan = await linearScan(texts)
  const routes = new Map<string, TickHandler[]>()
  const rescanned = topics.slice(0, RESCANNED)
  const rescan = () => {
    routes.clear()
    for (const topic of rescanned) {
      const route: TickHandler[] = []
      scan(topic, (index) => route.push(handlers[index]))
      routes.set(topic, route)
    }
  }
  rescan()
  return {
    share: topics.length / rescanned.length,
    subscribe(pattern, handler) {
      texts.push(pattern)
      handlers.push(handler)
      rescan()
      return () => {
        const index = texts.lastIndexOf(pattern)
        texts.splice(index, 1)
        handlers.splice(index, 1)
        rescan()
      }
    },
    publish(topic, tick) {
      for (const handler of routes.get(topics[topic])!) handler(tick)
    },
  }
}
