/** Which segments of a journal nobody needs any more. */
import { join } from 'node:path'
import { inDirectory, readHeader, segmentName, segmentsOf } from '../../fallback/index.js'
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

/** What of a journal is nobody's any more: its sequences below `wanted`, of which the writer was asked to remove some. */
export interface Unwanted {
  readonly removed: number
  readonly wanted: number
}

/**
 * The sequence below which segments may go: all that is acknowledged, but for the newest of it, as long as that is within
 * `retainBytes` and no older than `retainMs`. 0 if all stay.
 */
export function removableBelow(
  directory: string,
  unwanted: Unwanted,
  retention: Retention,
  nowNs: bigint,
  files: Files,
): number {
  const past = inDirectory(directory, () => pastSegments(directory, unwanted, files))
  let kept = 0
  for (const { end, bytes, endedNs } of past.toReversed()) {
    kept += bytes
    const isOld = Number(nowNs - endedNs) / 1e6 > retention.retainMs
    if (kept > retention.retainBytes || isOld) return end
  }
  return 0
}

/** The segments of it, oldest first, but for those that the writer may be removing at this moment. */
function pastSegments(directory: string, { removed, wanted }: Unwanted, files: Files): Past[] {
  const firsts = segmentsOf(directory, files)
  const past = firsts.slice(1).map((end, place) => ({ end, name: segmentName(firsts[place]) }))
  return past
    .filter(({ end }) => end > removed && end <= wanted)
    .map(({ end, name }) => ({
      end,
      bytes: files.statSync(join(directory, name)).size,
      endedNs: segmentTime(directory, end, files),
    }))
}

/** When the first record of a segment was appended, UNIX nanoseconds. */
export function segmentTime(directory: string, first: number, files: Files = nodeSystem.files): bigint {
  const { time } = readHeader(directory, first, files)
  return new DataView(time.buffer).getBigUint64(0, true)
}
