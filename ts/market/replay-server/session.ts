import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Asked, Dialect, Request } from './dialects/index.js'
import type { ProgramItem } from './program.js'

/** Bytes that may wait in a connection before the server waits for it. */
const BUFFERED_MOST = 4_194_304
/** Longest request that is read. */
export const REQUEST_BYTES_MOST = 1_048_576

/** One client's connection: what it is subscribed to, and what it is sent. */
export class Session {
  readonly #socket: WebSocket
  readonly #stream: Socket
  readonly #dialect: Dialect
  readonly #subscribed = new Map<string, Asked>()
  /** Messages sent. */
  messages = 0
  #number = 0
  /** Frames that were served and not yet written. */
  #wires: Buffer[] = []

  constructor(socket: WebSocket, stream: Socket, dialect: Dialect) {
    this.#socket = socket
    this.#stream = stream
    this.#dialect = dialect
  }

  get all(): Asked[] {
    return [...this.#subscribed.values()]
  }

  get isFull(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount > BUFFERED_MOST
  }

  has(keys: readonly string[]): boolean {
    for (const key of keys) if (this.#subscribed.has(key)) return true
    return false
  }

  take(kind: Request['kind'], asked: readonly Asked[]): void {
    for (const one of asked) {
      if (kind === 'subscribe') this.#subscribed.set(one.key, one)
      else this.#subscribed.delete(one.key)
    }
  }

  /** Sends a message of the venue, with the number that the connection has come to. */
  send(text: string): void {
    this.flush()
    this.messages += 1
    this.#socket.send(this.#dialect.numbered?.(text, this.#number) ?? text)
    this.#number += 1
  }

  /** Sends a recorded frame; what goes out at once does with `flush`. */
  serve({ bytes, wire }: ProgramItem): void {
    if (this.#dialect.numbered !== undefined) return this.send(bytes.toString())
    this.messages += 1
    this.#wires.push(wire)
  }

  /** The frame that was served last once more, number and all. */
  serveAgain(item: ProgramItem): void {
    this.#number -= 1
    this.serve(item)
    if (this.#dialect.numbered === undefined) this.#number += 1
  }

  /** Writes all frames that were served: one write for many is what makes a server fast. */
  flush(): void {
    if (this.#wires.length === 0) return
    this.#stream.write(this.#wires.length === 1 ? this.#wires[0]! : Buffer.concat(this.#wires))
    this.#wires = []
  }

  /** A message that the client never gets: its number is used up. */
  withhold(): void {
    this.#number += 1
  }

  ping(): void {
    this.#socket.ping()
  }

  /** Resolves when what waits has gone out, or never will. */
  drained(): Promise<void> {
    if (!this.isFull) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done)
        this.#stream.off('close', done)
        resolve()
      }
      this.#stream.once('drain', done)
      this.#stream.once('close', done)
    })
  }

  cut(): void {
    this.#socket.terminate()
  }
}
