// What the specs of worker groups share.
import type { ExecutionContext } from 'ava'
import { BufferedMessageBusClient, type ClientOptions, type GroupStats, type MessageBus } from 'tickbus'
import type { Worker } from 'node:worker_threads'

export function module(name: string): URL {
  return new URL(`./modules/${name}.mjs`, import.meta.url)
}

/** Opens a client, which is closed when the test ends, before its bus is. */
export async function openClient(t: ExecutionContext, bus: MessageBus, options: ClientOptions = {}) {
  const client = await BufferedMessageBusClient.open(bus, options)
  t.teardown(() => client.close())
  return client
}

/** All that is published on a topic from now on. */
export function collect<T>(bus: MessageBus, topic: string): T[] {
  const seen: T[] = []
  bus.subscribe(topic, (message: T) => void seen.push(message))
  return seen
}

/** The worker threads that this one starts from now on, while they run. */
export function watchWorkers(t: ExecutionContext): Set<Worker> {
  const running = new Set<Worker>()
  const watch = (worker: Worker): void => {
    running.add(worker)
    worker.once('exit', () => running.delete(worker))
  }
  process.on('worker', watch)
  t.teardown(() => process.off('worker', watch))
  return running
}

export function droppedInAll({ dropped }: GroupStats): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0)
}

/** Copies less everything that became of them; 0 at every moment. */
export function missing(stats: GroupStats): number {
  return stats.copies - stats.delivered - stats.dead - droppedInAll(stats) - stats.queued - stats.inFlight
}
