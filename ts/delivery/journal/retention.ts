/** Which segments of a journal nobody needs any more. */
import { join } from 'node:path'
import { decodeHeader, HEADER_BYTES, inDirectory, segmentName, segmentsOf } from '../../fallback/index.js'
import { type Files, nodeSystem } from '../../system.js'

export interface Retention {
  readonly retainBytes: number
  readonly retainMs: number
}

interface Past {
  /** First sequence that it does not hold. */
  readonly end: number
  readonly bytes: number
  /** When the next one began, UNIX nanoseconds. */
  readonly endedNs: bigint
}

/**
 * The sequence below which segments may go: all that is acknowledged, but for the newest of it, as long as that is within
 * `retainBytes` and no older than `retainMs`. 0 if all stay.
 */
export function removableBelow(
  directory: string,
  wanted: number,
  retention: Retention,
  nowNs: bigint,
  files: Files,
): number {
  const past = inDirectory(directory, () => pastSegments(directory, files)).filter(({ end }) => end <= wanted)
  let kept = 0
  for (const { end, bytes, endedNs } of past.toReversed()) {
    kept += bytes
    const isOld = Number(nowNs - endedNs) / 1e6 > retention.retainMs
    if (kept > retention.retainBytes || isOld) return end
  }
  return 0
}

/** All segments but the last, oldest first. */
function pastSegments(directory: string, files: Files): Past[] {
  const firsts = segmentsOf(directory, files)
  return firsts.slice(1).map((end, place) => ({
    end,
    bytes: files.statSync(join(directory, segmentName(firsts[place]))).size,
    endedNs: segmentTime(directory, end, files),
  }))
}

/** When the first record of a segment was appended, UNIX nanoseconds. */
export function segmentTime(directory: string, first: number, files: Files = nodeSystem.files): bigint {
  const name = segmentName(first)
  const bytes = new Uint8Array(HEADER_BYTES)
  const file = files.openSync(join(directory, name), 'r')
  try {
    const length = files.readSync(file, bytes, 0, HEADER_BYTES, 0)
    const { time } = decodeHeader(bytes.subarray(0, length), directory, name, first)
    return new DataView(time.buffer).getBigUint64(0, true)
  } finally {
    files.closeSync(file)
  }
}
