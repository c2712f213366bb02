import type { ExecutionContext } from 'ava'
import {
  BufferedMessageBusClient,
  type ClientOptions,
  type GroupStats,
  type MessageBus,
  type MessageBusOptions,
} from 'tickbus'
import { VirtualClock } from 'tickbus/testing'
import type { OnBackend } from './backends.js'

export interface OpenClient {
  readonly bus: MessageBus
  readonly client: BufferedMessageBusClient
  readonly clock: VirtualClock
}

/** A bus and a client on it, whose time and turns are given by hand; both are closed when the test ends. */
export async function openClient(
  t: ExecutionContext,
  { openBus }: OnBackend,
  options: ClientOptions = {},
  busOptions: MessageBusOptions = {},
): Promise<OpenClient> {
  const bus = openBus(t, busOptions)
  const clock = new VirtualClock()
  const client = await BufferedMessageBusClient.open(bus, { clock, ...options })
  t.teardown(() => client.close({ timeoutMs: 0 }))
  return { bus, client, clock }
}

/** A promise, and what settles it. */
export interface Deferred {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export function deferred(): Deferred {
  let resolve!: () => void
  let reject!: (error: unknown) => void
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** Copies that are accounted for: equal to `copies` at every moment. */
export function accounted({ delivered, dead, dropped, queued, inFlight }: GroupStats): number {
  return delivered + dead + queued + inFlight + Object.values(dropped).reduce((sum, count) => sum + count, 0)
}
