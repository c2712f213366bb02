// The worker of two-threads.mjs: keeps the widest spread, and says it when the quotes end.
import { MessageBus } from 'tickbus'

const bus = await MessageBus.attach()
let quotes = 0
let widest = 0

bus.subscribe('data.quotes.*', ({ bidPrice, askPrice }) => {
  quotes += 1
  widest = Math.max(widest, askPrice - bidPrice)
})
bus.subscribe('quotes.end', () => bus.publish('spreads.widest', { quotes, widest }))
