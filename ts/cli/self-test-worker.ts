// The thread of the self-test: sends every record back as it came.
import type { Quote } from '../bus/index.js'
import { MessageBus } from '../workers/index.js'

const bus = await MessageBus.attach()
const back = bus.topic('selftest.back')
bus.subscribe('selftest.there', (quote: Quote) => back.publish(quote))
