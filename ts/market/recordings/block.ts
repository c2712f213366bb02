import { promisify } from 'node:util'
import { crc32, deflateRaw, inflateRaw } from 'node:zlib'
import { FRAME_BYTES_MOST } from '../../layout.js'

/**
 * The head of a block of our recordings: a member of a gzip file (RFC 1952) whose extra field says what is in it. So the
 * file is one that `gzip` reads, and whoever looks for a time hops from head to head without inflating anything.
 * docs/recording-format.md has the table.
 */
export interface BlockHead {
  /** Length of the block in the file, head and tail included. */
  readonly bytes: number
  readonly frames: number
  /** Frames in all blocks before it: blocks that are missing show here. */
  readonly framesBefore: number
  /** Least and greatest receive time, UNIX nanoseconds. */
  readonly firstNs: bigint
  readonly lastNs: bigint
}

export const HEAD_BYTES = 48
export const TAIL_BYTES = 8
/**
 * Longest block in a file, and longest content of one: what a reader has in memory. The longest frame fits, with what is told of its
 * connection, also where compressing makes it longer.
 */
export const BLOCK_BYTES_MOST = FRAME_BYTES_MOST + 1_048_576

/** Shortest line of a frame in a block: a time, a connection, a length, no bytes, the spaces and a line end. */
const FRAME_LINE_BYTES_LEAST = 25
/** Most frames in a block, and before it. A head that says more is none: nothing is made of numbers that cannot be. */
const FRAMES_MOST = Math.floor(BLOCK_BYTES_MOST / FRAME_LINE_BYTES_LEAST)
const FRAMES_BEFORE_MOST = 2n ** 48n

/** What every head begins with: gzip, deflate, an extra field, no time, any system; its length, its name, its length again. */
export const MARK = Buffer.from('1f8b08040000000000ff240054312000', 'hex')

const AT_BYTES = 16
const AT_FRAMES = 20
const AT_FRAMES_BEFORE = 24
const AT_FIRST = 32
const AT_LAST = 40

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** A whole block of the content. */
export async function packBlock(content: Buffer, head: Omit<BlockHead, 'bytes'>): Promise<Buffer> {
  const data = await deflate(content)
  const block = Buffer.allocUnsafe(HEAD_BYTES + data.length + TAIL_BYTES)
  MARK.copy(block)
  block.writeUInt32LE(block.length, AT_BYTES)
  block.writeUInt32LE(head.frames, AT_FRAMES)
  block.writeBigUInt64LE(BigInt(head.framesBefore), AT_FRAMES_BEFORE)
  block.writeBigUInt64LE(head.firstNs, AT_FIRST)
  block.writeBigUInt64LE(head.lastNs, AT_LAST)
  block.set(data, HEAD_BYTES)
  block.writeUInt32LE(crc32(content), block.length - TAIL_BYTES)
  block.writeUInt32LE(content.length, block.length - 4)
  return block
}

/** The head that the bytes begin with; undefined if they begin with none. */
export function readHead(bytes: Buffer): BlockHead | undefined {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, MARK.length).equals(MARK)) return undefined
  const length = bytes.readUInt32LE(AT_BYTES)
  if (length < HEAD_BYTES + TAIL_BYTES || length > BLOCK_BYTES_MOST) return undefined
  const frames = bytes.readUInt32LE(AT_FRAMES)
  const framesBefore = bytes.readBigUInt64LE(AT_FRAMES_BEFORE)
  if (frames > FRAMES_MOST || framesBefore > FRAMES_BEFORE_MOST) return undefined
  return {
    bytes: length,
    frames,
    framesBefore: Number(framesBefore),
    firstNs: bytes.readBigUInt64LE(AT_FIRST),
    lastNs: bytes.readBigUInt64LE(AT_LAST),
  }
}

/** The content of a whole block; undefined if it is damaged. */
export async function unpackBlock(block: Buffer): Promise<Buffer | undefined> {
  const tail = block.length - TAIL_BYTES
  try {
    const content = await inflate(block.subarray(HEAD_BYTES, tail), { maxOutputLength: BLOCK_BYTES_MOST })
    const isSound = crc32(content) === block.readUInt32LE(tail) && content.length === block.readUInt32LE(tail + 4)
    return isSound ? content : undefined
  } catch {
    return undefined
  }
}
