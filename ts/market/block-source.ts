import { Epoch } from '../bus/index.js'
import { TickbusError } from '../errors.js'
import { FeedConnection } from './feed-connection.js'
import { type FeedMarket, venueOfMarket } from './feed-instrument.js'
import type { MarketDecoder } from './market-decoder.js'
import type { Records } from './market-message.js'
import type { RecordBatch } from './merge-records.js'
import { roomForFrames } from './record-room.js'
import { type RecordedConnection, type RecordingBlock, RecordingReader } from './recordings/index.js'
import type { Source, SourceOptions } from './source.js'

/** Most connections of a file that is replayed: a decoder and what goes with it take some 35 kB. */
const CONNECTIONS_REPLAYED_MOST = 4_096

/** A recording in our own format: blocks of frames of one connection or several. */
export class BlockSource implements Source {
  readonly file: string
  readonly faults: TickbusError[] = []
  readonly #options: SourceOptions
  readonly #connections = new Map<number, FeedConnection>()
  readonly #reader: RecordingReader
  readonly #blocks: AsyncGenerator<RecordingBlock>
  /** What was read to find the first receive time. */
  #ahead: RecordingBlock | undefined

  private constructor(file: string, reader: RecordingReader, options: SourceOptions) {
    this.file = file
    this.#options = options
    this.#reader = reader
    this.#blocks = reader.blocks()
  }

  static async open(file: string, options: SourceOptions): Promise<BlockSource> {
    await using scout = await RecordingReader.open(file, options)
    const source = new BlockSource(file, await RecordingReader.open(file, options, options.onRead), options)
    try {
      await source.#learn(scout)
      return source
    } catch (error) {
      await source.close()
      throw error
    }
  }

  get connections(): readonly FeedConnection[] {
    return [...this.#connections.values()]
  }

  async firstSecond(): Promise<number | undefined> {
    for (;;) {
      const { done, value } = await this.#blocks.next()
      if (done) return undefined
      const first = this.#firstInside(value)
      if (first < 0) continue
      this.#ahead = value
      return value.seconds[first]
    }
  }

  async *records(epoch: Epoch): AsyncGenerator<RecordBatch> {
    let records: Records | undefined
    for await (const block of this.#allBlocks(epoch)) {
      for (const { connection, from, to } of this.#runs(block)) {
        const { decoder } = connection
        const { frames, receivedNs } = framesOf(block, from, to, epoch)
        records = roomForFrames(frames, records)
        for (let first = 0; first < frames.length;) {
          const taken = decoder.framesInto(frames, first, receivedNs, records)
          if (taken === 0) break
          const batch = { records, count: decoder.written, instruments: decoder.instruments }
          connection.see(batch, (frame) => frame)
          if (batch.count > 0) yield batch
          first += taken
        }
      }
    }
    this.#reportDamages()
  }

  async close(): Promise<void> {
    await this.#blocks.return(undefined)
    await this.#reader.close()
  }

  async *#allBlocks(epoch: Epoch): AsyncGenerator<RecordingBlock> {
    for (const { decoder } of this.#connections.values()) decoder.epoch = epoch
    if (this.#ahead !== undefined) yield this.#ahead
    this.#ahead = undefined
    yield* this.#blocks
  }

  /** Frames of the range side by side that are of one connection; the file's order stays what it is. */
  *#runs(block: RecordingBlock): Generator<{ connection: FeedConnection; from: number; to: number }> {
    const { connections } = block
    for (let from = 0; from < connections.length;) {
      const number = connections[from]!
      let to = from
      while (to < connections.length && connections[to] === number && this.#isInside(block, to)) to += 1
      if (to > from) yield { connection: this.#connectionOf(number, block), from, to }
      // At `to` stands a frame of another connection, or one outside of the range.
      from = to > from ? to : from + 1
    }
  }

  #connectionOf(number: number, block: RecordingBlock): FeedConnection {
    const known = this.#connections.get(number)
    if (known !== undefined) return known
    const { file } = this
    if (this.#connections.size === CONNECTIONS_REPLAYED_MOST) {
      const reason = `it has more than ${CONNECTIONS_REPLAYED_MOST} connections, each of which takes a decoder`
      throw new TickbusError('TICKBUS_RECORDING', { file, reason })
    }
    const { backend, windowSeconds } = this.#options
    const { market, symbol } = sound(block.told.get(number)!, file, number)
    const connection = new FeedConnection({ file, number, market, symbol, backend, windowSeconds })
    this.#connections.set(number, connection)
    return connection
  }

  #firstInside(block: RecordingBlock): number {
    return block.bytes.findIndex((_, frame) => this.#isInside(block, frame))
  }

  #isInside(block: RecordingBlock, frame: number): boolean {
    const { from, to } = this.#options
    if (from === undefined && to === undefined) return true
    const receivedNs = block.receivedNs(frame)
    return (from === undefined || receivedNs >= from) && (to === undefined || receivedNs <= to)
  }

  /** Decodes what can be read of the range, to learn which connections there are and whom they are about. */
  async #learn(scout: RecordingReader): Promise<void> {
    const decoders = new Map<FeedConnection, MarketDecoder>()
    let epoch: Epoch | undefined
    for await (const block of scout.blocks()) {
      for (const { connection, from, to } of this.#runs(block)) {
        if (connection.isNamed) continue
        epoch ??= new Epoch(BigInt(block.seconds[from]!) * 1_000_000_000n)
        const decoder = decoders.get(connection) ?? connection.openDecoder()
        decoders.set(connection, decoder)
        decoder.epoch = epoch
        const { frames, receivedNs } = framesOf(block, from, to, epoch)
        decoder.frames(frames, receivedNs)
        for (const bytes of block.bytes.slice(from, to)) connection.learnBooksOf(bytes)
      }
    }
    for (const [connection, decoder] of decoders) connection.instruments = [...decoder.instruments]
  }

