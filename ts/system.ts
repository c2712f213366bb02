/**
 * What journals and spill files take from the system that they run on: files, time, timers and random numbers. They come in as a
 * parameter, so that a simulation can give its own, with disks that fail and clocks that jump.
 */
import * as fs from 'node:fs'
import { open, rm } from 'node:fs/promises'

/** A file that is open, without waiting for the disk. */
export interface OpenFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>
  datasync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** The part of `node:fs` that they use; each function as there. */
export interface Files {
  openSync(path: string, flags: string): number
  closeSync(file: number): void
  readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number
  writeSync(file: number, bytes: Uint8Array, offset?: number, length?: number, position?: number): number
  ftruncateSync(file: number, length: number): void
  fsyncSync(file: number): void
  readFileSync(path: string): Uint8Array
  writeFileSync(path: string, text: string, options: { readonly flag: string }): void
  readdirSync(path: string): string[]
  statSync(path: string): { readonly size: number; isDirectory(): boolean }
  existsSync(path: string): boolean
  mkdirSync(path: string, options?: { readonly mode: number }): unknown
  renameSync(from: string, to: string): void
  linkSync(from: string, to: string): void
  rmSync(path: string, options?: Removal): void
  open(path: string, flags: string, mode?: number): Promise<OpenFile>
  rm(path: string, options?: Removal): Promise<void>
}

interface Removal {
  /** It need not be there. */
  readonly force?: boolean
  /** With all that is in it. */
  readonly recursive?: boolean
}

/** Keeps the process alive from `ref` on, until `unref`. It begins with `ref`. */
export interface Keeper {
  ref(): unknown
  unref(): unknown
  close(): unknown
}

export interface System {
  readonly files: Files
  /** The UNIX time, in milliseconds, at which `nowMs` began to count. */
  readonly timeOrigin: number
  /** Milliseconds on a clock that never falls. */
  nowMs(): number
  /** UNIX milliseconds, which may jump. */
  unixMs(): number
  setTimeout(run: () => void, ms: number): object
  clearTimeout(timer: object | undefined): void
  setImmediate(run: () => void): void
  keeper(): Keeper
  fillRandom(bytes: Uint8Array<ArrayBuffer>): void
}

/** Between two calls of a timer that does nothing. */
const KEEPING_MS = 2 ** 30

/** The process's own. */
export const nodeSystem: System = {
  files: { ...fs, open, rm },
  timeOrigin: performance.timeOrigin,
  nowMs: () => performance.now(),
  unixMs: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  setImmediate: (run) => void setImmediate(run),
  keeper: () => {
    const timer = setInterval(() => {}, KEEPING_MS)
    return { ref: () => timer.ref(), unref: () => timer.unref(), close: () => clearInterval(timer) }
  },
  fillRandom: (bytes) => void crypto.getRandomValues(bytes),
}
