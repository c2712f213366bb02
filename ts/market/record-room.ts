import { Records } from './market-message.js'

/** Records of the longest update that is usual: a snapshot of 5,000 levels a side has 10,000. */
const USUAL = 16_384

/** Bytes of the shortest level as venues write it, `["1","2"],`: no frame has more levels than so many go into it. */
const LEVEL_BYTES = 10
const LINE_END = 0x0a

/** What was lent last and has come back. Whoever decodes while another still reads, as a handler may, gets memory of its own. */
let spare: Records | undefined

/** Lends room for the records of each of these frames, until `use` returns; more than usual is not kept. */
export function lendForFrames<T>(frames: readonly Uint8Array[], use: (records: Records) => T): T {
  return lend(longestFrame(frames), use)
}

/** The same for the records of each of these lines. */
export function lendForLines<T>(lines: Uint8Array, use: (records: Records) => T): T {
  return lend(longestLine(lines), use)
}

/** Room for the records of each of these frames, for as long as its owner wants: what is there already, if that will do. */
export function roomForFrames(frames: readonly Uint8Array[], before: Records | undefined): Records {
  return roomFor(longestFrame(frames), before)
}

/** The same for the records of each of these lines. */
export function roomForLines(lines: Uint8Array, before: Records | undefined): Records {
  return roomFor(longestLine(lines), before)
}

function lend<T>(bytes: number, use: (records: Records) => T): T {
  const lent = spare
  spare = undefined
  const records = roomFor(bytes, lent)
  try {
    return use(records)
  } finally {
    spare = records.capacity === USUAL ? records : lent
  }
}

function roomFor(bytes: number, before: Records | undefined): Records {
  const needed = Math.max(USUAL, Math.ceil(bytes / LEVEL_BYTES))
  return before !== undefined && before.capacity >= needed ? before : new Records(needed)
}

function longestFrame(frames: readonly Uint8Array[]): number {
  let longest = 0
  for (const { length } of frames) if (length > longest) longest = length
  return longest
}

/** No less than the longest line has; exact where it matters. */
function longestLine(lines: Uint8Array): number {
  if (lines.length <= USUAL * LEVEL_BYTES) return lines.length
  let longest = 0
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf(LINE_END, start)
    if (end < 0) break
    longest = Math.max(longest, end - start)
    start = end + 1
  }
  return longest
}
