/**
 * Databases that keep messages, where they are installed: `npm install --no-save better-sqlite3@12 classic-level@3`. They are
 * no dependencies of the package: the first one is compiled for minutes where its binary cannot be downloaded.
 */
import { join } from 'node:path'
import { inGroups } from './grouping.js'
import type { OpenLog } from './logs.js'

interface Sqlite {
  pragma(text: string): void
  exec(text: string): void
  prepare(text: string): { run(value: Uint8Array): void }
  transaction(work: (payloads: Uint8Array[]) => void): (payloads: Uint8Array[]) => void
  close(): void
}

interface Leveldb {
  batch(operations: object[], options: { sync: boolean }): Promise<void>
  close(): Promise<void>
}

/** Those that are there. */
export function databases(): Record<string, OpenLog> {
  const known: Record<string, OpenLog> = { 'better-sqlite3': sqlite, 'classic-level': leveldb }
  return Object.fromEntries(Object.entries(known).filter(([name]) => isInstalled(name)))
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}

const sqlite: OpenLog = async (directory, level) => {
  const name = 'better-sqlite3'
  const { default: Database } = (await import(name)) as { default: new (path: string) => Sqlite }
  const database = new Database(join(directory, 'log.db'))
  database.pragma('journal_mode = WAL')
  // NORMAL hands a commit to the system without a sync, and syncs at checkpoints.
  database.pragma(`synchronous = ${level === 'synced' ? 'FULL' : 'NORMAL'}`)
  database.exec('CREATE TABLE log (sequence INTEGER PRIMARY KEY, payload BLOB)')
  const insert = database.prepare('INSERT INTO log (payload) VALUES (?)')
  const commit = database.transaction((payloads) => payloads.forEach((payload) => insert.run(payload)))
  return { add: inGroups(commit), close: async () => database.close() }
}

const leveldb: OpenLog = async (directory, level) => {
  const name = 'classic-level'
  const { ClassicLevel } = (await import(name)) as { ClassicLevel: new (path: string, options: object) => Leveldb }
  const database = new ClassicLevel(join(directory, 'log'), { valueEncoding: 'view' })
  let sequence = 0
  const commit = (payloads: Uint8Array[]): Promise<void> => {
    const operations = payloads.map((value) => ({ type: 'put', key: String(sequence++).padStart(16, '0'), value }))
    return database.batch(operations, { sync: level === 'synced' })
  }
  return { add: inGroups(commit), close: () => database.close() }
}
