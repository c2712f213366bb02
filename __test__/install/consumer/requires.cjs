const { MessageBus, backend } = require('tickbus')

const bus = new MessageBus()
const seen = []
bus.subscribe('data.*', (message) => seen.push(message))
bus.publish('data.A', 1)
bus.close().then(() => {
  if (seen.join() !== '1') throw new Error(`saw ${seen.join()}`)
  console.log(JSON.stringify({ backend }))
})
