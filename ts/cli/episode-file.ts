import { closeSync, openSync, writeSync } from 'node:fs'
import { TickbusError } from '../errors.js'
import type { Episode } from '../intelligence/index.js'

/** Bytes that are kept before they are written. */
const BUFFER_BYTES = 65_536

/** A file with one JSON line for each episode. */
export class EpisodeFile {
  readonly #file: string
  readonly #handle: number
  #lines = ''

  /** @throws {TickbusError} `TICKBUS_EPISODES` */
  constructor(file: string) {
    this.#file = file
    this.#handle = this.#told(() => openSync(file, 'w'))
  }

  /** Appends an episode; times are UNIX nanoseconds as text, since no double holds them. */
  write({ pair, buy, sell, openedAt, closedAt, updates, peakBps }: Episode): void {
    const times = { openedAt: String(openedAt), closedAt: closedAt === null ? null : String(closedAt) }
    this.#lines += `${JSON.stringify({ pair, buy, sell, ...times, updates, peakBps })}\n`
    if (this.#lines.length >= BUFFER_BYTES) this.#flush()
  }

  /** Writes what is left, and closes the file. */
  close(): void {
    this.#flush()
    this.#told(() => closeSync(this.#handle))
  }

  #flush(): void {
    this.#told(() => {
      // A write may take less than all.
      for (let rest = Buffer.from(this.#lines); rest.length > 0; rest = rest.subarray(writeSync(this.#handle, rest)));
    })
    this.#lines = ''
  }

  #told<T>(write: () => T): T {
    try {
      return write()
    } catch (error) {
      throw new TickbusError('TICKBUS_EPISODES', { file: this.#file, reason: (error as Error).message }, error)
    }
  }
}
