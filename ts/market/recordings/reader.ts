import { type FileHandle, open } from 'node:fs/promises'
import { TickbusError } from '../../errors.js'
import { type BlockHead, HEAD_BYTES, MARK, readHead, unpackBlock } from './block.js'
import { ConnectionNumbers } from './connection-numbers.js'
import { readContent, type RecordingBlock } from './content.js'
import type { FrameSource, RecordedConnection, RecordedFrame } from './frame-source.js'

/** Which part of a recording is wanted, by receive time in UNIX nanoseconds, both ends included. */
export interface TimeRange {
  /** @default the beginning */
  readonly from?: bigint
  /** @default the end */
  readonly to?: bigint
}

/** A place where a recording cannot be read. What lies behind it is read. */
export interface Damage {
  /** First byte of it in the file, and how many bytes there are. */
  readonly at: number
  readonly bytes: number
  /** Frames that the block had; undefined if its head is damaged, too. */
  readonly frames: number | undefined
  readonly reason: string
}

/** Bytes in which the next block is looked for at a time. */
const SEARCH_BYTES = 65_536
/** Damages that are described; all are counted. */
const DAMAGES_MOST = 16
/**
 * Damages after which the rest of a file is given up. What looks like a block may be as long as the longest one, wherever
 * it begins: a file made of such beginnings would otherwise be read once for each of them.
 */
const DAMAGED_MOST = 1_000

/** Reads a recording that `RecordingWriter` wrote, a block at a time. */
export class RecordingReader implements FrameSource {
  readonly file: string
  readonly #handle: FileHandle
  readonly #size: number
  readonly #range: TimeRange
  readonly #onRead: (bytes: number) => void
  /** Where the next block is looked for. */
  #next = 0
  readonly #connections = new ConnectionNumbers()
  /** The first 16 places that could not be read, and the 1,000th: nothing behind that one is read. */
  readonly damages: Damage[] = []
  /** Places that could not be read. */
  damaged = 0
  /** Frames that are missing, as far as heads of blocks say so. */
  framesLost = 0
  /** Frames that were written up to here, by what the heads of the blocks say. */
  framesEnd = 0

  private constructor(
    file: string,
    handle: FileHandle,
    size: number,
    range: TimeRange,
    onRead: (bytes: number) => void,
  ) {
    this.file = file
    this.#handle = handle
    this.#size = size
    this.#range = range
    this.#onRead = onRead
  }

  /**
   * Opens a recording as long as it is now. `onRead` learns of the bytes that were read or passed over.
   *
   * @throws {TickbusError} `TICKBUS_RECORDING` if it cannot be opened.
   */
  static async open(
    file: string,
    range: TimeRange = {},
    onRead: (bytes: number) => void = () => {},
  ): Promise<RecordingReader> {
    try {
      const handle = await open(file)
      return new RecordingReader(file, handle, (await handle.stat()).size, range, onRead)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new TickbusError('TICKBUS_RECORDING', { file, reason }, error)
    }
  }

  /** The connections that have occurred so far. */
  get connections(): ReadonlyMap<number, RecordedConnection> {
    return this.#connections.connections
  }

  /** The heads of all blocks, without inflating one, with where they lie: the index of the recording. */
  async *heads(): AsyncGenerator<BlockHead & { readonly at: number }> {
    for (let at = 0; at < this.#size;) {
      const head = readHead(await this.#read(at, HEAD_BYTES))
      if (head === undefined) {
        at = await this.#passOver(at, undefined, 'no block begins there')
        continue
      }
      this.framesLost += Math.max(0, head.framesBefore - this.framesEnd)
      this.framesEnd = head.framesBefore + head.frames
      if (at + head.bytes > this.#size) {
        at = await this.#passOver(at, head.frames, 'the block breaks off')
        continue
      }
      this.#next = at + head.bytes
      yield { ...head, at }
      at = this.#next
    }
  }

  /** The blocks that hold frames of the range. Can be gone through once; closes the file at the end. */
  async *blocks(): AsyncGenerator<RecordingBlock> {
    const { from = 0n, to = LATEST_NS } = this.#range
    try {
      for await (const head of this.heads()) {
        if (head.frames === 0 || head.lastNs < from || head.firstNs > to) {
          this.#onRead(head.bytes)
          continue
        }
        const content = await unpackBlock(await this.#read(head.at, head.bytes))
        const block = content && readContent(content)
        if (block === undefined || !this.#connections.settle(block)) {
          const reason = block === undefined ? 'the block is damaged' : 'the block has too many connections'
          this.#next = await this.#passOver(head.at, head.frames, reason)
          continue
        }
        this.#onRead(head.bytes)
        yield block
      }
    } finally {
      await this.close()
    }
  }

  /** The frames of the range in the order of the file. Can be gone through once; closes the file at the end. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RecordedFrame> {
    const { from = 0n, to = LATEST_NS } = this.#range
    for await (const block of this.blocks()) {
      for (const [frame, bytes] of block.bytes.entries()) {
        const receivedNs = block.receivedNs(frame)
        if (receivedNs < from || receivedNs > to) continue
        yield { receivedNs, connection: block.connections[frame]!, bytes }
      }
    }
  }

  /** Closes the file; a second time nothing happens. */
  async close(): Promise<void> {
    await this.#handle.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #read(at: number, bytes: number): Promise<Buffer> {
    try {
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(bytes), 0, bytes, at)
      return buffer.subarray(0, bytesRead)
    } catch (error) {
      const reason = `byte ${at} cannot be read: ${error instanceof Error ? error.message : String(error)}`
      throw new TickbusError('TICKBUS_RECORDING', { file: this.file, reason }, error)
    }
  }

  /** Notes what cannot be read. Returns where the next block begins, or the end of the file. */
  async #passOver(at: number, frames: number | undefined, reason: string): Promise<number> {
    this.damaged += 1
    if (this.damaged === DAMAGED_MOST) return this.#giveUp(at)
    const next = await this.#search(at + 1)
    this.framesLost += frames ?? 0
    this.#onRead(next - at)
    if (this.damages.length < DAMAGES_MOST) this.damages.push({ at, bytes: next - at, frames, reason })
    return next
  }

  /** Notes that the rest is not read, whatever is described already. Returns the end of the file. */
  #giveUp(at: number): number {
    const bytes = this.#size - at
    this.#onRead(bytes)
    this.damages.push({
      at,
      bytes,
      frames: undefined,
      reason: `${DAMAGED_MOST} places are damaged, the rest is not read`,
    })
    return this.#size
  }

  async #search(from: number): Promise<number> {
    for (let at = from; at < this.#size; at += SEARCH_BYTES) {
      // A mark may lie across two pieces.
      const bytes = await this.#read(at, SEARCH_BYTES + MARK.length - 1)
      const found = bytes.indexOf(MARK)
      if (found >= 0) return at + found
    }
    return this.#size
  }
}

const LATEST_NS = 0xffff_ffff_ffff_ffffn
