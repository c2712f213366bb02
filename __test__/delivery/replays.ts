/** Journals to replay, and clients that do. */
import type { ExecutionContext } from 'ava'
import { type Backend, type Delivery, Journal, type ReplayedDelivery } from 'tickbus'
import { VirtualClock } from 'tickbus/testing'
import { openJournalled, type Opened, type Order } from './journalled.js'

export const START_NS = 1_723_161_600_000_000_000n

export interface Past {
  readonly n: number
  readonly topic?: string
  readonly key?: string
  /** Milliseconds after `START_NS`. @default a second for each message before it */
  readonly atMs?: number
  /** Instead of JSON. */
  readonly payload?: Uint8Array
}

/** Writes what was published at some time, so that message `n` has the sequence `n`, if they are numbered from 1. */
export async function writePast(directory: string, backend: Backend, past: readonly Past[]): Promise<void> {
  let nowNs = START_NS
  const journal = await Journal.open(directory, { backend, segmentBytes: 4_096, nowNs: () => nowNs })
  for (const { n, topic = 'orders.A', key, atMs = 1_000 * (n - 1), payload } of past) {
    nowNs = START_NS + BigInt(atMs) * 1_000_000n
    const id = new Uint8Array(16)
    new DataView(id.buffer).setFloat64(8, 7_000 + n, true)
    const json = new TextEncoder().encode(JSON.stringify({ n }))
    journal.append({ topic, payload: payload ?? json, encoding: 'json', id, ...(key !== undefined && { key }) })
  }
  await journal.close()
}

export function past(count: number, of: (n: number) => Partial<Past> = () => ({})): Past[] {
  return Array.from({ length: count }, (_, place) => ({ n: place + 1, ...of(place + 1) }))
}

export interface Virtual extends Opened {
  readonly clock: VirtualClock
  /** Lets everything settle until it holds: what the disk does takes no time of the clock. */
  settled(holds: () => boolean): Promise<void>
}

export async function openVirtual(t: ExecutionContext, backend: Backend, directory: string): Promise<Virtual> {
  const clock = new VirtualClock()
  const opened = await openJournalled(t, backend, directory, { clock, random: () => 0.5 })
  return { ...opened, clock, settled: (holds) => settleUntil(clock, holds) }
}

export async function settleUntil(clock: VirtualClock, holds: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + 100_000
  while (!holds()) {
    if (performance.now() > giveUpMs) throw new Error('what the test waits for did not come')
    await clock.settle()
  }
}

/** A handler that notes numbers. */
export function noting(): { seen: number[]; handler: (order: Order, delivery: Delivery | ReplayedDelivery) => void } {
  const seen: number[] = []
  return { seen, handler: ({ n }) => void seen.push(n) }
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, place) => first + place)
}
