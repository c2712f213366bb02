/**
 * A disk in memory that knows what is only written and what is synced, and that fails as disks do: it is full, slow, refuses
 * a write or a sync, and loses or tears what was not synced when the power goes. Strictly by POSIX: a name is safe when its
 * directory was synced, and what a failed sync was to bring to disk may be gone whatever later syncs say.
 */
import { basename, dirname, join } from 'node:path'
import { changed, Contents } from './contents.js'
import type { Random } from './random.js'
import type { Files, OpenFile } from './system.js'
import type { Tally } from './tally.js'
import type { World } from './world.js'

/** A change of a directory that is not on disk. */
interface Renaming {
  readonly removed: string | undefined
  readonly added: string | undefined
  readonly contents: Contents
}

/** What the writer waits for. */
interface Pending {
  readonly isWrite: boolean
  /** Does it as far as `share` says, 0 to 1. */
  readonly apply: (share: number) => void
  readonly forget: () => void
}

interface Descriptor {
  readonly path: string
  readonly contents: Contents
}

/** The process died within a call. */
export class Crashed extends Error {}

export class Disk implements Files {
  isFull = false
  isSlow = false
  /** So many syncs and writes fail from now on. */
  failingSyncs = 0
  failingWrites = 0
  /** So many calls that wait for the disk are done before the process dies in the next one. */
  callsLeft = Infinity
  /** It did: whoever waits for the disk waits for ever. */
  hasDied = false
  readonly #world: World
  readonly #random: Random
  readonly #tally: Tally
  readonly #forgotten: number
  readonly #names = new Map<string, Contents>([['/', new Contents(true)]])
  #namesOnDisk = new Map(this.#names)
  /** By directory. */
  #renamings = new Map<string, Renaming[]>()
  readonly #descriptors = new Map<number, Descriptor>()
  readonly #pending = new Set<Pending>()
  #nextDescriptor = 3

  /** @param forgotten Share of the writes that are said to be done and are not. */
  constructor(world: World, random: Random, tally: Tally, forgotten = 0) {
    this.#world = world
    this.#random = random
    this.#tally = tally
    this.#forgotten = forgotten
  }

  /** Whether nothing is under way. */
  get isQuiet(): boolean {
    return this.#pending.size === 0
  }

