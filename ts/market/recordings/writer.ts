import { type FileHandle, open } from 'node:fs/promises'
import { badArgument, checkWhole, TickbusError } from '../../errors.js'
import { FRAME_BYTES_MOST } from '../../layout.js'
import { packBlock } from './block.js'
import { BlockContent, TOLD_BYTES_MOST, tellConnection } from './content.js'
import { CONNECTIONS_MOST, type RecordedConnection, type RecordedFrame } from './frame-source.js'
import { RecordingReader } from './reader.js'

export interface RecordingWriterOptions {
  /** Content of a block before it is compressed, 1,024 to 1,048,576 bytes. @default 262_144 */
  blockBytes?: number
  /** Most bytes that wait to be compressed and written, 65,536 to 1,073,741,824; frames beyond are lost. @default 16_777_216 */
  waitingBytesMost?: number
}

/** What a writer has done. */
export interface RecordingCounts {
  /** Frames that were taken. They are in the file after `flush` or `close`. */
  readonly frames: number
  /** Bytes of those frames. */
  readonly frameBytes: number
  /** Bytes written to the file. */
  readonly fileBytes: number
  readonly blocks: number
  /** Frames that were not taken: no room, longer than 16 MiB, of a time before 2001-09-09 or after 2262, of a connection that is
   * not known, or after the file could not be written. */
  readonly lost: Readonly<Record<LossReason, number>>
}

export type LossReason = 'full' | 'length' | 'time' | 'connection' | 'failed'

/** Times are written with 19 digits. */
const FIRST_NS = 1_000_000_000_000_000_000n
const LAST_NS = 9_223_372_036_854_775_807n

/**
 * Writes frames to a file, compressed in blocks of their own: a file that breaks off, because the machine did, loses its
 * last block and no other. One that exists is continued.
 */
export class RecordingWriter {
  readonly file: string
  readonly #handle: FileHandle
  readonly #blockBytes: number
  readonly #waitingBytesMost: number
  readonly #told: string[] = []
  readonly #lost = { full: 0, length: 0, time: 0, connection: 0, failed: 0 }
  #content: BlockContent | undefined
  /** Room that the blocks take which are being compressed and written. */
  #waitingBytes = 0
  #written: Promise<void> = Promise.resolve()
  #failure: TickbusError | undefined
  #framesBefore: number
  #frames = 0
  #frameBytes = 0
  #fileBytes = 0
  #blocks = 0

  private constructor(file: string, handle: FileHandle, framesBefore: number, options: RecordingWriterOptions) {
    this.file = file
    this.#handle = handle
    this.#framesBefore = framesBefore
    this.#blockBytes = options.blockBytes ?? 262_144
    this.#waitingBytesMost = options.waitingBytesMost ?? 16_777_216
  }

