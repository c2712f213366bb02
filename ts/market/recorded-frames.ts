import { TickbusError } from '../errors.js'
import { CaptureLines } from './capture.js'
import { type Feed, feedOf } from './feed.js'
import { Cursor, mergeByTime } from './merge.js'
import { checkRecording, readLines } from './recording.js'
import {
  type FrameSource,
  isRecording,
  type RecordedConnection,
  type RecordedFrame,
  RecordingReader,
} from './recordings/index.js'

/** What became of one of the files. */
export interface ConvertedFile {
  readonly file: string
  frames: number
  /** Lines that are no receive time and a frame; the connection's own line of a capture is none of them. */
  passedOver: number
  /** The first of those lines, from 1. */
  readonly linesPassedOver: number[]
}

const LINES_DESCRIBED = 10
const TIME_DIGITS = 19
const SPACE = 0x20
const LINE_END = 0x0a

/** The frames of recordings in any format that is read, by receive time: a source to record from, or to look at. */
export class RecordedFrames implements FrameSource {
  readonly connections = new Map<number, RecordedConnection>()
  readonly files: ConvertedFile[]
  /** Recordings that could not be read to their end. */
  readonly faults: TickbusError[] = []
  /** What each file holds; undefined of one in our own format, which says it itself. */
  readonly #feeds: readonly (Feed | undefined)[]
  readonly #bytes: number
  #bytesRead = 0

  private constructor(files: readonly string[], feeds: readonly (Feed | undefined)[], bytes: number) {
    this.files = files.map((file) => ({ file, frames: 0, passedOver: 0, linesPassedOver: [] }))
    this.#feeds = feeds
    this.#bytes = bytes
  }

  /** @throws {TickbusError} `TICKBUS_RECORDING` if a file is missing, is no gzip file, or nothing says its market. */
  static async open(files: readonly string[]): Promise<RecordedFrames> {
    const sizes = await Promise.all(files.map(checkRecording))
    const feeds = await Promise.all(files.map(async (file) => ((await isRecording(file)) ? undefined : feedOf(file))))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    return new RecordedFrames(files, feeds, bytes)
  }

  /** How much of the files has been read, 0 to 1. */
  get portionRead(): number {
    return this.#bytesRead / this.#bytes
  }

  /** Can be gone through once. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RecordedFrame> {
    const onFault = (error: TickbusError) => void this.faults.push(error)
    const cursors = this.files.map((converted, i) => {
      const feed = this.#feeds[i]
      return new Cursor(feed === undefined ? this.#recording(converted) : this.#lines(converted, feed), onFault)
    })
    try {
      await Promise.all(cursors.map((cursor) => cursor.refill()))
      yield* mergeByTime(cursors)
    } finally {
      await Promise.all(cursors.map((cursor) => cursor.close()))
    }
  }

  async *#recording(converted: ConvertedFile): AsyncGenerator<RecordedFrame[]> {
    const reader = await RecordingReader.open(converted.file, {}, (bytes) => void (this.#bytesRead += bytes))
    const numbers = new Map<number, number>()
    for await (const block of reader.blocks()) {
      for (const [number, connection] of block.told) {
        if (!numbers.has(number)) numbers.set(number, this.#connect(connection))
      }
      converted.frames += block.bytes.length
      yield block.bytes.map((bytes, frame) => ({
        receivedNs: block.receivedNs(frame),
        connection: numbers.get(block.connections[frame]!)!,
        bytes,
      }))
    }
    for (const { at, reason } of reader.damages) {
      this.faults.push(
        new TickbusError('TICKBUS_RECORDING', { file: converted.file, reason: `${reason} at byte ${at}` }),
      )
    }
  }

  async *#lines(converted: ConvertedFile, { market, symbol, isCapture }: Feed): AsyncGenerator<RecordedFrame[]> {
    const connection = this.#connect({ market, ...(symbol !== undefined && { symbol }) })
    const capture = isCapture ? new CaptureLines() : undefined
    const onRead = (bytes: number) => void (this.#bytesRead += bytes)
    let line = 0
    for await (const read of readLines(converted.file, onRead)) {
      const block = capture?.convert(read) ?? read
      const frames: RecordedFrame[] = []
      for (let at = 0; at < block.length;) {
        const end = block.indexOf(LINE_END, at)
        line += 1
        const time = block[at + TIME_DIGITS] === SPACE ? block.toString('latin1', at, at + TIME_DIGITS) : ''
        if (/^\d{19}$/.test(time)) {
          frames.push({ receivedNs: BigInt(time), connection, bytes: block.subarray(at + TIME_DIGITS + 1, end) })
        } else passOver(converted, capture?.lineOf(line) ?? line)
        at = end + 1
      }
      converted.frames += frames.length
      yield frames
    }
  }

  #connect(connection: RecordedConnection): number {
    this.connections.set(this.connections.size, connection)
    return this.connections.size - 1
  }
}

function passOver(converted: ConvertedFile, line: number): void {
  converted.passedOver += 1
  if (converted.linesPassedOver.length < LINES_DESCRIBED) converted.linesPassedOver.push(line)
}
