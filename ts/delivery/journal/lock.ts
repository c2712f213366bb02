/**
 * One writer for each directory: a file that names its process. A process is known by its id and the time it started, so
 * that a lock whose writer died is not taken for that of a process which got the same id later. Where the system does not
 * tell start times (all but Linux), the id alone has to do.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import { inDirectory } from '../../fallback/index.js'
import { type Files, nodeSystem } from '../../system.js'

const NAME = 'lock'
const ATTEMPTS = 8

interface Holder {
  readonly pid: number
  /** Clock ticks from the boot to the start of the process; 0 where nobody tells. */
  readonly started: number
}

/** What is locked until it is released. */
export interface DirectoryLock {
  /** Whether the one before has not released it: its process died. */
  readonly wasStale: boolean
  release(): void
}

/** @throws {TickbusError} `TICKBUS_JOURNAL_LOCKED`, or what else the directory refuses */
export function lockDirectory(directory: string, files: Files = nodeSystem.files): DirectoryLock {
  const path = join(directory, NAME)
  const own: Holder = { pid: process.pid, started: startOf(process.pid) }
  const text = `${JSON.stringify(own)}\n`
  return inDirectory(directory, () => {
    // Whole before it has its name, so that nobody ever reads half a lock.
    const draft = join(directory, `${NAME}.${randomUUID()}`)
    try {
      files.writeFileSync(draft, text, { flag: 'wx' })
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const release = (): void => files.rmSync(path, { force: true })
        if (hasLinked(draft, path, files)) return { wasStale: attempt > 0, release }
        removeStale(directory, path, files)
      }
    } finally {
      files.rmSync(draft, { force: true })
    }
    throw new TickbusError('TICKBUS_JOURNAL_LOCKED', { directory, pid: holderOf(path, files)?.pid ?? 'unknown' })
  })
}

function hasLinked(draft: string, path: string, files: Files): boolean {
  try {
    files.linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes a lock away whose process is gone. Of two who do so one gets the file, and sees whether it is the one it read. */
function removeStale(directory: string, path: string, files: Files): void {
  const holder = holderOf(path, files)
  if (holder !== undefined && isAlive(holder)) {
    throw new TickbusError('TICKBUS_JOURNAL_LOCKED', { directory, pid: holder.pid })
  }
  const aside = `${path}.${randomUUID()}`
  try {
    files.renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const taken = holderOf(aside, files)
  if (taken !== undefined && isAlive(taken)) hasLinked(aside, path, files)
  files.rmSync(aside)
}

/** Who holds the lock; undefined where nobody does, or none of us can have written it. */
function holderOf(path: string, files: Files): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(new TextDecoder().decode(files.readFileSync(path))) as Partial<Holder>
    return Number.isInteger(pid) && Number.isInteger(started) ? { pid: pid!, started: started! } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether a process is there that started then. */
export function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return started === startOf(pid)
}

/** When a process started, in clock ticks from the boot; 0 where nobody tells. Field 22 of /proc/PID/stat; the second field is a name in brackets, which may hold blanks. */
export function startOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch {
    return 0
  }
}
