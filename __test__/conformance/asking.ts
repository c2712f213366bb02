import type { MessageBus } from 'tickbus'

/** The next message on a topic. */
export function nextMessage<T>(bus: MessageBus, topic: string): Promise<T> {
  return new Promise((resolve) => {
    const subscription = bus.subscribe(topic, (message: T) => {
      subscription.unsubscribe()
      resolve(message)
    })
  })
}

/** What a worker that runs fixtures/collector.mjs has seen, once it has seen `count` messages. */
export async function collected(bus: MessageBus, thread: number, count: number): Promise<Collected> {
  for (;;) {
    const answer = nextMessage<Collected>(bus, `answer.${thread}`)
    await bus.synced()
    bus.publish(`ask.${thread}`, true)
    const got = await answer
    if (got.seen.length >= count) return got
  }
}

export interface Collected {
  seen: { topic: string; message: Record<string, unknown>; times?: { tsEvent: bigint; tsInit: bigint } }[]
  lost: { thread: number; count: number }[]
  stats: { thread: number; arrived: number; missed: number; undecodable: number }[]
}

export const fixture = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url)
