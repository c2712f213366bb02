import type { Backend } from 'tickbus'
import { type Dislocation, MarketSimulator, type MarketSimulatorOptions } from 'tickbus/market'
import { KIND_QUOTE, RECORD_BYTES } from '../../dist/layout.js'

/** A record, as numbers. */
export interface Made {
  readonly isQuote: boolean
  readonly stream: number
  readonly eventNs: number
  readonly initNs: number
  /** Bid, ask and their sizes of a quote; price, size and id of a trade. */
  readonly fields: readonly number[]
  readonly flags: number
}

export function simulate(backend: Backend, options: Partial<MarketSimulatorOptions> = {}): MarketSimulator {
  return new MarketSimulator({ seed: 7, backend, ...options })
}

/** The bytes of a market until a time, made so many records at a time. */
export function bytesOf(simulator: MarketSimulator, untilNs: number, atOnce = 512): Buffer {
  const out = new Uint8Array(atOnce * RECORD_BYTES)
  const parts: Buffer[] = []
  for (let count = simulator.write(out, untilNs); count > 0; count = simulator.write(out, untilNs)) {
    parts.push(Buffer.from(out.slice(0, count * RECORD_BYTES)))
  }
  return Buffer.concat(parts)
}

export function recordsOf(bytes: Buffer): Made[] {
  const memory = new Uint8Array(bytes).buffer
  const [doubles, words] = [new Float64Array(memory), new Uint32Array(memory)]
  return Array.from({ length: bytes.length / RECORD_BYTES }, (_, i) => {
    const head = words[16 * i]!
    return {
      isQuote: (head & 0xff) === KIND_QUOTE,
      flags: (head >>> 8) & 0xff,
      stream: words[16 * i + 1]!,
      eventNs: doubles[8 * i + 1]!,
      initNs: doubles[8 * i + 2]!,
      fields: [...doubles.subarray(8 * i + 3, 8 * i + 8)],
    }
  })
}

/** What crosses between two venues without fees, found by comparing all with all at every quote. */
export function crossings({ instruments, pairs }: MarketSimulator, records: readonly Made[]): Dislocation[] {
  const idOf = instruments.map(({ id }) => id)
  const pairOf = idOf.map((id) => Object.keys(pairs).find((pair) => pairs[pair]!.includes(id))!)
  const latest = new Map<string, readonly number[]>()
  const open = new Map<string, Dislocation>()
  const found: Dislocation[] = []
  for (const { isQuote, stream, initNs, fields } of records) {
    if (!isQuote) continue
    const pair = pairOf[stream]!
    latest.set(idOf[stream]!, fields)
    for (const buy of pairs[pair]!) {
      for (const sell of pairs[pair]!) {
        const [ask, bid] = [latest.get(buy)?.[1], latest.get(sell)?.[0]]
        if (buy === sell || ask === undefined || bid === undefined) continue
        const name = `${buy} ${sell}`
        const known = open.get(name)
        if (bid > ask && known === undefined) {
          open.set(name, { pair, buy, sell, fromNs: initNs, toNs: null, bps: (bid / ask - 1) * 1e4 })
        } else if (bid <= ask && known !== undefined) {
          open.delete(name)
          found.push({ ...known, toNs: initNs })
        }
      }
    }
  }
  return [...found, ...open.values()].toSorted((a, b) => a.fromNs - b.fromNs)
}

/** How one stream's messages are spread over time. */
export function spreadOf(timesNs: readonly number[]): { rate: number; cv: number; close: number; excess: number } {
  const gaps = timesNs.slice(1).map((ns, i) => ns - timesNs[i]!)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  const counts = countsIn(timesNs, 1e9)
  const level = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const scatter = counts.reduce((sum, count) => sum + (count - level) ** 2, 0) / counts.length
  return {
    rate: 1e9 / mean,
    cv: Math.sqrt(variance) / mean,
    close: gaps.filter((gap) => gap < 1e6).length / gaps.length,
    excess: 1 - Math.sqrt(level / scatter),
  }
}

function countsIn(timesNs: readonly number[], binNs: number): number[] {
  const counts: number[] = Array.from({ length: Math.floor(timesNs.at(-1)! / binNs) }, () => 0)
  for (const ns of timesNs) {
    const bin = Math.floor(ns / binNs)
    if (bin < counts.length) counts[bin]! += 1
  }
  return counts
}
