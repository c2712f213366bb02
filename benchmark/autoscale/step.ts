/**
 * An open loop of a low, a ten times higher and the low rate again, through one group whose size somebody decides: our law,
 * nobody, or a threshold. How long do messages wait, and what does the size cost?
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Backend, BufferedMessageBusClient, type GroupStats, MessageBus } from 'tickbus'
import { type Open, type Round, Unavailable } from '../question.js'
import { percentile } from '../statistics.js'

export interface Step {
  /** Whether handlers wait for 2 ms in this thread, or compute for 0.2 ms in worker threads. */
  work: 'waits' | 'computes'
  low: number
  high: number
  /** How long each of the three stretches lasts. */
  seconds: readonly [number, number, number]
}

/** Who decides the size. */
export type Sizing = { kind: 'law' } | { kind: 'threshold' } | { kind: 'fixed'; size: number }

const MOST = 50
const WAIT_MS = 2
/** How often the size is written down. */
const SAMPLE_MS = 10
/** How often the threshold decides, as in the simulation. */
const THRESHOLD_MS = 100
/** A quick run shows that it works: it does not start 50 threads. */
const QUICK_THREADS = 4
/** What has not begun so long after the last message counts as left. */
const GRACE_MS = 500

export function stepping(backend: Backend, sizing: Sizing): Open<Step> {
  return async (step, quick) => {
    if (step.work === 'computes' && sizing.kind === 'threshold') {
      throw new Unavailable('the threads of a group cannot be changed from outside')
    }
    await new MessageBus({ backend }).close()
    const seconds = quick ? ([0.1, 0.2, 0.1] as const) : step.seconds
    return { round: () => play(backend, sizing, { ...step, seconds }, quick), close: async () => {} }
  }
}

async function play(backend: Backend, sizing: Sizing, step: Step, quick: boolean): Promise<Round> {
  const bus = new MessageBus({ backend })
  const lane = { capacity: 100_000, overflow: 'reject' as const }
  const client = await BufferedMessageBusClient.open(bus, {
    lanes: { normal: lane },
    workers: { min: 1, max: MOST },
    autoscale: sizing.kind === 'law',
    memoryMb: 512,
  })
  const waitsMs: number[] = []
  const stats = (): GroupStats => client.stats().groups.g!
  const size = sizing.kind === 'fixed' ? sizing.size : MOST
  const slots = sizing.kind === 'law' ? {} : { concurrency: size }
  if (step.work === 'computes') {
    bus.subscribe('waited', ({ waitMs }: { waitMs: number }) => waitsMs.push(waitMs))
    const threads = quick ? Math.min(size, QUICK_THREADS) : size
    const url = new URL('./handler-module.js', import.meta.url)
    await client.subscribe('a', url, { group: 'g', ...slots, ...(sizing.kind === 'law' ? {} : { threads }) })
  } else {
    const handle = ({ dueNs }: { dueNs: number }): Promise<void> => {
      waitsMs.push((bus.nowNs() - dueNs) / 1e6)
      return sleep(WAIT_MS)
    }
    await client.subscribe('a', handle, { group: 'g', ...slots })
  }
  const threshold = sizing.kind === 'threshold' ? startThreshold(client, stats) : undefined
  const sampler = new Sampler(() => (step.work === 'computes' ? stats().threads : stats().slots))
  const cpu = process.cpuUsage()
  const published = await publishAll(step, bus, (message) => client.tryPublish('a', message) === 'accepted')
  await client.drain({ timeoutMs: GRACE_MS })
  const { user, system } = process.cpuUsage(cpu)
  clearInterval(threshold)
  const { sizes, workerSeconds, peak, rssMb } = sampler.end()
  await client.close({ timeoutMs: 0 })
  const { copies, delivered, dropped } = stats()
  await bus.close()
  const left = published - delivered
  // What is left has waited for as long as all of it took, as far as anybody can tell.
  for (let i = 0; i < left; i++) waitsMs.push(1e3 * step.seconds.reduce((sum, s) => sum + s))
  const sorted = waitsMs.toSorted((a, b) => a - b)
  const accounted = delivered + Object.values(dropped).reduce((sum, count) => sum + count, 0)
  return {
    figures: {
      p99: percentile(sorted, 99),
      p50: percentile(sorted, 50),
      p999: percentile(sorted, 99.9),
      workerSeconds,
      cpuSeconds: (user + system) / 1e6,
      rss: rssMb,
      peak,
      left,
    },
    series: { sizes },
    published: copies,
    delivered: accounted,
    sentChecksum: 0,
    receivedChecksum: 0,
  }
}

/** Publishes each millisecond what is due, with the time at which it was due; returns how many were taken. */
async function publishAll(
  { low, high, seconds }: Step,
  bus: MessageBus,
  publish: (message: { dueNs: number }) => boolean,
): Promise<number> {
  let published = 0
  for (const [i, length] of seconds.entries()) {
    const everyNs = 1e9 / (i === 1 ? high : low)
    const startNs = bus.nowNs()
    for (let dueNs = startNs; dueNs < startNs + length * 1e9;) {
      for (const nowNs = bus.nowNs(); dueNs <= nowNs && dueNs < startNs + length * 1e9; dueNs += everyNs) {
        if (publish({ dueNs })) published += 1
      }
      await sleep(1)
    }
  }
  return published
}

/** One more while more wait than there are slots, one less while half of them idle: what everybody writes first. */
function startThreshold(client: BufferedMessageBusClient, stats: () => GroupStats): NodeJS.Timeout {
  let size = 1
  client.resize('g', size)
  return setInterval(() => {
    const { queued, inFlight } = stats()
    if (queued > size) size += 1
    else if (2 * inFlight < size) size -= 1
    size = Math.min(MOST, Math.max(1, size))
    client.resize('g', size)
  }, THRESHOLD_MS)
}

/** Writes the size down, and what it costs. */
class Sampler {
  readonly #size: () => number
  readonly #sizes: number[] = []
  readonly #timer: NodeJS.Timeout
  #workerMs = 0
  #lastMs = performance.now()
  #rss = 0

  constructor(size: () => number) {
    this.#size = size
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS)
  }

  end() {
    this.#sample()
    clearInterval(this.#timer)
    const peak = Math.max(...this.#sizes)
    return { sizes: this.#sizes, workerSeconds: this.#workerMs / 1e3, peak, rssMb: this.#rss / 2 ** 20 }
  }

  #sample(): void {
    const nowMs = performance.now()
    const size = this.#size()
    this.#workerMs += size * (nowMs - this.#lastMs)
    // A timer that was late stands for the samples that it missed.
    for (let late = nowMs - this.#lastMs; late >= SAMPLE_MS / 2; late -= SAMPLE_MS) this.#sizes.push(size)
    this.#lastMs = nowMs
    if (this.#sizes.length % 10 === 1) this.#rss = Math.max(this.#rss, process.memoryUsage.rss())
  }
}
