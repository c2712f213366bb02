import { MessageBus, backend } from 'tickbus'
import { RecordedMarket } from 'tickbus/market'

const bus = new MessageBus()
const seen = []
bus.subscribe('data.*', (message) => seen.push(message))
bus.publish('data.A', 1)
await bus.close()
if (seen.join() !== '1' || typeof RecordedMarket !== 'function') throw new Error(`saw ${seen.join()}`)
console.log(JSON.stringify({ backend }))
