import type { TopicHandle } from '../bus/index.js'
import type { LentMessage } from './lent-message.js'
import { Link } from './link.js'

/** Sends over the bus: into this thread's ring, from which each worker takes the topics that it subscribes to. */
export class RingLink extends Link {
  readonly #topics = new Map<string, TopicHandle>()

  send(_share: number, { kind, topic, message }: LentMessage): void {
    let handle = this.#topics.get(topic)
    if (handle === undefined) {
      handle = this.bus.topic(topic) as unknown as TopicHandle
      this.#topics.set(topic, handle)
    }
    if (kind === 'book') handle.publish(message)
    else handle.publishRecord(message.record)
  }

  ready(): Promise<void> {
    return this.bus.ready()
  }

  protected ask(): void {
    this.bus.publish('replay.ask', {})
    this.bus.flush()
  }
}
