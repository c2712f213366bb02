import type { Files, OpenFile } from '../../system.js'

/**
 * A file that is used as a ring: positions rise for ever, and lie in the file modulo its capacity. Whoever writes sees to it that
 * nothing is overwritten that will be read. All I/O is asynchronous, one operation after the other. The file comes into being
 * with the first write.
 */
export class SpillFile {
  readonly #path: string
  readonly #capacity: number
  readonly #onClosed: () => void
  readonly #files: Files
  #handle: OpenFile | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string, capacity: number, files: Files, onClosed: () => void) {
    this.#path = path
    this.#files = files
    this.#capacity = capacity
    this.#onClosed = onClosed
  }

  /** Rejects with the system's error. */
  write(bytes: Uint8Array, position: number): Promise<void> {
    return this.#next(async () => {
      this.#handle ??= await this.#files.open(this.#path, 'wx+', 0o600)
      for (let done = 0; done < bytes.length;) {
        const part = bytes.subarray(done, done + this.#run(position + done, bytes.length - done))
        const { bytesWritten } = await this.#handle.write(part, 0, part.length, this.#at(position + done))
        done += bytesWritten
      }
    })
  }

  /** Reads as many bytes as `into` has room for. Rejects with the system's error, or if the file is too short. */
  read(into: Uint8Array, position: number): Promise<void> {
    return this.#next(async () => {
      for (let done = 0; done < into.length;) {
        const length = this.#run(position + done, into.length - done)
        const { bytesRead } = await this.#handle!.read(into, done, length, this.#at(position + done))
        if (bytesRead === 0) throw new Error(`${this.#path} ends too early`)
        done += bytesRead
      }
    })
  }

  /** Gives the space on the disk back: nothing in it is needed any more. */
  clear(): Promise<void> {
    return this.#next(async () => this.#handle?.truncate(0))
  }

  /** Removes the file. */
  close(): Promise<void> {
    return this.#next(async () => {
      await this.#handle?.close()
      this.#handle = undefined
      await this.#files.rm(this.#path, { force: true })
      this.#onClosed()
    })
  }

  #at(position: number): number {
    return position % this.#capacity
  }

  /** How many bytes from a position on lie side by side. */
  #run(position: number, bytes: number): number {
    return Math.min(bytes, this.#capacity - this.#at(position))
  }

  #next(run: () => Promise<void> | undefined): Promise<void> {
    const next = this.#last.then(run)
    this.#last = next.catch(() => {})
    return next
  }
}
