import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The built command line. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs `tickbus` with these arguments in a process of its own. */
export function tickbus(...args: readonly string[]): Promise<Outcome> {
  return run([main, ...args])
}

/** Runs Node.js with these arguments; one that hangs is ended, and counts as failed. */
export function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const options = { timeout: 90_000, maxBuffer: 2 ** 26, env: { ...process.env, ...env } }
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}
