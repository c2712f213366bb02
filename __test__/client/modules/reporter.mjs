// Says on the bus what it was given, and in which thread.
import { threadId } from 'node:worker_threads'

let bus

export function open(context) {
  bus = context.bus
  bus.publish('opened', threadId)
}

export default function report(message, { topic, key, priority, attempt, group, id }) {
  bus.publish('seen', { message, topic, key, priority, attempt, group, id, thread: threadId })
}

export async function close() {
  await new Promise((resolve) => setTimeout(resolve, 1))
  bus.publish('closed', threadId)
}
