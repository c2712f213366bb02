import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { TickbusError } from '../errors.js'
import { FRAME_BYTES_MOST } from '../layout.js'

/** A line that was passed over. */
export interface Rejection {
  readonly file: string
  /** Number of the connection, in recordings that hold several. */
  readonly connection?: number
  /** Position in the file, from 1; where there is a connection, which of its frames in the part that was read. */
  readonly line: number
  readonly reason: string
}

/** Longest line that is kept: a receive time, a space, and the longest frame that is decoded. */
export const MOST_LINE_BYTES = 20 + FRAME_BYTES_MOST

/** Compressed bytes taken at a time. Inflated at worst a thousandfold, they are all that is ever in memory of a file. */
const CHUNK_BYTES = 16_384

/**
 * Makes sure that the file is there and looks like gzip, and returns its length in bytes.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING`
 */
export async function checkRecording(file: string): Promise<number> {
  try {
    await using handle = await open(file)
    const stat = await handle.stat()
    if (stat.isDirectory()) throw fault(file, 'it is a folder; name the files in it')
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    if (bytesRead < 2 || buffer.readUInt16BE() !== 0x1f8b) throw fault(file, 'it is not a gzip file')
    return stat.size
  } catch (error) {
    throw explain(file, error)
  }
}

/**
 * Reads a recording as a stream of whole lines with their line ends: what one chunk of the file holds at a time, and
 * nothing before the caller asks for it. A line that is too long is cut where it is, and then one byte too long.
 * `onRead` learns of the compressed bytes read; `countLines` says how many lines were met, for the error.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` where the file breaks off, after everything before was delivered; or where
 * it is damaged, which takes up to 16 KiB of the file before the damage with it.
 */
export async function* readLines(
  file: string,
  onRead: (bytes: number) => void = () => {},
  countLines?: () => number,
): AsyncGenerator<Buffer> {
  let unfinished: Buffer = Buffer.alloc(0)
  let isCut = false
  try {
    for await (const bytes of inflate(file, onRead)) {
      const end = bytes.lastIndexOf(LINE_END) + 1
      // What is left of a line that was cut is passed over.
      const start = isCut ? bytes.indexOf(LINE_END) + 1 : 0
      if (end > start) yield Buffer.concat([unfinished, bytes.subarray(start, end)])
      if (end > 0) isCut = false
      if (isCut) continue
      unfinished = end > 0 ? Buffer.from(bytes.subarray(end)) : Buffer.concat([unfinished, bytes])
      if (unfinished.length <= MOST_LINE_BYTES) continue
      yield finish(unfinished.subarray(0, MOST_LINE_BYTES + 1))
      unfinished = Buffer.alloc(0)
      isCut = true
    }
  } catch (error) {
    throw explain(file, error, countLines?.())
  }
  if (unfinished.length > 0) yield finish(unfinished)
}

const LINE_END = 0x0a

function finish(line: Buffer): Buffer {
  return Buffer.concat([line, Buffer.of(LINE_END)])
}

/**
 * The file's inflated bytes. Chunks are written by hand instead of piped, because a pipe throws away what it still
 * holds when the file breaks off: here the error comes after all that was inflated before.
 */
async function* inflate(file: string, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const inflated: Buffer[] = []
  let hasEnded = false
  // A write that meets damaged data, or the end of the gzip data before that of the file, never calls back: the events
  // have to end the wait for it.
  let resume: (error?: Error | null) => void = () => {}
  gunzip.on('data', (bytes: Buffer) => inflated.push(bytes))
  gunzip.once('error', (error) => resume(error))
  gunzip.once('end', () => {
    hasEnded = true
    resume()
  })
  const step = (start: () => void) =>
    new Promise<void>((resolve, reject) => {
      resume = (error) => (error ? reject(error) : resolve())
      start()
    })
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      onRead(chunk.length)
      if (hasEnded) continue
      await step(() => gunzip.write(chunk, (error) => resume(error)))
      yield* inflated.splice(0)
    }
    if (!hasEnded) await step(() => gunzip.end())
    yield* inflated.splice(0)
  } finally {
    gunzip.destroy()
  }
}

function explain(file: string, error: unknown, line?: number): unknown {
  if (error instanceof TickbusError || !(error instanceof Error)) return error
  const code = 'code' in error ? error.code : undefined
  const after = line === undefined ? '' : ` after line ${line}`
  if (code === 'ENOENT') return fault(file, 'there is no such file', error)
  if (code === 'EACCES') return fault(file, 'you are not allowed to read it', error)
  if (code === 'Z_BUF_ERROR') return fault(file, `it breaks off in the middle of a gzip block${after}`, error)
  if (code === 'Z_DATA_ERROR') return fault(file, `its gzip data is damaged${after} (${error.message})`, error)
  return fault(file, `${error.message}${after}`, error)
}

function fault(file: string, reason: string, cause?: unknown): TickbusError {
  return new TickbusError('TICKBUS_RECORDING', { file, reason }, cause)
}
