import { join } from 'node:path'
import { isAlive, startOf } from '../../delivery/index.js'
import { TickbusError } from '../../errors.js'
import type { Files, System } from '../../system.js'
import { SpillFile } from './spill-file.js'

/** Named for the process, by its id and the time it started, so that others see when it is gone. */
const NAME = /^tickbus-spill-(\d+)-(\d+)-/
const NONCE_BYTES = 16

/** The directory of one client's spill files. It is removed when the client closes; of a process that died, by the next one. */
export class SpillDirectory {
  readonly path: string
  readonly #disk: Files
  readonly #files = new Set<SpillFile>()
  #made = 0

  private constructor(path: string, disk: Files) {
    this.path = path
    this.#disk = disk
  }

  /**
   * Makes a directory within `parent`, and removes those of processes that are gone.
   *
   * @throws {TickbusError} `TICKBUS_SPILL`
   */
  static open(parent: string, { files, fillRandom }: System): SpillDirectory {
    try {
      removeStale(parent, files)
      const nonce = Buffer.alloc(NONCE_BYTES)
      fillRandom(nonce)
      const path = join(parent, `tickbus-spill-${process.pid}-${startOf(process.pid)}-${nonce.toString('hex')}`)
      files.mkdirSync(path, { mode: 0o700 })
      return new SpillDirectory(path, files)
    } catch (error) {
      throw new TickbusError('TICKBUS_SPILL', { directory: parent, reason: (error as Error).message }, error)
    }
  }

  /** A file of its own for who asks. */
  file(capacityBytes: number): SpillFile {
    this.#made += 1
    const path = join(this.path, `${this.#made}.spill`)
    const file: SpillFile = new SpillFile(path, capacityBytes, this.#disk, () => this.#files.delete(file))
    this.#files.add(file)
    return file
  }

  /** Removes all. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#files].map((file) => file.close()))
    await this.#disk.rm(this.path, { recursive: true, force: true })
  }
}

function removeStale(parent: string, files: Files): void {
  for (const name of files.readdirSync(parent)) {
    const [, pid, started] = NAME.exec(name) ?? []
    if (pid === undefined || isAlive({ pid: Number(pid), started: Number(started) })) continue
    try {
      files.rmSync(join(parent, name), { recursive: true, force: true })
    } catch {
      // Another user's, who will remove it.
    }
  }
}