  #reportDamages(): void {
    const { damages, damaged, framesLost } = this.#reader
    for (const { at, bytes, frames, reason } of damages) {
      const lost = frames === undefined ? 'an unknown number of frames' : `${frames} frames`
      this.#report(`${reason} at byte ${at}; ${bytes} bytes with ${lost} were passed over`)
    }
    if (damaged > damages.length)
      this.#report(`there are ${damaged} such places in all, with ${framesLost} frames or more`)
    const told = damages.reduce((sum, { frames = 0 }) => sum + frames, 0)
    if (damaged <= damages.length && framesLost > told) {
      this.#report(`${framesLost - told} frames are missing between its blocks`)
    }
  }

  #report(reason: string): void {
    this.faults.push(new TickbusError('TICKBUS_RECORDING', { file: this.file, reason }))
  }
}

/** Frames of a block, and when they were received, in nanoseconds since the epoch. */
function framesOf(
  block: RecordingBlock,
  from: number,
  to: number,
  epoch: Epoch,
): { frames: readonly Uint8Array[]; receivedNs: Float64Array } {
  const epochSeconds = Number(epoch.unixNs / NS_PER_SECOND)
  const epochNanos = Number(epoch.unixNs % NS_PER_SECOND)
  const receivedNs = new Float64Array(to - from)
  for (let frame = from; frame < to; frame += 1) {
    receivedNs[frame - from] = (block.seconds[frame]! - epochSeconds) * 1e9 + (block.nanos[frame]! - epochNanos)
  }
  return { frames: block.bytes.slice(from, to), receivedNs }
}

const NS_PER_SECOND = 1_000_000_000n

/** What a recording says of a connection, checked, because files come from anywhere. */
function sound(
  { market, symbol }: RecordedConnection,
  file: string,
  number: number,
): { market: FeedMarket; symbol: string | undefined } {
  if (Object.hasOwn(venueOfMarket, market) && (symbol === undefined || typeof symbol === 'string'))
    return { market, symbol }
  const reason = `its connection ${number} is of a market that is not decoded`
  throw new TickbusError('TICKBUS_RECORDING', { file, reason })
}
