import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'

/** This checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Writes a small checkout to a temporary folder, which goes when the test ends. */
export function checkout(t: ExecutionContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tickbus-house-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs a script of this checkout and returns how it ended. */
export function script(name: string, ...args: string[]): Ended {
  return run(join(root, 'scripts', name), args)
}

export function run(path: string, args: string[] = [], env: NodeJS.ProcessEnv = process.env): Ended {
  return spawnSync(process.execPath, [path, ...args], { cwd: root, env, encoding: 'utf8' })
}
