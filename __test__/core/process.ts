import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a fixture in a Node.js process of its own; one that hangs is ended, and counts as failed. */
export function runFixture(name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const file = fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
  const options = { timeout: 100_000, env: { ...process.env, TICKBUS_BACKEND: '', ...env } }
  return new Promise((resolve) => {
    execFile(process.execPath, ['--expose-gc', file, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}
