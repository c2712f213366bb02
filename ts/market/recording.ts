import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { TickbusError } from '../errors.js'

/** One line of a recording: when it was received, and the frame as it came. */
export interface Line {
  /** Receive time: whole UNIX seconds … */
  readonly seconds: number
  /** … and the nanoseconds of that second. Two numbers, because the 19 digits together do not fit one double. */
  readonly nanos: number
  readonly frame: string
  /** Position in the file, from 1. */
  readonly number: number
}

/** A line that was passed over. */
export interface Rejection {
  readonly file: string
  /** Position in the file, from 1. */
  readonly line: number
  readonly reason: string
}

/**
 * Longest line that is read. The longest frame seen, a snapshot of 1,000 levels a side, has 64,067 characters; as
 * MessagePack a frame of this length still fits the bus's usual slab.
 */
export const MOST_LINE_CHARACTERS = 524_288

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
 * Reads a recording as a stream: what one chunk of the file holds at a time, and nothing before the caller asks for it.
 * A line without a receive time is handed to `onReject` and passed over. `onRead` learns of the compressed bytes read.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` where the file breaks off, after everything before was delivered; or where
 * it is damaged, which takes up to 16 KiB of the file before the damage with it.
 */
export async function* readLines(
  file: string,
  onReject: (rejection: Rejection) => void,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<readonly Line[]> {
  const decoder = new StringDecoder('utf8')
  let number = 0
  let unfinished = ''
  let isTooLong = false

  const toLines = (texts: readonly string[]): Line[] => {
    const lines: Line[] = []
    for (const text of texts) {
      number += 1
      const line = isTooLong ? undefined : parse(text, number)
      if (line === undefined) onReject({ file, line: number, reason: isTooLong ? TOO_LONG : NO_TIME })
      else lines.push(line)
      isTooLong = false
    }
    return lines
  }

  try {
    for await (const bytes of inflate(file, onRead)) {
      const texts = (unfinished + decoder.write(bytes)).split('\n')
      unfinished = texts.pop()!
      yield toLines(texts)
      if (unfinished.length > MOST_LINE_CHARACTERS) isTooLong = true
      if (isTooLong) unfinished = ''
    }
  } catch (error) {
    throw explain(file, error, number)
  }
  unfinished += decoder.end()
  if (unfinished !== '' || isTooLong) yield toLines([unfinished])
}

const NO_TIME = 'it does not begin with a receive time of 19 digits and a space'
const TOO_LONG = `it is longer than ${MOST_LINE_CHARACTERS} characters`

function parse(text: string, number: number): Line | undefined {
  if (!/^\d{19} /.test(text)) return undefined
  return { seconds: Number(text.slice(0, 10)), nanos: Number(text.slice(10, 19)), frame: text.slice(20), number }
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
