/** Messages published as fast as one thread can, to topics in turn. */
import { type Backend, MessageBus } from 'tickbus'
import type { Open, Round } from '../question.js'
import { type Due, Tally, type Tick, type TickHandler, expected, makeTick } from './tick.js'

/** Topics, and who listens. */
export interface Scene {
  topics: readonly string[]
  /** What a publisher by name says for topic number `index`. */
  nameOf(index: number): string
  subscriptions: readonly { pattern: string; handler: TickHandler }[]
  /** For each topic, what one message on it has to do. */
  due: readonly Due[]
}

export interface Publishing {
  messages: number
  scene(tally: Tally): Scene
}

/** Publishes on topic number `index`. */
type Publish = (index: number, tick: Tick) => void

/** Ours, by handles that the publisher holds. */
export function byHandle(backend: Backend): Open<Publishing> {
  return publishing((scene) => {
    const bus = subscribed(backend, scene)
    const handles = scene.topics.map((topic) => bus.topic<Tick>(topic))
    return (index, tick) => handles[index].publish(tick)
  })
}

/** Ours, by name at each call. */
export function byName(backend: Backend): Open<Publishing> {
  return publishing((scene) => {
    const bus = subscribed(backend, scene)
    const { nameOf } = scene
    return (index, tick) => bus.publish(nameOf(index), tick)
  })
}

function subscribed(backend: Backend, { subscriptions }: Scene): MessageBus {
  const bus = new MessageBus({ backend })
  for (const { pattern, handler } of subscriptions) bus.subscribe(pattern, handler)
  return bus
}

/** What the emitters of this world have in common. */
export interface Emitter {
  on(name: string, handler: TickHandler): unknown
  emit(name: string, tick: Tick): unknown
}

export function emitting(open: () => Emitter): Open<Publishing> {
  return publishing(({ subscriptions, nameOf }) => {
    const emitter = open()
    for (const { pattern, handler } of subscriptions) emitter.on(pattern, handler)
    return (index, tick) => emitter.emit(nameOf(index), tick)
  })
}

/** The handler called with nothing in between: what making the messages and counting them costs. */
export const plainly: Open<Publishing> = publishing(({ subscriptions }) => {
  const handlers = subscriptions.map(({ handler }) => handler)
  return (index, tick) => handlers[index](tick)
})

function publishing(connect: (scene: Scene) => Publish): Open<Publishing> {
  return async ({ messages, scene: open }, quick) => {
    const tally = new Tally()
    const scene = open(tally)
    const publish = connect(scene)
    const count = quick ? Math.ceil(messages / 50) : messages
    const due = expected(scene.due, count)
    return { round: async () => play(publish, scene.topics.length, count, tally, due), close: async () => {} }
  }
}

function play(publish: Publish, topics: number, count: number, tally: Tally, due: ReturnType<typeof expected>): Round {
  tally.clear()
  let topic = 0
  const start = performance.now()
  for (let sequence = 0; sequence < count; sequence++) {
    publish(topic, makeTick(sequence))
    topic = topic + 1 === topics ? 0 : topic + 1
  }
  const figures = { publish: ((performance.now() - start) * 1e6) / count }
  return {
    figures,
    published: due.count,
    delivered: tally.count,
    sentChecksum: due.checksum,
    receivedChecksum: tally.checksum,
  }
}
