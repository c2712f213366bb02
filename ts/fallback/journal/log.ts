/** Frames into segments: see crates/journal/src/log.rs, which is the same but for waiting through Node's thread pool. */
import { join } from 'node:path'
import type { SequenceRange } from '../../journal-core.js'
import type { Files, OpenFile } from '../../system.js'
import { encodeMark, isFull, MARK, segmentName, segmentsOf, syncDirectory } from './directory.js'
import { frameBytes, frameSequence, frameTime, sealFrame } from './frame.js'
import { encodeHeader, HEADER_BYTES } from './header.js'

/** Whether all of a submission was written, and how much of it was. */
export interface Appended {
  readonly taken: number
  readonly isFull: boolean
}

interface Segment {
  readonly file: OpenFile
  length: number
}

export class JsLog {
  readonly #directory: string
  readonly #segmentBytes: number
  readonly #files: Files
  /** First sequences of the segments that are there, the open one included. */
  readonly #firsts: number[]
  readonly #lost: SequenceRange[] = []
  readonly counts = { bytes: 0, writes: 0, syncs: 0, segments: 0 }
  #segment: Segment | undefined
  #mark: OpenFile | undefined
  #written: number
  #synced: number

  /** Goes on behind `last`, which is on disk as all before it, with a new segment. */
  constructor(directory: string, segmentBytes: number, last: number, files: Files) {
    this.#directory = directory
    this.#segmentBytes = segmentBytes
    this.#files = files
    this.#firsts = segmentsOf(directory, files)
    this.#written = last
    this.#synced = last
  }

  get written(): number {
    return this.#written
  }

  get synced(): number {
    return this.#synced
  }

  get lost(): readonly SequenceRange[] {
    return this.#lost
  }

  /** Seals and writes whole frames from `start` on; throws if nothing more can be written, ever. */
  async append(frames: Uint8Array, start: number): Promise<Appended> {
    let at = start
    try {
      while (at < frames.length) at += await this.#appendSome(frames, at)
    } catch (error) {
      if (!isFull(error)) throw error
      return { taken: at - start, isFull: true }
    }
    return { taken: at - start, isFull: false }
  }

  /** Writes as many frames as the segment takes, with one call. */
  async #appendSome(frames: Uint8Array, start: number): Promise<number> {
    const first = lengthOf(frames, start)
    const open = this.#segment
    if (open !== undefined && open.length > HEADER_BYTES && open.length + first > this.#segmentBytes) {
      await this.sync()
      await this.#end()
    }
    const segment = (this.#segment ??= await this.#begin(frameSequence(frames, start), frameTime(frames, start)))
    let end = start
    let last = 0
    while (end < frames.length) {
      const length = lengthOf(frames, end)
      if (end > start && segment.length + end - start + length > this.#segmentBytes) break
      sealFrame(frames, end, length)
      last = frameSequence(frames, end)
      end += length
    }
    try {
      await writeAll(segment.file, frames.subarray(start, end), segment.length)
    } catch (error) {
      // The part that was written is no record, and must not stand before the next attempt.
      await segment.file.truncate(segment.length)
      throw error
    }
    segment.length += end - start
    this.#written = last
    this.counts.writes += 1
    this.counts.bytes += end - start
    return end - start
  }

  /** Resolves when all that was written is on disk, or is listed as lost. */
  async sync(): Promise<void> {
    const segment = this.#segment
    const written = this.#written
    // What a failed sync has left in doubt lies in a segment before, and is not brought to disk by one without records.
    if (segment === undefined || segment.length === HEADER_BYTES || this.#synced === written) return
    this.counts.syncs += 1
    try {
      await segment.file.datasync()
    } catch {
      // Not swallowed: it becomes an error of every record in the range. No later success says where they are.
      this.#lost.push({ first: this.#synced + 1, last: written })
      await this.#end()
      return
    }
    this.#synced = written
    this.#mark ??= await this.#files.open(join(this.#directory, MARK), 'r+')
    await writeAll(this.#mark, encodeMark(written), 0)
  }

  /** Removes the segments that hold no sequence from `below` on; never the last one. */
  async removeBelow(below: number): Promise<void> {
    let removed = 0
    while (this.#firsts.length > 1 && this.#firsts[1] <= below) {
      await this.#files.rm(join(this.#directory, segmentName(this.#firsts.shift()!)))
      removed += 1
    }
    if (removed > 0) syncDirectory(this.#directory, this.#files)
  }

  async close(): Promise<void> {
    await this.#end()
    await this.#mark?.close()
  }

  async #begin(first: number, time: Uint8Array): Promise<Segment> {
    const path = join(this.#directory, segmentName(first))
    const file = await this.#files.open(path, 'wx')
    const header = encodeHeader({ first, writtenBefore: this.#written, syncedBefore: this.#synced, time })
    try {
      await writeAll(file, header, 0)
    } catch (error) {
      await file.close()
      await this.#files.rm(path)
      throw error
    }
    syncDirectory(this.#directory, this.#files)
    this.#firsts.push(first)
    this.counts.segments += 1
    this.counts.bytes += HEADER_BYTES
    return { file, length: HEADER_BYTES }
  }

  async #end(): Promise<void> {
    const segment = this.#segment
    this.#segment = undefined
    await segment?.file.close()
  }
}

function lengthOf(frames: Uint8Array, at: number): number {
  const length = frameBytes(frames, at, frames.length)
  if (typeof length === 'string' || at + length > frames.length) throw new Error('half a frame was submitted')
  return length
}

async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}
