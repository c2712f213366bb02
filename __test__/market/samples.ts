import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/**
 * Where recorded data lies that is not part of the project: beside the checkout, or in the folder that TICKBUS_MARKET_DATA
 * names. Tests that use it are left out, and say so, where it is not there.
 */
export const marketData =
  process.env.TICKBUS_MARKET_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))

/** The six recordings that come with the package. */
export const bundled = recordingsIn(fileURLToPath(new URL('../../examples/recordings', import.meta.url)))

/** The recordings that {@link bundled} was cut from; none if they are not there. */
export const wholeRecordings = recordingsIn(`${marketData}/recordings/2024-08-08`)

function recordingsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.gz'))
  return files.toSorted().map((name) => join(folder, name))
}

/** What `make` makes when it is first asked for: what tests of both backends compare with is made once. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** A folder for files that a test makes, which is gone after the test. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'tickbus-market-'))

  constructor(t: { teardown(fn: () => void): void }) {
    t.teardown(() => rmSync(this.folder, { recursive: true }))
  }

  /** Writes the lines gzipped, each with its receive time; returns the path. */
  recording(name: string, lines: readonly string[]): string {
    return this.file(name, gzipSync(lines.map((line) => `${line}\n`).join('')))
  }

  file(name: string, content: Uint8Array | string): string {
    const path = join(this.folder, name)
    writeFileSync(path, content)
    return path
  }
}

/** A line of a recording, received the given nanoseconds after a fixed instant. */
export function line(afterNs: number, frame: unknown): string {
  return `${1_700_000_000_000_000_000n + BigInt(afterNs)} ${typeof frame === 'string' ? frame : JSON.stringify(frame)}`
}

/** A spot quote frame. */
export function quoteFrame(update: number, fields: object = {}): object {
  return {
    stream: 'btcusdt@bookTicker',
    data: { u: update, s: 'BTCUSDT', b: '100.10', B: '1.5', a: '100.30', A: '2', ...fields },
  }
}
