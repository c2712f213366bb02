import { MessageBus, backend } from 'tickbus'
import { ArbitrageRouter } from 'tickbus/intelligence'
import { RecordedMarket } from 'tickbus/market'
import { collect } from 'tickbus/testing'

const bus = new MessageBus()
const { messages: seen } = collect(bus, 'data.*')
bus.publish('data.A', 1)
await bus.close()
if (seen.join() !== '1' || typeof RecordedMarket !== 'function' || typeof ArbitrageRouter !== 'function')
  throw new Error(`saw ${seen.join()}`)
console.log(JSON.stringify({ backend }))
