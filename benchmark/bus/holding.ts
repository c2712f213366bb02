/** Very many things of one kind are made and held: how much memory does one of them take? */
import { EventEmitter } from 'node:events'
import { type Backend, MessageBus } from 'tickbus'
import { loadCore } from '../boundary/inside.js'
import { type Open, type Round, Unavailable } from '../question.js'
import { memoryInUse } from './memory.js'
import { Tally, type Tick, type TickHandler, expected, makeTick } from './tick.js'
import { topicNames } from './topics.js'

type Kind = 'topic' | 'name' | 'subscription'

export interface Held {
  count: number
  kind: Kind
}

/** Makes one for each name, and returns how to publish on the topic of that number. */
type Hold = (names: readonly string[], handlers: readonly TickHandler[]) => (index: number, tick: Tick) => void

export function onBus(backend: Backend): Open<Held> {
  return async (row, quick) => {
    // Says now whether there is such a backend: a round is too late for that.
    await loadCore(backend)
    return holding(busHolds(backend))(row, quick)
  }
}

/** A bus forgets the oldest of more than 65,536 topics that it knows by name only. */
const NAMES_EACH = 50_000

function busHolds(backend: Backend): Record<Kind, Hold> {
  return {
    topic(names, [handler]) {
      const bus = new MessageBus({ backend })
      bus.subscribe('data.*', handler)
      const handles = names.map((name) => bus.topic<Tick>(name))
      return (index, tick) => handles[index].publish(tick)
    },
    name(names, [handler]) {
      const buses = Array.from({ length: Math.ceil(names.length / NAMES_EACH) }, () => new MessageBus({ backend }))
      for (const bus of buses) bus.subscribe('data.*', handler)
      const publish = (index: number, tick: Tick) => buses[Math.floor(index / NAMES_EACH)].publish(names[index], tick)
      names.forEach((_, index) => publish(index, makeTick(index)))
      return publish
    },
    subscription(names, handlers) {
      const bus = new MessageBus({ backend })
      names.forEach((name, index) => bus.subscribe(name, handlers[index]))
      return (index, tick) => bus.publish(names[index], tick)
    },
  }
}

export const onEmitter: Open<Held> = holding({
  subscription(names, handlers) {
    const emitter = new EventEmitter()
    names.forEach((name, index) => emitter.on(name, handlers[index]))
    return (index, tick) => emitter.emit(names[index], tick)
  },
})

function holding(holds: Partial<Record<Kind, Hold>>): Open<Held> {
  return async ({ count, kind }, quick) => {
    const hold = holds[kind]
    if (hold === undefined) throw new Unavailable('it knows a name only while somebody listens to it')
    return { round: () => measure(hold, quick ? count / 50 : count), close: async () => {} }
  }
}

async function measure(hold: Hold, count: number): Promise<Round> {
  const tally = new Tally()
  // The names and the handlers are the user's own.
  const names = topicNames(count)
  const handlers = names.map(() => tally.handler(1))
  // Once in small, so that all code and the addon are there.
  hold(names.slice(0, 100), handlers)
  const before = await memoryInUse()
  const publish = hold(names, handlers)
  const after = await memoryInUse()
  tally.clear()
  for (let index = 0; index < count; index++) publish(index, makeTick(index))
  const due = expected([{ handlers: 1, weight: 1 }], count)
  return {
    figures: { each: (after.resident - before.resident) / count, heap: (after.heap - before.heap) / count },
    published: due.count,
    delivered: tally.count,
    sentChecksum: due.checksum,
    receivedChecksum: tally.checksum,
  }
}
