import { spawn } from 'node:child_process'

/**
 * The whole lines that a module says until it is killed, in the middle of what it is at then: once it has said so many. The
 * last one, which may be torn, is left out.
 */
export async function linesUntilKilled(module: string, args: readonly string[], lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [module, ...args])
  let text = ''
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)))
  child.stdout.on('data', (chunk: Buffer) => {
    text += String(chunk)
    if (text.split('\n').length > lines) child.kill('SIGKILL')
  })
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)))
  if (signal !== 'SIGKILL') throw new Error(`${module} ended by itself: ${errors}`)
  return text.split('\n').slice(0, -1)
}

/** The lines that a module says until it ends, and whether that was by a signal. */
export async function linesUntilEnd(
  module: string,
  args: readonly string[],
): Promise<{ lines: string[]; by: string | null }> {
  const child = spawn(process.execPath, [module, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += String(chunk)))
  const by = await new Promise<string | null>((resolve) => child.on('close', (_, signal) => resolve(signal)))
  return { lines: text.split('\n').slice(0, -1), by }
}
