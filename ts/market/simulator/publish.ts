import type { Topic } from '../../bus/index.js'
import type { MessageBus } from '../../workers/index.js'
import type { MarketSimulator } from './market-simulator.js'

/**
 * Publishes a simulated market on `data.quotes.{venue}.{symbol}` and `data.trades.{venue}.{symbol}`, as fast as the readers
 * take it. Best on a bus with `marketSchema` and the simulator's epoch. Resolves with the number of messages.
 *
 * @throws {TickbusError} what `bus.publish` and `bus.ready` throw.
 */
export async function publishSimulated(simulator: MarketSimulator, bus: MessageBus, untilNs: number): Promise<number> {
  const topics = new Map<string, Topic>()
  let published = 0
  for (let batch = simulator.take(untilNs); batch.length > 0; batch = simulator.take(untilNs)) {
    for (const { topic, message } of batch) {
      let held = topics.get(topic)
      if (held === undefined) topics.set(topic, (held = bus.topic(topic)))
      held.publish(message)
    }
    published += batch.length
    await bus.ready()
  }
  return published
}
