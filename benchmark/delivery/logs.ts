/** Places to put messages where they survive, each of which says for every message when it is there. */
import {
  appendFile,
  closeSync,
  createWriteStream,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, Journal, type JournalMessage, type SyncPolicy } from 'tickbus'
import { inGroups } from './grouping.js'

export type Level = 'written' | 'synced'

export interface MessageLog {
  /** Resolves when the message is as safe as the level says. */
  add(payload: Uint8Array): Promise<void>
  close(): Promise<void>
}

export type OpenLog = (directory: string, level: Level) => Promise<MessageLog>

const TOPIC = 'orders.BTCUSDT'

/** `sync` is when the system is asked to write behind the acknowledgements; 'os' leaves that to the system, as the rivals do. */
export function journal(backend: Backend, sync: SyncPolicy): OpenLog {
  return async (directory, level) => {
    const opened = await Journal.open(join(directory, 'wal'), { backend, sync })
    const addLater = async (message: JournalMessage): Promise<void> => {
      await opened.ready()
      return add(message)
    }
    const add = (message: JournalMessage): Promise<void> => {
      const sequence = opened.append(message)
      return sequence === undefined ? addLater(message) : opened[level](sequence)
    }
    return { add: (payload) => add({ topic: TOPIC, payload }), close: () => opened.close() }
  }
}

/** A file that is opened, written to and closed for each message, by the thread pool: in which order, nobody says. */
export const appending: OpenLog = async (directory) => {
  const path = join(directory, 'log')
  return {
    add: (payload) => new Promise((resolve, reject) => appendFile(path, payload, (e) => (e ? reject(e) : resolve()))),
    close: async () => {},
  }
}

/** A stream that appends, whose callback says that the bytes were handed over. */
export const stream: OpenLog = async (directory) => {
  const file = createWriteStream(join(directory, 'log'))
  return {
    add: (payload) =>
      new Promise((resolve, reject) => file.write(payload, (error) => (error ? reject(error) : resolve()))),
    close: () => new Promise((resolve) => file.end(resolve)),
  }
}

/** Groups of 64 by hand: one write and one fdatasync for each. Checks nothing, finds nothing again. */
export const groups: OpenLog = async (directory) => {
  const file = openSync(join(directory, 'log'), 'w')
  const commit = (payloads: Uint8Array[]): void => {
    writeSync(file, Buffer.concat(payloads))
    fdatasyncSync(file)
  }
  return { add: inGroups(commit), close: async () => closeSync(file) }
}

/** A directory for one round. */
export class Scratch {
  readonly path = mkdtempSync(join(tmpdir(), 'tickbus-bench-'))

  /** Bytes of all files in it. */
  bytes(): number {
    const names = readdirSync(this.path, { recursive: true, withFileTypes: true })
    return names
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
