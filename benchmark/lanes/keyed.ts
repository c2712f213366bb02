/**
 * Messages with random keys and handlers that wait: two of one key never at once, in the order in which they were
 * published. What does a message cost?
 */
import fastq, { type queueAsPromised } from 'fastq'
import PQueue from 'p-queue'
import { type Backend, BufferedMessageBusClient, MessageBus } from 'tickbus'
import type { Open, Round } from '../question.js'
import { type Tick, makeTick } from './work.js'

export interface Keyed {
  keys: number
  /** Handlers that may be under way at once; the rivals are not held to it. */
  slots: number
  messages: number
}

export type KeyedHandler<T> = (key: string, message: T) => Promise<void>

/** Handles a message of a key some time after this returns. */
interface Runner<T = Tick> {
  publish(key: string, message: T): void
  close(): Promise<void>
}

type OpenRunner = (handle: KeyedHandler<Tick>, keyed: Keyed) => Promise<Runner>

export function keying(open: OpenRunner): Open<Keyed> {
  return async (keyed, quick) => {
    const ledger = new Ledger(keyed.keys)
    const runner = await open(ledger.handle, keyed)
    const count = quick ? 20_000 : keyed.messages
    return { round: () => play(runner, ledger, count), close: () => runner.close() }
  }
}

export function tickbusKeyed(backend: Backend): OpenRunner {
  return async (handle, { slots, messages }) => {
    const bus = new MessageBus({ backend })
    const client = await BufferedMessageBusClient.open(bus, {
      lanes: { normal: { capacity: messages, overflow: 'reject' } },
      memoryMb: 1_024,
    })
    await client.subscribe<Tick>('orders', (tick, { key }) => handle(key!, tick), {
      group: 'bench',
      concurrency: slots,
    })
    const options = { key: '' }
    return {
      publish(key, tick) {
        options.key = key
        client.tryPublish('orders', tick, options)
      },
      async close() {
        await client.close()
        await bus.close()
      },
    }
  }
}

/** A queue for each key that has something to do, as one writes it by hand. */
export async function pQueues<T>(handle: KeyedHandler<T>): Promise<Runner<T>> {
  const queues = new Map<string, PQueue>()
  return {
    publish(key, message) {
      let queue = queues.get(key)
      if (queue === undefined) {
        queue = new PQueue({ concurrency: 1 })
        queues.set(key, queue)
      }
      void queue.add(() => handle(key, message))
    },
    close: async () => {},
  }
}

export async function fastQueues<T>(handle: KeyedHandler<T>): Promise<Runner<T>> {
  const queues = new Map<string, queueAsPromised<T>>()
  return {
    publish(key, message) {
      let queue = queues.get(key)
      if (queue === undefined) {
        queue = fastq.promise((each: T) => handle(key, each), 1)
        queues.set(key, queue)
      }
      void queue.push(message)
    },
    close: async () => {},
  }
}

/** Checks that a key is never in two handlers at once, nor out of order. */
class Ledger {
  readonly keys: readonly string[]
  /** Numbers and not names, so that checking costs everybody the same little. */
  readonly #numberOf: ReadonlyMap<string, number>
  readonly #last: Int32Array
  readonly #busy: Uint8Array
  count = 0
  checksum = 0
  #expected = Infinity
  #whole: () => void = () => {}

  constructor(keys: number) {
    this.keys = Array.from({ length: keys }, (_, i) => `INSTRUMENT-${i}`)
    this.#numberOf = new Map(this.keys.map((key, i) => [key, i]))
    this.#last = new Int32Array(keys).fill(-1)
    this.#busy = new Uint8Array(keys)
  }

  readonly handle = async (key: string, tick: Tick): Promise<void> => {
    const number = this.#numberOf.get(key)!
    const isInOrder = this.#busy[number] === 0 && this.#last[number] < tick.sequence
    this.#busy[number] = 1
    this.#last[number] = tick.sequence
    await undefined
    this.#busy[number] = 0
    this.checksum = (this.checksum + (isInOrder ? Math.imul(tick.sequence + 1, 31) : 1)) | 0
    this.count += 1
    if (this.count === this.#expected) this.#whole()
  }

  clear(): void {
    this.#last.fill(-1)
    this.count = 0
    this.checksum = 0
  }

  reached(count: number): Promise<void> {
    if (this.count >= count) return Promise.resolve()
    this.#expected = count
    return new Promise((resolve) => {
      this.#whole = resolve
    })
  }
}

async function play(runner: Runner, ledger: Ledger, count: number): Promise<Round> {
  ledger.clear()
  const { keys } = ledger
  let checksum = 0
  const start = performance.now()
  for (let sequence = 0; sequence < count; sequence++) {
    const key = keys[(Math.imul(sequence, 0x9e3779b1) >>> 0) % keys.length]
    runner.publish(key, makeTick(sequence))
    checksum = (checksum + Math.imul(sequence + 1, 31)) | 0
  }
  await ledger.reached(count)
  return {
    figures: { message: ((performance.now() - start) * 1e6) / count },
    published: count,
    delivered: ledger.count,
    sentChecksum: checksum,
    receivedChecksum: ledger.checksum,
  }
}
