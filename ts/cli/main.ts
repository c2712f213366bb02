#!/usr/bin/env node
// The command `tickbus`. Exit code 0: done, 1: failed, 2: wrong usage.
import { CommanderError } from 'commander'
import { show, TickbusError } from '../errors.js'

// Whoever reads the output may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  // Loaded here, so that a backend that cannot be had is explained like any other failure.
  const { program } = await import('./program.js')
  await program.parseAsync()
} catch (error) {
  process.exitCode = explain(error)
}

/** Says on stderr what went wrong; returns the exit code. */
function explain(error: unknown): number {
  // commander has said it already; what it throws for --help and --version has exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const message = error instanceof Error ? error.message : show(error)
  const code = error instanceof TickbusError ? error.code : 'TICKBUS_INTERNAL'
  // With --json there is one document on stdout, whatever happens.
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`)
  }
  const isFault = !(error instanceof TickbusError) && error instanceof Error
  process.stderr.write(isFault ? `${error.stack ?? message}\n` : `error: ${message} (${code})\n`)
  return code === 'TICKBUS_USAGE' ? 2 : 1
}
