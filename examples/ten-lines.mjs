import { isMainThread } from 'node:worker_threads'
import { MessageBus, quote, topics } from 'tickbus'

if (isMainThread) {
  const bus = new MessageBus({ schema: topics({ 'data.quotes.{venue}.{symbol}': quote() }) })
  await bus.spawn(new URL(import.meta.url))
  const tsEvent = BigInt(Date.now()) * 1_000_000n
  bus.publish('data.quotes.BINANCE.BTCUSDT', { bidPrice: 59_993, askPrice: 59_993.5, bidSize: 3, askSize: 1, tsEvent })
  await bus.close()
} else {
  const bus = await MessageBus.attach()
  bus.subscribe('data.quotes.*', (tick, topic) => console.log(topic, (tick.askPrice - tick.bidPrice).toFixed(1)))
}
