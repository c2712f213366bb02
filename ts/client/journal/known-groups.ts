/**
 * Which patterns the groups and the replays with names have that read a journal, in a file beside its segments. So what is
 * published while one is not there, as after a restart, waits for it if it is for it, and nothing else does.
 */
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import { syncDirectory } from '../../fallback/index.js'
import type { Files } from '../../system.js'

const NAME = 'groups.json'
const VERSION = 1

interface Contents {
  readonly version: number
  readonly groups: Patterns
  /** Nothing in files of old. */
  readonly replays?: Patterns
}

type Patterns = Readonly<Record<string, readonly string[]>>

export class KnownGroups {
  readonly #directory: string
  readonly #files: Files
  #patterns = new Map<string, readonly string[]>()
  /** Names that are replays'. */
  #replays = new Set<string>()

  /** @throws {TickbusError} `TICKBUS_JOURNAL_GROUPS` if the file is there and cannot be read. */
  constructor(directory: string, files: Files) {
    this.#directory = directory
    this.#files = files
    const { groups, replays = {} } = this.#read()
    for (const [name, patterns] of Object.entries({ ...groups, ...replays })) this.#patterns.set(name, patterns)
    for (const name of Object.keys(replays)) this.#replays.add(name)
  }

  /** undefined for a name that the file does not have. */
  patternsOf(name: string): readonly string[] | undefined {
    return this.#patterns.get(name)
  }

  isReplay(name: string): boolean {
    return this.#replays.has(name)
  }

  /**
   * Of a group. Written and synced when this returns.
   *
   * @throws {TickbusError} `TICKBUS_JOURNAL_GROUPS` if that cannot be; nothing has changed then.
   */
  set(group: string, patterns: readonly string[]): void {
    if (!this.#replays.has(group) && this.#has(group, patterns)) return
    this.#change(() => {
      this.#replays.delete(group)
      this.#patterns.set(group, [...patterns])
    })
  }

  /** Of a replay, in the same way. */
  setReplay(name: string, patterns: readonly string[]): void {
    if (this.#replays.has(name) && this.#has(name, patterns)) return
    this.#change(() => {
      this.#replays.add(name)
      this.#patterns.set(name, [...patterns])
    })
  }

  delete(name: string): void {
    if (!this.#patterns.has(name)) return
    this.#change(() => {
      this.#replays.delete(name)
      this.#patterns.delete(name)
    })
  }

  #has(name: string, patterns: readonly string[]): boolean {
    const known = this.#patterns.get(name)
    return known?.length === patterns.length && patterns.every((one) => known.includes(one))
  }

  /** What cannot be written is not changed. */
  #change(change: () => void): void {
    const before = [new Map(this.#patterns), new Set(this.#replays)] as const
    change()
    try {
      this.#write()
    } catch (error) {
      ;[this.#patterns, this.#replays] = before
      throw error
    }
  }

  #read(): Pick<Contents, 'groups' | 'replays'> {
    let text: string
    try {
      text = new TextDecoder().decode(this.#files.readFileSync(join(this.#directory, NAME)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { groups: {} }
      throw this.#unusable(String((error as Error).message), error)
    }
    try {
      const { version, groups, replays = {} } = JSON.parse(text) as Contents
      if (version !== VERSION) throw new Error(`it has version ${version}`)
      const all = [...Object.values(groups), ...Object.values(replays)]
      if (!all.every((patterns) => patterns.every((one) => typeof one === 'string'))) {
        throw new TypeError('a pattern is no text')
      }
      return { groups, replays }
    } catch (error) {
      throw this.#unusable(String((error as Error).message), error)
    }
  }

  /** Whole before it has its name, so that a crash leaves the old one or the new one. */
  #write(): void {
    const path = join(this.#directory, NAME)
    const known = [...this.#patterns]
    const groups = Object.fromEntries(known.filter(([name]) => !this.#replays.has(name)))
    const replays = Object.fromEntries(known.filter(([name]) => this.#replays.has(name)))
    const contents: Contents = { version: VERSION, groups, ...(this.#replays.size > 0 && { replays }) }
    try {
      const files = this.#files
      const file = files.openSync(`${path}.draft`, 'w')
      try {
        files.writeSync(file, new TextEncoder().encode(`${JSON.stringify(contents, null, 2)}\n`))
        files.fsyncSync(file)
      } finally {
        files.closeSync(file)
      }
      files.renameSync(`${path}.draft`, path)
      syncDirectory(this.#directory, files)
    } catch (error) {
      throw this.#unusable(String((error as Error).message), error)
    }
  }

  #unusable(reason: string, cause: unknown): TickbusError {
    const details = { directory: this.#directory, file: NAME, reason }
    return new TickbusError('TICKBUS_JOURNAL_GROUPS', details, cause)
  }
}
