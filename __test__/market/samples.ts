import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** The recordings in a folder, given from the top of the checkout; none if it is not there. */
export function recordingsIn(folder: string): string[] {
  const path = fileURLToPath(new URL(`../../${folder}/`, import.meta.url))
  if (!existsSync(path)) return []
  const files = readdirSync(path).filter((name) => name.endsWith('.gz'))
  return files.toSorted().map((name) => join(path, name))
}

/** The six recordings that come with the package. */
export const bundled = recordingsIn('examples/recordings')

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
