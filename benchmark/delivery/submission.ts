/**
 * What it costs to hand frames to the native writer: one raw call for a batch, against a copy into a ring in shared memory,
 * which still needs a call to wake a writer that sleeps. `node dist/benchmark/delivery/submission.js`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadJournalCore } from '../boundary/inside.js'

const ROUNDS = 400
const FRAME_BYTES = 25 + 8 + 14 + 200

const core = await loadJournalCore('native')
const directory = mkdtempSync(join(tmpdir(), 'tickbus-submission-'))
const page = new Uint8Array(new SharedArrayBuffer(128))
const limits = { segmentBytes: 2 ** 30, queueBytes: 2 ** 30, syncAfterUs: -1, syncRecords: Number.MAX_SAFE_INTEGER }
const writer = core.openJournalWriter({ directory, last: 0, ...limits, page, wake: () => {} })
const ring = new Uint8Array(new SharedArrayBuffer(2 ** 20))
const cursor = new Int32Array(new SharedArrayBuffer(4))
let sequence = 0

for (const records of [1, 8, 64]) {
  const raw = measured(records, (frames) => void writer.submit(frames))
  const copied = measured(records, (frames) => {
    ring.set(frames, (records * FRAME_BYTES) & 0xffff)
    Atomics.add(cursor, 0, frames.length)
  })
  process.stdout.write(
    `${records} records at once: raw call ${raw.toFixed(0)} ns, copy into a ring ${copied.toFixed(0)} ns a record\n`,
  )
}
writer.close()
writer.end()
rmSync(directory, { recursive: true })

/** Nanoseconds a record, the least of many rounds: others use the machine as well. */
function measured(records: number, hand: (frames: Uint8Array) => void): number {
  let least = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const batches = Array.from({ length: 8 }, () => batchOf(records))
    const start = process.hrtime.bigint()
    for (const batch of batches) hand(batch)
    least = Math.min(least, Number(process.hrtime.bigint() - start) / (8 * records))
  }
  return least
}

function batchOf(records: number): Uint8Array {
  const bytes = new Uint8Array(records * FRAME_BYTES)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
    view.setUint32(at, FRAME_BYTES - 25, true)
    view.setBigUint64(at + 8, BigInt(++sequence), true)
    bytes[at + 24] = 1
  }
  return bytes
}
