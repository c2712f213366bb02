import type { Clock } from '../../client/index.js'
import { TickbusError } from '../../errors.js'

/** What is used of the platform's `fetch`. */
export type Fetch = (url: string, init: { signal: AbortSignal }) => Promise<Response>

export interface SnapshotsOptions {
  readonly name: string
  /** The address, with `{symbol}` in it. */
  readonly url: string
  readonly fetch: Fetch
  readonly clock: Clock
  readonly timeoutMs: number
  readonly bytesMost: number
}

/** Fetches the snapshots of books where they do not come in the stream. */
export class Snapshots {
  readonly #options: SnapshotsOptions
  readonly #closing = new AbortController()

  constructor(options: SnapshotsOptions) {
    this.#options = options
  }

  /**
   * The snapshot of an instrument as a frame of a stream of it, from which the decoder learns the name.
   *
   * @throws {TickbusError} `TICKBUS_VENUE_SNAPSHOT`
   */
  async get(symbol: string): Promise<Buffer> {
    const { name, url, fetch, clock, timeoutMs } = this.#options
    const late = new AbortController()
    const timer = clock.setTimer(() => late.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    try {
      const signal = AbortSignal.any([late.signal, this.#closing.signal])
      const response = await fetch(url.replace('{symbol}', encodeURIComponent(symbol)), { signal })
      const body = await this.#read(response)
      if (!response.ok) throw new Error(`status ${response.status}: ${body.toString('utf8', 0, 200)}`)
      return Buffer.concat([Buffer.from(`{"stream":"${symbol.toLowerCase()}@depth","data":`), body, CLOSING])
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new TickbusError('TICKBUS_VENUE_SNAPSHOT', { venue: name, symbol, reason }, error)
    } finally {
      clock.clearTimer(timer)
    }
  }

  close(): void {
    this.#closing.abort(new Error('the client is closed'))
  }

  async #read(response: Response): Promise<Buffer> {
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of response.body ?? []) {
      bytes += part.length
      if (bytes > this.#options.bytesMost) throw new Error(`the answer is longer than ${this.#options.bytesMost} bytes`)
      parts.push(part)
    }
    return Buffer.concat(parts)
  }
}

const CLOSING = Buffer.from('}')
