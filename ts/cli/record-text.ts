import type { RecordingCounts } from '../market/index.js'
import { count, many } from './format.js'

/** Prints what was recorded, as the document if there is one; frames that were not taken are a failure. */
export function tellRecorded(counts: RecordingCounts, document?: object): void {
  const lost = Object.values(counts.lost).reduce((sum, number) => sum + number, 0)
  if (lost > 0) process.exitCode ??= 1
  if (document !== undefined) {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  const times = (counts.frameBytes / Math.max(1, counts.fileBytes)).toFixed(1)
  process.stdout.write(
    `${count(counts.frames)} frames of ${count(counts.frameBytes)} bytes in ${many(counts.blocks, 'block')} of ${count(counts.fileBytes)} bytes, ${times} to 1\n`,
  )
  if (lost > 0) process.stderr.write(`error: ${count(lost)} frames were not taken: ${JSON.stringify(counts.lost)}\n`)
}
