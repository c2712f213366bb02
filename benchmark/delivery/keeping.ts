/** So many messages are on their way at once; each one that is safe makes room for the next. */
import { readFileSync } from 'node:fs'
import type { Open, Round } from '../question.js'
import { percentile } from '../statistics.js'
import { type Level, type OpenLog, Scratch } from './logs.js'

export interface Keeping {
  readonly level: Level
  readonly inFlight: number
  readonly count: number
}

const PAYLOAD_BYTES = 200

export const figures = {
  message: { unit: 'us', better: 'less' },
  p50: { unit: 'us', better: 'less' },
  p90: { unit: 'us', better: 'less' },
  p99: { unit: 'us', better: 'less' },
  p999: { unit: 'us', better: 'less' },
  bytes: { unit: 'B', better: 'less' },
  amplification: { unit: 'x', better: 'less' },
} as const

export function keeping(open: OpenLog): Open<Keeping> {
  return async ({ level, inFlight, count }, quick) => {
    const total = quick ? Math.max(2 * inFlight, count / 50) : count
    // A backend that is not there says so now, and not in the first round.
    const trial = new Scratch()
    await (await open(trial.path, level)).close()
    trial.remove()
    return { round: () => play(open, level, inFlight, total), close: async () => {} }
  }
}

async function play(open: OpenLog, level: Level, inFlight: number, total: number): Promise<Round> {
  const scratch = new Scratch()
  const log = await open(scratch.path, level)
  const payload = new Uint8Array(PAYLOAD_BYTES).fill(7)
  const latencyUs = new Float64Array(total)
  const disk = diskBytes()
  let [sent, arrived] = [0, 0]
  const start = performance.now()
  const send = async (): Promise<void> => {
    while (sent < total) {
      const number = sent++
      const before = performance.now()
      await log.add(payload)
      latencyUs[number] = (performance.now() - before) * 1e3
      arrived += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, send))
  const elapsed = performance.now() - start
  await log.close()
  const amplification = (diskBytes() - disk) / (total * PAYLOAD_BYTES)
  const bytes = scratch.bytes() / total
  scratch.remove()
  const sorted = latencyUs.toSorted()
  const at = (percent: number) => percentile(sorted, percent)
  const measured = { message: (elapsed * 1e3) / total, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9) }
  const checksums = { sentChecksum: sent, receivedChecksum: arrived }
  return { figures: { ...measured, bytes, amplification }, published: sent, delivered: arrived, ...checksums }
}

/** Bytes that this process has caused to be written to disks; 0 where the system does not tell. */
function diskBytes(): number {
  try {
    return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