  /**
   * Opens a recording to be written, behind what it holds if it exists.
   *
   * @throws {TickbusError} `TICKBUS_RECORD` if it cannot be written, or is something else; `TICKBUS_ARGUMENT`.
   */
  static async open(file: string, options: RecordingWriterOptions = {}): Promise<RecordingWriter> {
    const { blockBytes, waitingBytesMost } = options
    if (blockBytes !== undefined) checkWhole('blockBytes', blockBytes, 1_024, 1_048_576)
    if (waitingBytesMost !== undefined) checkWhole('waitingBytesMost', waitingBytesMost, 65_536, 2 ** 30)
    const handle = await open(file, 'a').catch((error: unknown) => {
      throw fault(file, error)
    })
    try {
      return new RecordingWriter(file, handle, await framesIn(file), options)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  get counts(): RecordingCounts {
    return {
      frames: this.#frames,
      frameBytes: this.#frameBytes,
      fileBytes: this.#fileBytes,
      blocks: this.#blocks,
      lost: { ...this.#lost },
    }
  }

  /**
   * Says what a connection is, and returns its number.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if there are 65,536 already.
   */
  connect(connection: RecordedConnection): number {
    const number = this.#told.length
    if (number === CONNECTIONS_MOST) throw badArgument('connection', `one of ${CONNECTIONS_MOST}`, number)
    const told = tellConnection(number, connection)
    const bytes = Buffer.byteLength(told)
    if (bytes > TOLD_BYTES_MOST) throw badArgument('connection', `told in ${TOLD_BYTES_MOST} bytes`, bytes)
    this.#told.push(told)
    return number
  }

  /** Takes a frame, and copies it. Says whether it did; if not, the loss is counted. Never waits. */
  write({ receivedNs, connection, bytes }: RecordedFrame): boolean {
    const told = this.#told[connection]
    if (this.#failure !== undefined) return this.#lose('failed')
    if (told === undefined) return this.#lose('connection')
    if (bytes.length > FRAME_BYTES_MOST) return this.#lose('length')
    if (receivedNs < FIRST_NS || receivedNs > LAST_NS) return this.#lose('time')
    if (this.#content?.add(receivedNs, connection, told, bytes) !== true) {
      this.#finishBlock()
      const room = Math.max(this.#blockBytes, LINE_MOST + bytes.length + 3 * told.length)
      if (this.#waitingBytes > 0 && this.#waitingBytes + room > this.#waitingBytesMost) return this.#lose('full')
      this.#content = new BlockContent(room)
      this.#content.add(receivedNs, connection, told, bytes)
    }
    this.#frames += 1
    this.#frameBytes += bytes.length
    return true
  }

  /** Whether more than half of what may wait does: time to await `ready`. */
  get isBusy(): boolean {
    return this.#waitingBytes > this.#waitingBytesMost / 2
  }

  /**
   * Resolves when there is room for more, that is when at most half of what may wait does.
   *
   * @throws {TickbusError} `TICKBUS_RECORD` if the file cannot be written.
   */
  async ready(): Promise<void> {
    if (this.isBusy) await this.#written
    if (this.#failure !== undefined) throw this.#failure
  }

  /**
   * Resolves when all that was taken is in the file, for the last block ends here.
   *
   * @throws {TickbusError} `TICKBUS_RECORD` if the file cannot be written.
   */
  async flush(): Promise<void> {
    this.#finishBlock()
    await this.#written
    if (this.#failure !== undefined) throw this.#failure
  }

  /**
   * Writes what was taken, has the system put it on the disk, and closes the file.
   *
   * @throws {TickbusError} `TICKBUS_RECORD` if the file cannot be written.
   */
  async close(): Promise<RecordingCounts> {
    try {
      // A file without a block is no gzip file.
      if (this.#framesBefore === 0 && this.#frames === 0) this.#content = new BlockContent(0)
      await this.flush()
      await this.#handle.sync()
    } finally {
      await this.#handle.close()
    }
    return this.counts
  }

  #lose(reason: LossReason): false {
    this.#lost[reason] += 1
    return false
  }

  #finishBlock(): void {
    const content = this.#content
    if (content === undefined) return
    this.#content = undefined
    this.#waitingBytes += content.room
    const { frames, firstNs, lastNs } = content
    const head = { frames, framesBefore: this.#framesBefore, firstNs, lastNs }
    this.#framesBefore += frames
    this.#written = this.#written.then(async () => {
      try {
        if (this.#failure === undefined) await this.#append(await packBlock(content.bytes, head))
        else this.#lost.failed += frames
      } catch (error) {
        this.#failure = fault(this.file, error)
        this.#lost.failed += frames
      }
      this.#waitingBytes -= content.room
    })
  }

  async #append(block: Buffer): Promise<void> {
    await this.#handle.appendFile(block)
    this.#fileBytes += block.length
    this.#blocks += 1
  }
}

/** The longest line around a frame. */
const LINE_MOST = 64

/** How many frames a recording has that is continued, the lost ones included. */
async function framesIn(file: string): Promise<number> {
  const reader = await RecordingReader.open(file)
  try {
    let blocks = 0
    for await (const head of reader.heads()) blocks += Math.min(1, head.bytes)
    if (blocks === 0 && reader.damaged > 0 && reader.framesEnd === 0) {
      throw new TickbusError('TICKBUS_RECORD', { file, reason: 'it exists, and is no recording of Tickbus' })
    }
    return reader.framesEnd
  } finally {
    await reader.close()
  }
}

function fault(file: string, error: unknown): TickbusError {
  const reason = error instanceof Error ? error.message : String(error)
  return new TickbusError('TICKBUS_RECORD', { file, reason }, error)
}
