// Two threads on one bus: quotes go to a worker as 64-byte records in shared memory, the widest spread comes back.
import { MessageBus, quote, topics } from 'tickbus'

const bus = new MessageBus({ schema: topics({ 'data.quotes.{venue}.{symbol}': quote() }) })

await bus.spawn(new URL('./two-threads-worker.mjs', import.meta.url))

const answered = new Promise((resolve) => bus.subscribe('spreads.widest', resolve))
const btc = bus.topic('data.quotes.BINANCE.BTCUSDT')
for (let i = 0; i < 100_000; i += 1) {
  const spread = i === 4_711 ? 3 : 1
  btc.publish({
    bidPrice: 61_800,
    askPrice: 61_800 + spread,
    bidSize: 1,
    askSize: 1,
    sequence: i,
    tsEvent: bus.epoch.unixNs,
  })
  // A burst leaves the worker room to read; a publish itself never waits.
  if (i % 256 === 0) await bus.ready()
}
bus.publish('quotes.end', {})

const { quotes, widest } = await answered
console.log(`${quotes} quotes crossed, the widest spread was ${widest}`)
await bus.close()
