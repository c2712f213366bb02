/** How large does the process of a very large desk become? */
import { type Backend, MessageBus, type Topic } from 'tickbus'
import type { Open, Round } from '../question.js'
import { memoryInUse } from './memory.js'
import { segmentSafe, topicOf } from './patterns.js'
import { Tally, type Tick, expected, makeTick } from './tick.js'

export interface Desk {
  /** Fills the bus with one `share`th of what the row says, and publishes on all of it. */
  fill(bus: MessageBus, share: number): Promise<Round>
}

const QUICK_SHARE = 500
const MEGABYTE = 1e6

export function filling(backend: Backend): Open<Desk> {
  return async ({ fill }, quick) => {
    const bus = new MessageBus({ backend })
    return { round: () => fill(bus, quick ? QUICK_SHARE : 1), close: async () => {} }
  }
}

const HELD_TOPICS = 1_000_000
const PATTERNS = 100_000
const MATCHING = 3

/** Every topic has a handle, and is matched by a pattern for its symbol, one for its venue and one for all. */
export async function heldTopics(bus: MessageBus, share: number): Promise<Round> {
  const tally = new Tally()
  const symbols = PATTERNS / share
  for (let symbol = 0; symbol < symbols; symbol++) bus.subscribe(segmentSafe(symbol), tally.handler(1))
  for (let venue = 0; venue < 10; venue++) bus.subscribe(`data.quotes.VENUE${venue}.*`, tally.handler(1))
  bus.subscribe('data.quotes.*', tally.handler(1))
  const topics: Topic<Tick>[] = []
  for (let index = 0; index < HELD_TOPICS / share; index++)
    topics.push(bus.topic(topicOf(index % symbols, `t${index}`)))
  const { resident } = await memoryInUse()
  topics.forEach((topic, index) => topic.publish(makeTick(index)))
  return result(resident, tally, topics.length, MATCHING)
}

const NAMES = 10_000_000
const FIRST_NAMES = 1_000_000

/** Nobody holds a handle, and no topic is published on twice. */
export async function names(bus: MessageBus, share: number): Promise<Round> {
  const tally = new Tally()
  bus.subscribe('data.quotes.*', tally.handler(1))
  let sequence = 0
  const publishUpTo = (end: number) => {
    for (; sequence < end; sequence++) bus.publish(topicOf(sequence, 'once'), makeTick(sequence))
  }
  publishUpTo(FIRST_NAMES / share)
  const before = await memoryInUse()
  publishUpTo(NAMES / share)
  const after = await memoryInUse()
  return result(after.resident - before.resident, tally, sequence, 1)
}

function result(bytes: number, tally: Tally, messages: number, handlers: number): Round {
  const due = expected([{ handlers, weight: handlers }], messages)
  return {
    figures: { memory: bytes / MEGABYTE },
    published: due.count,
    delivered: tally.count,
    sentChecksum: due.checksum,
    receivedChecksum: tally.checksum,
  }
}
