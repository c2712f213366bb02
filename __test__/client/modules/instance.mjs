// Says of which class its messages are, and whether it may keep what it got.
let bus
const kept = []

export function open(context) {
  bus = context.bus
}

export default (message, { topic }) => {
  kept.push(message)
  bus.publish('seen', { topic, name: message?.constructor?.name, tsEvent: message?.tsEvent, all: kept.length })
}
