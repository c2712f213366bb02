/** The handler of worker threads: computes for a while, and tells how long its message waited. */
import type { MessageBus } from 'tickbus'

const COMPUTE_NS = 200_000
let bus: MessageBus

export function open(context: { bus: MessageBus }): void {
  bus = context.bus
}

export default function handle({ dueNs }: { dueNs: number }): void {
  const startedNs = bus.nowNs()
  bus.publish('waited', { waitMs: (startedNs - dueNs) / 1e6 })
  while (bus.nowNs() - startedNs < COMPUTE_NS) {
    // Works.
  }
}
