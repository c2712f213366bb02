import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Dump } from '../dump.js'
import { TickbusError } from '../../errors.js'
import type { FeedInstrument } from '../feed-instrument.js'
import type { MarketMessage } from '../market-message.js'
import { simulatedFrame } from './frames.js'
import type { MarketSimulator } from './market-simulator.js'

/** Says what a recording holds, and the dislocations in it. */
const LABELS = 'simulated.json'
/** Characters of a file that are collected before they are compressed. */
const CHUNK = 65_536

/**
 * Writes a simulated market as recordings that `replay` reads, gzipped: one file for each instrument of Binance, one for
 * each other venue; and beside them `simulated.json` with the dislocations. Resolves with the number of messages.
 *
 * @throws {TickbusError} `TICKBUS_DUMP` if a file cannot be written.
 */
export async function recordFrames(simulator: MarketSimulator, folder: string, untilNs: number): Promise<number> {
  const files = new Map<string, RecordingFile>()
  const fileOf = new Map<string, RecordingFile>()
  let count = 0
  try {
    await mkdir(folder, { recursive: true })
    for (const instrument of simulator.instruments) {
      const name = nameOf(instrument)
      const file = files.get(name) ?? new RecordingFile(join(folder, name))
      files.set(name, file)
      fileOf.set(instrument.id, file)
    }
    for (let batch = simulator.take(untilNs); batch.length > 0; batch = simulator.take(untilNs)) {
      for (const message of batch) fileOf.get(message.instrument.id)!.add(message)
      for (const file of files.values()) await file.drain()
      count += batch.length
    }
    await Promise.all([...files.values()].map((file) => file.end()))
    await writeFile(join(folder, LABELS), labelsOf(simulator, count))
  } catch (error) {
    for (const file of files.values()) file.giveUp()
    throw fault(folder, error)
  }
  return count
}

/**
 * Writes a simulated market as lines of JSON in the form of a replay's dump, each with `"simulated":true`; and beside it,
 * under the same name with `.labels.json`, the dislocations. Resolves with the number of messages.
 *
 * @throws {TickbusError} `TICKBUS_DUMP` if a file cannot be written.
 */
export async function recordMessages(simulator: MarketSimulator, file: string, untilNs: number): Promise<number> {
  const dump = await Dump.open(file)
  let count = 0
  try {
    for await (const _ of dump.tap(messagesOf(simulator, untilNs), { simulated: true })) count += 1
  } finally {
    await dump.close()
  }
  try {
    await writeFile(`${file}.labels.json`, labelsOf(simulator, count))
  } catch (error) {
    throw fault(file, error)
  }
  return count
}

async function* messagesOf(simulator: MarketSimulator, untilNs: number): AsyncGenerator<MarketMessage> {
  for (let batch = simulator.take(untilNs); batch.length > 0; batch = simulator.take(untilNs)) yield* batch
}

/** A gzip file that takes lines as fast as they are compressed. */
class RecordingFile {
  readonly #source = new Readable({ read: () => this.#resume() })
  readonly #done: Promise<void>
  #pending = ''
  #isWanted = true
  #resume: () => void = () => {}

  constructor(path: string) {
    this.#done = pipeline(this.#source, createGzip(), createWriteStream(path))
    // Whoever drains or ends it gets the error; until then it must not count as unhandled.
    this.#done.catch(() => {})
  }

  add(message: MarketMessage): void {
    this.#pending += `${message.message.tsInit} ${simulatedFrame(message)}\n`
  }

  /** Hands over what was collected, if it is enough, and waits while too much of it is not compressed yet. */
  async drain(): Promise<void> {
    if (this.#pending.length < CHUNK) return
    this.#push()
    if (this.#isWanted) return
    const room = new Promise<void>((resolve) => (this.#resume = resolve))
    await Promise.race([room, this.#done])
    this.#isWanted = true
  }

  async end(): Promise<void> {
    this.#push()
    this.#source.push(null)
    await this.#done
  }

  /** Closes the file as it is. */
  giveUp(): void {
    this.#source.destroy()
  }

  #push(): void {
    if (this.#pending !== '') this.#isWanted = this.#source.push(this.#pending)
    this.#pending = ''
  }
}

function nameOf({ market, symbol }: FeedInstrument): string {
  return market === 'spot' ? `spot_${symbol.toLowerCase()}.gz` : `${market}_simulated.gz`
}

function labelsOf({ epoch, pairs, dislocations }: MarketSimulator, messages: number): string {
  const labels = { simulated: true, epochUnixNs: String(epoch.unixNs), messages, pairs, dislocations }
  return `${JSON.stringify(labels, null, 2)}\n`
}

function fault(file: string, error: unknown): unknown {
  if (error instanceof TickbusError) return error
  return new TickbusError(
    'TICKBUS_DUMP',
    { file, reason: error instanceof Error ? error.message : String(error) },
    error,
  )
}
