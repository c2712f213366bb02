import { FRAME_BYTES_MOST } from '../../layout.js'
import { CONNECTIONS_MOST, type RecordedConnection } from './frame-source.js'

/**
 * The content of a block is lines, `receive time, connection, length, frame`. The length says where the frame ends, so
 * that it may hold anything. `# connection, JSON` says what a connection is, before its first frame in each block: a block
 * needs no other.
 */

/** Longest beginning of a line: a time of 19 digits, a connection of 5, a length of 6, and the spaces. */
const PREFIX_MOST = 40

/** Longest line that says what a connection is. */
export const TOLD_BYTES_MOST = 4_096

/** Room for at least so many bytes of content, filled line by line. */
export class BlockContent {
  readonly #bytes: Buffer
  readonly #told = new Set<number>()
  #length = 0
  frames = 0
  firstNs = 0n
  lastNs = 0n

  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(room)
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  get room(): number {
    return this.#bytes.length
  }

  /** Adds a frame. Says whether there was room. */
  add(receivedNs: bigint, connection: number, told: string, frame: Uint8Array): boolean {
    const mostBytes = PREFIX_MOST + frame.length + 1 + (this.#told.has(connection) ? 0 : 3 * told.length)
    if (this.#length + mostBytes > this.#bytes.length) return false
    if (!this.#told.has(connection)) {
      this.#told.add(connection)
      this.#length += this.#bytes.write(told, this.#length)
    }
    this.#length += this.#bytes.write(`${receivedNs} ${connection} ${frame.length} `, this.#length, 'latin1')
    this.#bytes.set(frame, this.#length)
    this.#length += frame.length
    this.#bytes[this.#length] = LINE_END
    this.#length += 1
    if (this.frames === 0 || receivedNs < this.firstNs) this.firstNs = receivedNs
    if (this.frames === 0 || receivedNs > this.lastNs) this.lastNs = receivedNs
    this.frames += 1
    return true
  }
}

/** The line that says what a connection is. */
export function tellConnection(number: number, connection: RecordedConnection): string {
  return `# ${number} ${JSON.stringify(connection)}\n`
}

/** The frames of a block. */
export class RecordingBlock {
  readonly bytes: Buffer[] = []
  readonly connections: number[] = []
  /** Receive times: whole UNIX seconds, and the nanoseconds of that second. */
  readonly seconds: number[] = []
  readonly nanos: number[] = []
  #told: Map<number, RecordedConnection>

  constructor(told: Map<number, RecordedConnection>) {
    this.#told = told
  }

  /** What the connections are that occur in it. */
  get told(): ReadonlyMap<number, RecordedConnection> {
    return this.#told
  }

  /** Gives connections other numbers, all at once; those that are not named keep theirs. */
  renumber(numbers: ReadonlyMap<number, number>): void {
    const numberOf = (number: number) => numbers.get(number) ?? number
    this.#told = new Map([...this.#told].map(([number, connection]) => [numberOf(number), connection]))
    for (const [frame, number] of this.connections.entries()) this.connections[frame] = numberOf(number)
  }

  /** When a frame was received, UNIX nanoseconds. */
  receivedNs(frame: number): bigint {
    return BigInt(this.seconds[frame]!) * 1_000_000_000n + BigInt(this.nanos[frame]!)
  }
}

/** Reads the content of a block; undefined if it is not what it should be. */
export function readContent(content: Buffer): RecordingBlock | undefined {
  const told = new Map<number, RecordedConnection>()
  const block = new RecordingBlock(told)
  for (let at = 0; at < content.length;) {
    const end = content[at] === HASH ? readTold(content, at, told) : readFrame(content, at, block)
    if (end < 0) return undefined
    at = end
  }
  return block
}

/** Returns where the next line begins; -1 if this is no line. */
function readTold(content: Buffer, at: number, told: Map<number, RecordedConnection>): number {
  const end = content.indexOf(LINE_END, at)
  if (end + 1 - at > TOLD_BYTES_MOST) return -1
  const [, number, text] = /^# (\d{1,5}) (\{.*\})$/.exec(content.toString('utf8', at, Math.max(at, end))) ?? []
  if (number === undefined || Number(number) >= CONNECTIONS_MOST) return -1
  try {
    told.set(Number(number), JSON.parse(text!) as RecordedConnection)
  } catch {
    return -1
  }
  return end + 1
}

/** The same for a frame. */
function readFrame(content: Buffer, at: number, block: RecordingBlock): number {
  // Two numbers, because the 19 digits together do not fit one double.
  const seconds = digits(content, at, at + SECONDS_DIGITS)
  const nanos = digits(content, at + SECONDS_DIGITS, at + TIME_DIGITS)
  const connectionEnd = content.indexOf(SPACE, at + TIME_DIGITS + 1)
  const lengthEnd = content.indexOf(SPACE, connectionEnd + 1)
  if (seconds < 0 || nanos < 0 || content[at + TIME_DIGITS] !== SPACE || connectionEnd < 0 || lengthEnd < 0) return -1
  const connection = digits(content, at + TIME_DIGITS + 1, connectionEnd)
  const length = digits(content, connectionEnd + 1, lengthEnd)
  const start = lengthEnd + 1
  if (length < 0 || length > FRAME_BYTES_MOST || !block.told.has(connection)) return -1
  if (content[start + length] !== LINE_END) return -1
  block.seconds.push(seconds)
  block.nanos.push(nanos)
  block.connections.push(connection)
  block.bytes.push(content.subarray(start, start + length))
  return start + length + 1
}

/** The whole number between `start` and `end`, or -1 if there are no digits or something else. */
function digits(bytes: Buffer, start: number, end: number): number {
  if (end <= start || end - start > SECONDS_DIGITS) return -1
  let number = 0
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at]! - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return number
}

const SECONDS_DIGITS = 10
const TIME_DIGITS = 19
const ZERO = 0x30
const SPACE = 0x20
const HASH = 0x23
const LINE_END = 0x0a