  /** Whether all records that were ever written are on disk, as far as a journal can see to it. */
  get isSynced(): boolean {
    for (const [path, contents] of this.#names) {
      if (!path.endsWith('.segment')) continue
      if (contents.changes.length > 0 || this.#namesOnDisk.get(path) !== contents) return false
    }
    return true
  }

  /** The process is killed: the system keeps what it was given, and perhaps a part of what it was being given. */
  kill(): void {
    for (const pending of this.#pending) {
      const share = this.#random.of([0, 1, this.#random.number()])
      if (pending.isWrite && share > 0 && share < 1) this.#tally.add('torn write')
      try {
        pending.apply(share)
      } catch {
        // Nobody is there any more whom it could be told.
      }
    }
    this.#pending.clear()
    this.#descriptors.clear()
    this.callsLeft = Infinity
    this.hasDied = false
    this.#freeLocks()
  }

  /** The power goes: what was not synced is there as far as it happened to get. */
  cutPower(): void {
    this.kill()
    for (const [directory, renamings] of this.#renamings) {
      const kept = this.#random.whole(0, renamings.length)
      if (kept < renamings.length) this.#tally.add('names lost', renamings.length - kept)
      for (const renaming of renamings.slice(0, kept)) rename(this.#namesOnDisk, renaming)
      this.#renamings.set(directory, [])
    }
    this.#names.clear()
    // Directories come before what is in them.
    for (const [path, contents] of this.#namesOnDisk) if (this.#hasParent(path)) this.#names.set(path, contents)
    this.#namesOnDisk = new Map(this.#names)
    for (const contents of new Set(this.#names.values())) this.#lose(contents)
    this.#freeLocks()
  }

  #hasParent(path: string): boolean {
    return path === '/' || this.#names.has(dirname(path))
  }

  #lose(contents: Contents): void {
    const { changes } = contents
    const kept = this.#random.whole(0, changes.length)
    for (const [nth, change] of changes.entries()) {
      if (nth > kept || (change.isDoomed && this.#random.chance(0.5))) break
      if (nth < kept) contents.onDisk = changed(contents.onDisk, change)
      else if (change.bytes !== undefined && this.#random.chance(0.5)) {
        const part = change.bytes.slice(0, this.#random.whole(0, change.bytes.length))
        contents.onDisk = changed(contents.onDisk, { ...change, bytes: part })
        this.#tally.add('torn write')
      }
    }
    contents.changes = []
    contents.bytes = contents.onDisk
  }

  /** Locks name a process that is no more, though this one simulates it and lives. */
  #freeLocks(): void {
    for (const [path, contents] of this.#names) {
      if (basename(path) !== 'lock') continue
      const text = new TextDecoder().decode(contents.bytes).replace(`"pid":${process.pid},`, `"pid":${DEAD_PID},`)
      contents.bytes = new TextEncoder().encode(text)
    }
  }

  // What waits.

  openSync(path: string, flags: string): number {
    this.#call()
    const contents = this.#open(path, flags)
    const descriptor = this.#nextDescriptor++
    this.#descriptors.set(descriptor, { path, contents })
    return descriptor
  }

  closeSync(file: number): void {
    this.#descriptors.delete(file)
  }

  readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number {
    const { bytes } = this.#descriptor(file).contents
    const part = bytes.subarray(position, position + length)
    into.set(part, offset)
    return part.length
  }

  writeSync(file: number, bytes: Uint8Array, offset = 0, length = bytes.length - offset, position = 0): number {
    this.#call()
    const { contents } = this.#descriptor(file)
    if (position + length > contents.bytes.length) this.#checkRoom(position, length)
    contents.change(position, bytes.subarray(offset, offset + length))
    return length
  }

  ftruncateSync(file: number, length: number): void {
    this.#call()
    this.#descriptor(file).contents.change(length, undefined)
  }

  fsyncSync(file: number): void {
    this.#call()
    const { path, contents } = this.#descriptor(file)
    if (!contents.isDirectory) return contents.synced()
    for (const renaming of this.#renamings.get(path) ?? []) rename(this.#namesOnDisk, renaming)
    this.#renamings.set(path, [])
  }

  readFileSync(path: string): Uint8Array {
    return this.#find(path).bytes.slice()
  }

  writeFileSync(path: string, text: string, { flag }: { readonly flag: string }): void {
    this.#call()
    const contents = this.#open(path, flag)
    const bytes = new TextEncoder().encode(text)
    this.#checkRoom(0, bytes.length)
    contents.change(0, bytes)
  }

  readdirSync(path: string): string[] {
    this.#find(path)
    return [...this.#names.keys()]
      .filter((name) => name !== '/' && dirname(name) === path)
      .map((name) => basename(name))
  }

  statSync(path: string): { readonly size: number; isDirectory(): boolean } {
    const { bytes, isDirectory } = this.#find(path)
    return { size: bytes.length, isDirectory: () => isDirectory }
  }

  existsSync(path: string): boolean {
    return this.#names.has(path)
  }

  mkdirSync(path: string): void {
    this.#call()
    if (this.#names.has(path)) throw refusal('EEXIST', path)
    this.#rename(dirname(path), { removed: undefined, added: path, contents: new Contents(true) })
  }

  renameSync(from: string, to: string): void {
    this.#call()
    this.#rename(dirname(from), { removed: from, added: to, contents: this.#find(from) })
  }

  linkSync(from: string, to: string): void {
    this.#call()
    if (this.#names.has(to)) throw refusal('EEXIST', to)
    this.#rename(dirname(to), { removed: undefined, added: to, contents: this.#find(from) })
  }

  rmSync(path: string, { force = false, recursive = false }: { force?: boolean; recursive?: boolean } = {}): void {
    this.#call()
    if (recursive) for (const name of this.existsSync(path) ? this.readdirSync(path) : []) this.rmSync(join(path, name))
    const contents = this.#names.get(path)
    if (contents !== undefined) this.#rename(dirname(path), { removed: path, added: undefined, contents })
    else if (!force) throw refusal('ENOENT', path)
  }

  // What does not.

  async open(path: string, flags: string): Promise<OpenFile> {
    let contents: Contents | undefined
    await this.#wait(false, (share) => {
      if (share > 0) contents = this.#open(path, flags)
    })
    const file = contents!
    if (path.endsWith('.spill')) this.#tally.add('spill file')
    return {
      read: async (into, offset, length, position) => {
        let part = new Uint8Array(0)
        await this.#wait(false, () => (part = file.bytes.slice(position, position + length)))
        into.set(part, offset)
        return { bytesRead: part.length }
      },
      write: async (bytes, offset, length, position) => {
        const given = bytes.slice(offset, offset + length)
        if (this.failingWrites > 0) {
          this.failingWrites -= 1
          this.#tally.add('write error')
          await this.#wait(true, () => {})
          throw refusal('EIO', path)
        }
        let room = given.length
        if (this.isFull && position + given.length > file.bytes.length) {
          // A part may fit, which is told by a count; what comes after is refused.
          room = given.length > 1 && this.#random.chance(0.3) ? this.#random.whole(1, given.length - 1) : 0
          this.#tally.add('disk full')
        }
        const isForgotten = this.#forgotten > 0 && this.#random.chance(this.#forgotten)
        await this.#wait(true, (share) => {
          if (!isForgotten) file.change(position, given.subarray(0, Math.ceil(room * share)))
        })
        if (room === 0 && given.length > 0) throw refusal('ENOSPC', path)
        return { bytesWritten: room }
      },
      datasync: async () => {
        if (this.failingSyncs > 0) {
          this.failingSyncs -= 1
          this.#tally.add('sync error')
          for (const change of file.changes) change.isDoomed = true
          await this.#wait(false, () => {})
          throw refusal('EIO', path)
        }
        const count = file.changes.length
        await this.#wait(false, (share) => {
          // What was written meanwhile is not among it.
          const later = file.changes.splice(count)
          if (share > 0) file.synced()
          file.changes.push(...later)
        })
      },
      truncate: (length) => this.#wait(false, (share) => share > 0 && file.change(length, undefined)),
      close: () => this.#wait(false, () => {}),
    }
  }

  async rm(path: string, options: { force?: boolean; recursive?: boolean } = {}): Promise<void> {
    await this.#wait(false, (share) => share > 0 && this.rmSync(path, { ...options, force: true }))
  }

  #wait(isWrite: boolean, apply: (share: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.hasDied) return
      const ns = this.isSlow ? this.#random.whole(2e6, 4e7) : this.#random.whole(2e4, 6e5)
      if (this.isSlow) this.#tally.add('slow disk')
      const pending: Pending = { isWrite, apply, forget: () => {} }
      this.#pending.add(pending)
      this.#world.answer(() => {
        this.#pending.delete(pending)
        try {
          apply(1)
          resolve()
        } catch (error) {
          reject(error as Error)
        }
      }, ns)
    })
  }

  #call(): void {
    this.hasDied ||= this.callsLeft <= 0
    if (this.hasDied) throw new Crashed('the process died within a call of the system')
    this.callsLeft -= 1
  }

  #checkRoom(at: number, bytes: number): void {
    if (!this.isFull || bytes === 0) return
    this.#tally.add('disk full')
    throw refusal('ENOSPC', String(at))
  }

  #open(path: string, flags: string): Contents {
    const known = this.#names.get(path)
    if (known !== undefined && flags.startsWith('wx')) throw refusal('EEXIST', path)
    if (known === undefined && (flags === 'r' || flags === 'r+')) throw refusal('ENOENT', path)
    if (known === undefined) {
      this.#find(dirname(path))
      const contents = new Contents()
      this.#rename(dirname(path), { removed: undefined, added: path, contents })
      return contents
    }
    if (flags === 'w') known.change(0, undefined)
    return known
  }

  #rename(directory: string, renaming: Renaming): void {
    rename(this.#names, renaming)
    const renamings = this.#renamings.get(directory)
    if (renamings === undefined) this.#renamings.set(directory, [renaming])
    else renamings.push(renaming)
  }

  #find(path: string): Contents {
    const contents = this.#names.get(path)
    if (contents === undefined) throw refusal('ENOENT', path)
    return contents
  }

  #descriptor(file: number): Descriptor {
    const descriptor = this.#descriptors.get(file)
    if (descriptor === undefined) throw refusal('EBADF', String(file))
    return descriptor
  }
}

/** Beyond the largest that Linux gives. */
const DEAD_PID = 2 ** 22 + 1

function rename(names: Map<string, Contents>, { removed, added, contents }: Renaming): void {
  if (removed !== undefined) names.delete(removed)
  if (added !== undefined) names.set(added, contents)
}

function refusal(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: simulated, '${path}'`), { code })
}
