// Does what each message says: { n, spinMs, computeMs, waitMs, gate, throws, exits, crashes }; says on the bus when it began and ended.
import { threadId } from 'node:worker_threads'
import { computedMs } from './computed-ms.mjs'

let bus
/** Handlers that wait until somebody publishes on `go`; undefined from then on. */
let waiting = []

export function open(context) {
  bus = context.bus
  bus.subscribe('go', () => {
    const resolves = waiting ?? []
    waiting = undefined
    for (const resolve of resolves) resolve()
  })
}

export default function work(message, delivery) {
  const { n, spinMs, computeMs, waitMs, gate, exits, crashes } = message
  const { key, topic } = delivery
  bus.publish('began', { n, key, topic, thread: threadId, atNs: bus.nowNs() })
  if (exits) process.exit(3)
  if (crashes) setImmediate(() => crash(n))
  if (spinMs) for (const endNs = bus.nowNs() + spinMs * 1e6; bus.nowNs() < endNs;);
  if (computeMs) for (const endMs = computedMs() + computeMs; computedMs() < endMs;);
  if (crashes || gate || waitMs) return later(message, delivery)
  end(message, delivery)
}

async function later(message, delivery) {
  const { n, waitMs, gate, crashes } = message
  await new Promise((resolve) => {
    delivery.signal.addEventListener('abort', () => {
      bus.publish('aborted', { n, reason: delivery.signal.reason?.message })
      resolve()
    })
    if (waitMs) setTimeout(resolve, waitMs)
    else if (gate && waiting === undefined) resolve()
    else if (gate) waiting.push(resolve)
    else if (!crashes) resolve()
  })
  end(message, delivery)
}

function crash(n) {
  throw new Error(`crashed at ${n}`)
}

function end({ n, throws }, { key }) {
  bus.publish('ended', { n, key, thread: threadId, atNs: bus.nowNs() })
  if (throws) throw new RangeError(`failed at ${n}`)
}
