import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { Journal, type JournalMessage, type JournalOptions } from 'tickbus'
import { backends } from '../conformance/backends.js'

export { backends }

/** An empty directory that is removed after the test. */
export function scratch(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'tickbus-journal-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Opens a journal that is closed, whatever it says to that, when the test ends. */
export async function open(t: ExecutionContext, directory: string, options: JournalOptions = {}): Promise<Journal> {
  const journal = await Journal.open(directory, options)
  t.teardown(() => journal.close().catch(() => {}))
  return journal
}

/** A clock that goes on by one each time. */
export function ticking(): () => bigint {
  let now = 1_723_161_600_000_000_000n
  return () => now++
}

export function message(number: number, bytes = 20): JournalMessage {
  const payload = new Uint8Array(bytes).fill(number)
  new DataView(payload.buffer).setUint32(0, number, true)
  return { topic: `orders.${number % 7}`, payload }
}

/** The number that `message` was made of. */
export function numberOf({ payload }: JournalMessage): number {
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
}

export function appendAll(journal: Journal, numbers: Iterable<number>, bytes?: number): number[] {
  return [...numbers].map((number) => journal.append(message(number, bytes))!)
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, place) => from + place)
}

/** The names alone, which may be asked for while some of the files go. */
export function segmentNames(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.segment'))
}

/** Every segment of a directory, by name. */
export function segments(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.segment'))
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(directory, name)).toString('hex')]))
}
