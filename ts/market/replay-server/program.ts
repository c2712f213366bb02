import type { FeedMarket } from '../feed-instrument.js'
import { RecordedFrames } from '../recorded-frames.js'
import type { Dialect, Served } from './dialects/index.js'
import { wireOf } from './wire.js'

/** A frame as it was received. */
export interface ServedFrame {
  /** When it was received, nanoseconds since any moment that all frames of a server share. */
  readonly receivedNs: number | bigint
  readonly frame: string | Uint8Array
}

/** A frame and whom it is for. */
export interface ProgramItem {
  /** Nanoseconds since the first frame. */
  readonly atNs: number
  readonly bytes: Buffer
  /** The same as a WebSocket frame. */
  readonly wire: Buffer
  readonly keys: readonly string[]
  /** Whether it changes a book, or is kept; then it is read once more when its time has come. */
  readonly hasMore: boolean
}

/** All that a server has to serve, in memory, by receive time. */
export class Program {
  readonly items: readonly ProgramItem[]
  /** The instruments that occur; others are unknown to the server. */
  readonly symbols = new Set<string>()
  /** Frames that are for everybody who subscribes to a key, by that key: the last of each. */
  readonly kept = new Map<string, string>()

  constructor(frames: Iterable<ServedFrame>, dialect: Dialect) {
    const items: ProgramItem[] = []
    let first: bigint | undefined
    for (const { receivedNs, frame } of frames) {
      const { wire, bytes } = wireOf(typeof frame === 'string' ? Buffer.from(frame) : frame)
      const text = bytes.toString()
      const at = BigInt(receivedNs)
      first ??= at
      const served = readServed(dialect, text)
      for (const { symbol, key, isKept } of served) {
        if (symbol !== '') this.symbols.add(symbol)
        if (isKept === true && !this.kept.has(key)) this.kept.set(key, text)
      }
      const keys = served.filter(({ isApart }) => isApart !== true).map(({ key }) => key)
      const hasMore = served.some(({ book, isKept }) => book !== undefined || isKept === true)
      items.push({ atNs: Number(at - first), bytes, wire, keys, hasMore })
    }
    this.items = items.toSorted((a, b) => a.atNs - b.atNs)
  }
}

export function readServed(dialect: Dialect, text: string): readonly Served[] {
  try {
    return dialect.read(JSON.parse(text))
  } catch {
    // What is no JSON was recorded all the same; it is for nobody.
    return []
  }
}

/**
 * The frames of recordings, all of them, and which markets they are of.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if one cannot be read to its end.
 */
export async function framesIn(
  files: readonly string[],
): Promise<{ frames: ServedFrame[]; markets: ReadonlySet<FeedMarket> }> {
  const source = await RecordedFrames.open(files)
  const frames: ServedFrame[] = []
  for await (const { receivedNs, connection, bytes } of source) {
    frames.push({ receivedNs, frame: named(bytes, source.connections.get(connection)?.symbol) })
  }
  const [fault] = source.faults
  if (fault !== undefined) throw fault
  return { frames, markets: new Set([...source.connections.values()].map(({ market }) => market)) }
}

/** A fetched snapshot says not whose it is; the recording does. */
function named(frame: Uint8Array, symbol: string | undefined): Uint8Array {
  if (symbol === undefined || !SNAPSHOT_START.equals(frame.subarray(0, SNAPSHOT_START.length))) return frame
  return Buffer.concat([Buffer.from(`{"stream":"${symbol.toLowerCase()}@depth","data":`), frame, SNAPSHOT_END])
}

const SNAPSHOT_START = Buffer.from('{"lastUpdateId"')
const SNAPSHOT_END = Buffer.from('}')
