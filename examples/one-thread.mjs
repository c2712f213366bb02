// One thread: subscribe by pattern, publish by name and by handle.
import { MessageBus } from 'tickbus'

const bus = new MessageBus()

bus.subscribe('orders.*', (order, topic) => console.log(`${topic}: ${order.side} ${order.quantity}`))
bus.subscribe('orders.*', () => console.log('audited first'), { priority: 10 })

bus.publish('orders.BTCUSDT', { side: 'BUY', quantity: 2 })

// A handle saves the look-up of the name with each message.
const eth = bus.topic('orders.ETHUSDT')
eth.publish({ side: 'SELL', quantity: 5 })

await bus.close()
