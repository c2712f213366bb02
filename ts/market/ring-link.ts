import type { Topic } from '../bus/index.js'
import type { MarketMessage } from './market-message.js'
import { Link } from './link.js'

/** Sends over the bus: into this thread's ring, from which each worker takes the topics that it subscribes to. */
export class RingLink extends Link {
  readonly #topics = new Map<string, Topic>()

  send(_share: number, { topic, message }: MarketMessage): void {
    let handle = this.#topics.get(topic)
    if (handle === undefined) {
      handle = this.bus.topic(topic)
      this.#topics.set(topic, handle)
    }
    handle.publish(message)
  }

  ready(): Promise<void> {
    return this.bus.ready()
  }

  protected ask(): void {
    this.bus.publish('replay.ask', {})
    this.bus.flush()
  }
}
