/** Clients that keep a journal, opened one after the other on one directory as by a process that is started again. */
import type { ExecutionContext } from 'ava'
import {
  type Backend,
  BufferedMessageBusClient,
  type ClientOptions,
  type Definition,
  json,
  MessageBus,
  type Schema,
  topics,
} from 'tickbus'

export interface Order {
  readonly n: number
  readonly key?: string
}

const key = (order: Order): string => order.key ?? 'k'

export const schema = topics({
  'orders.{id}': json<Order>({ delivery: 'at-least-once', key }),
  'memory.{id}': json<Order>({ delivery: 'at-least-once', dispatchAfter: 'memory', key }),
  'synced.{id}': json<Order>({ delivery: 'at-least-once', dispatchAfter: 'synced', key }),
  'fills.{id}': json<Order>({ delivery: 'effectively-once', idempotencyKey: ({ n }) => String(n) }),
  'ticks.{id}': json<Order>(),
})

export interface Opened {
  readonly bus: MessageBus
  readonly client: BufferedMessageBusClient
}

/** Both are closed when the test ends, if the test has not done so. */
export async function openJournalled(
  t: ExecutionContext,
  backend: Backend,
  directory: string,
  options: ClientOptions = {},
  of: Schema<Definition> = schema as unknown as Schema<Definition>,
): Promise<Opened> {
  const bus = new MessageBus({ backend, schema: of }) as unknown as MessageBus
  t.teardown(() => bus.close())
  const client = await BufferedMessageBusClient.open(bus, { journal: directory, ...options })
  client.on('handlerError', () => {})
  return { bus, client }
}

/** What a process leaves that is killed: nothing that is under way or waits is acknowledged. */
export async function abandon({ client, bus }: Opened): Promise<void> {
  await client.close({ timeoutMs: 0 })
  await bus.close()
}
