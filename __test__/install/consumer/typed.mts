import { MessageBus, type Quote, TickbusError, backend, quote, topics } from 'tickbus'
import { type Collected, openTestBus } from 'tickbus/testing'

const bus = new MessageBus({ schema: topics({ 'data.quotes.{venue}.{symbol}': quote() }) })
const spreads: number[] = []
bus.subscribe('data.quotes.*', (tick: Quote) => spreads.push(tick.askPrice - tick.bidPrice))
const name: 'native' | 'js' = backend
try {
  bus.publish(name, 1)
} catch (error) {
  if (error instanceof TickbusError && error.code === 'TICKBUS_TOPIC') throw error
}

const alerts: Collected<string> = openTestBus().collect<string>('alerts.*')
const texts: string[] = alerts.messages
texts.sort()
