import { type FileHandle, open } from 'node:fs/promises'
import type { Epoch } from '../bus/index.js'
import { TickbusError } from '../errors.js'
import type { MarketMessage } from './market-message.js'
import { messagesOf, type RecordRun } from './merge-records.js'

/** Characters that are collected before they are written. */
const CHUNK = 65_536

/** A file with one JSON line for each message: what was decoded, for anyone to compute again from the recording. */
export class Dump {
  readonly #file: string
  readonly #handle: FileHandle
  #pending = ''

  private constructor(file: string, handle: FileHandle) {
    this.#file = file
    this.#handle = handle
  }

  /**
   * Creates the file, or empties it.
   *
   * @throws {TickbusError} `TICKBUS_DUMP` if it cannot be written.
   */
  static async open(file: string): Promise<Dump> {
    try {
      return new Dump(file, await open(file, 'w'))
    } catch (error) {
      throw fault(file, error)
    }
  }

  /**
   * Writes the messages while they pass through, each with what the caller adds to its line.
   *
   * @throws {TickbusError} `TICKBUS_DUMP`
   */
  async *tap(messages: AsyncIterable<MarketMessage>, added: object = {}): AsyncGenerator<MarketMessage> {
    for await (const message of messages) {
      await this.#add({ ...lineOf(message), ...added })
      yield message
    }
    await this.#write()
  }

  /**
   * The same with records, in runs that last until the next are asked for.
   *
   * @throws {TickbusError} `TICKBUS_DUMP`
   */
  async *tapRecords(all: AsyncIterable<readonly RecordRun[]>, epoch: Epoch): AsyncGenerator<readonly RecordRun[]> {
    for await (const runs of all) {
      for (const run of runs) {
        for (const message of messagesOf(run, epoch)) await this.#add(lineOf(message))
      }
      yield runs
    }
    await this.#write()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #add(line: object): Promise<void> {
    this.#pending += `${JSON.stringify(line)}\n`
    if (this.#pending.length >= CHUNK) await this.#write()
  }

  async #write(): Promise<void> {
    const text = this.#pending
    this.#pending = ''
    try {
      await this.#handle.appendFile(text)
    } catch (error) {
      throw fault(this.#file, error)
    }
  }
}

/** Times are strings of UNIX nanoseconds, which a JSON number would round. */
function lineOf({ kind, instrument, message }: MarketMessage): object {
  const times = { tsEvent: String(message.tsEvent), tsInit: String(message.tsInit) }
  if (kind === 'quote') {
    const { bidPrice: bid, bidSize, askPrice: ask, askSize } = message
    return { kind, instrument: instrument.id, bid, bidSize, ask, askSize, ...times }
  }
  if (kind === 'trade') {
    const { price, size, aggressorSide: aggressor, tradeId } = message
    return { kind, instrument: instrument.id, price, size, aggressor, tradeId, ...times }
  }
  const { firstSequence: firstSeq, lastSequence: lastSeq, bids, asks } = message
  return {
    kind,
    instrument: instrument.id,
    snapshot: message.kind === 'snapshot',
    firstSeq,
    lastSeq,
    bids,
    asks,
    ...times,
  }
}

function fault(file: string, error: unknown): TickbusError {
  const reason = error instanceof Error ? error.message : String(error)
  return new TickbusError('TICKBUS_DUMP', { file, reason }, error)
}
