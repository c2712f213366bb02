import type { Backend } from '../core.js'
import type { Link } from './link.js'
import type { Publisher, SendCost } from './publisher.js'
import type { ReceiverReport } from './receiver.js'
import type { RecordedClockOffset } from './feed-connection.js'
import type { LineCounts, RecordedGap, RecordedMarket } from './recorded-market.js'
import type { Rejection } from './recording.js'
import type { Spread } from './spreads.js'
import { WaitTimes } from '../bus/index.js'

/** What carries the messages: our rings, or `postMessage` for comparison. */
export type Transport = 'ring' | 'postMessage'

/** How long messages waited, in microseconds. */
export interface Latency {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export interface ReplayResult {
  readonly backend: Backend
  readonly transport: Transport
  readonly speed: number | 'max'
  readonly threads: number
  readonly files: readonly string[]
  readonly messages: Readonly<LineCounts>
  /** Messages that arrived. With `lost` it makes up quotes, trades and book updates. */
  readonly delivered: number
  readonly lost: number
  /** From the first send until the last message was handled. */
  readonly durationMs: number
  /** Messages delivered in a second. */
  readonly ratePerS: number
  /** Until a message's handler began: from when it was due if paced, otherwise from when it was sent. */
  readonly latencyUs: Latency
  readonly latency: { readonly from: 'due' | 'sent'; readonly samples: number }
  readonly sendUs: SendCost
  readonly spreads: readonly Spread[]
  readonly proof: ReplayProof
  /** Of the whole process, all threads, while messages were under way. */
  readonly cpu: { readonly userMs: number; readonly systemMs: number }
  readonly memory: { readonly rssMb: number; readonly peakRssMb: number }
  /** Prices and sizes with more digits than a double gives back. */
  readonly precision: number
  /** Recordings that could not be read to their end. */
  readonly faults: readonly { readonly code: string; readonly file: string; readonly message: string }[]
  /** The first lines that were passed over. */
  readonly rejections: readonly Rejection[]
  /** How far the clock of whoever recorded ran ahead of the venues' at the end, by connection. */
  readonly clockOffset: readonly RecordedClockOffset[]
  /** Frames that were received before the one in front of them, and the first of them. */
  readonly clockJumps: RecordedMarket['clockJumps']
  /** Times between the recordings in which nothing was received. */
  readonly gaps: readonly RecordedGap[]
  /** What the venues said beside their data by kind, and the first errors among it. */
  readonly controls: RecordedMarket['controls']
}

/** Evidence that what was sent is what arrived. */
export interface ReplayProof {
  /** Whether every topic's count and every worker's checksum agree. */
  readonly isSame: boolean
  /** A checksum over all contents in their order for each worker, as sent and as received. */
  readonly checksums: readonly { readonly sent: string; readonly received: string }[]
  readonly topics: Readonly<Record<string, { readonly sent: number; readonly received: number }>>
  /** Losses that the bus has counted itself. */
  readonly lostByBus: number
}

/** What has been measured by the end of a replay. */
export interface Measured {
  readonly files: readonly string[]
  readonly transport: Transport
  readonly speed: number | 'max'
  readonly market: RecordedMarket
  readonly link: Link
  readonly publisher: Publisher
  readonly reports: readonly ReceiverReport[]
  readonly lostByBus: number
  readonly startNs: number
  readonly cpu: NodeJS.CpuUsage
}

/** Puts the result together from what both ends have counted. */
export function resultOf(measured: Measured): ReplayResult {
  const { files, transport, speed, market, link, publisher, reports, startNs, cpu } = measured
  const delivered = reports.reduce((sum, { received }) => sum + received, 0)
  const durationMs = (Math.max(...link.shares.map(({ page }) => page.endNs)) - startNs) / 1e6
  const waits = new WaitTimes()
  for (const { page } of link.shares) waits.add(page.waits)
  return {
    backend: link.bus.backend,
    transport,
    speed,
    threads: link.shares.length,
    files,
    messages: market.counts,
    delivered,
    lost: publisher.sent - delivered,
    durationMs,
    ratePerS: (delivered / durationMs) * 1000,
    latencyUs: latencyOf(waits),
    latency: { from: speed === 'max' ? 'sent' : 'due', samples: waits.count },
    sendUs: publisher.sendUs,
    spreads: reports.flatMap(({ spreads }) => spreads).sort((a, b) => (a.instrument < b.instrument ? -1 : 1)),
    proof: prove(measured),
    cpu: { userMs: cpu.user / 1000, systemMs: cpu.system / 1000 },
    memory: { rssMb: process.memoryUsage.rss() / 2 ** 20, peakRssMb: process.resourceUsage().maxRSS / 1024 },
    precision: market.imprecise,
    faults: market.faults.map(({ code, message, details }) => ({ code, file: String(details.file), message })),
    rejections: market.rejections,
    clockOffset: market.clockOffsets,
    clockJumps: market.clockJumps,
    gaps: market.gaps,
    controls: market.controls,
  }
}

function latencyOf(waits: WaitTimes): Latency {
  const us = (p: number): number => waits.percentileNs(p) / 1000
  return { p50: us(0.5), p90: us(0.9), p99: us(0.99), p999: us(0.999), max: waits.longestNs / 1000 }
}

function prove({ publisher, reports, lostByBus }: Measured): ReplayProof {
  const sent = publisher.tallies.map((tally) => tally.report)
  const checksums = sent.map(({ checksum }, share) => ({ sent: checksum, received: reports[share]!.checksum }))
  const topics: Record<string, { sent: number; received: number }> = {}
  for (const [share, tally] of sent.entries()) {
    for (const [topic, count] of Object.entries(tally.topics)) {
      topics[topic] = { sent: count, received: reports[share]!.topics[topic] ?? 0 }
    }
  }
  const isSame =
    checksums.every((pair) => pair.sent === pair.received) &&
    Object.values(topics).every((pair) => pair.sent === pair.received)
  return { isSame, checksums, topics, lostByBus }
}
