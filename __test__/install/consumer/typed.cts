import tickbus = require('tickbus')

const bus = new tickbus.MessageBus()
const { unsubscribe } = bus.subscribe('data.*', (message: unknown, topic: string) => `${topic} ${message}`)
unsubscribe()
