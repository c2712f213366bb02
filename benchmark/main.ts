/** Runs benchmark questions: `node dist/benchmark/main.js NAME [--quick] [--rows N] [--json]`, or `tickbus bench NAME`. */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { TickbusError } from 'tickbus'
import { describeMachine } from './machine.js'
import { describeReport } from './markdown.js'
import type { QuestionReport, Report } from './report.js'
import { runQuestion } from './runner.js'

/** Every question, with the module that asks it. */
export const modules: Record<string, string> = {
  'arbitrage/detect': './questions/arbitrage/detect.js',
  'arbitrage/signal': './questions/arbitrage/signal.js',
  'bus/publish': './questions/bus/publish.js',
  'bus/names': './questions/bus/names.js',
  'bus/wildcards': './questions/bus/wildcards.js',
  'bus/resolve': './questions/bus/resolve.js',
  'bus/growth': './questions/bus/growth.js',
  'bus/first-publish': './questions/bus/first-publish.js',
  'bus/subscribe': './questions/bus/subscribe.js',
  'bus/request': './questions/bus/request.js',
  'bus/fanout': './questions/bus/fanout.js',
  'bus/memory': './questions/bus/memory.js',
  'bus/footprint': './questions/bus/footprint.js',
  'crossing/quotes': './questions/crossing/quotes.js',
  'crossing/objects': './questions/crossing/objects.js',
  'crossing/latency': './questions/crossing/latency.js',
  'crossing/sender': './questions/crossing/sender.js',
  'crossing/sustained': './questions/crossing/sustained.js',
  'boundary/calls': './questions/boundary/calls.js',
  'boundary/matching': './questions/boundary/matching.js',
  'boundary/bell': './questions/boundary/bell.js',
  'lanes/burst': './questions/lanes/burst.js',
  'lanes/deadline': './questions/lanes/deadline.js',
  'lanes/keys': './questions/lanes/keys.js',
  'lanes/holding': './questions/lanes/holding.js',
  'lanes/late': './questions/lanes/late.js',
  'lanes/critical': './questions/lanes/critical.js',
  'lanes/threads': './questions/lanes/threads.js',
  'lanes/producers': './questions/lanes/producers.js',
  'lanes/key-threads': './questions/lanes/key-threads.js',
  'lanes/fairness': './questions/lanes/fairness.js',
  'lanes/crossings': './questions/lanes/crossings.js',
  'lanes/bytes': './questions/lanes/bytes.js',
  'autoscale/step': './questions/autoscale/step.js',
  'autoscale/idle': './questions/autoscale/idle.js',
  'delivery/classes': './questions/delivery/classes.js',
  'delivery/written': './questions/delivery/written.js',
  'delivery/synced': './questions/delivery/synced.js',
  'delivery/recovery': './questions/delivery/recovery.js',
  'market/decode': './questions/market/decode.js',
  'market/ccxt': './questions/market/ccxt.js',
  'market/book': './questions/market/book.js',
  'market/book-memory': './questions/market/book-memory.js',
  'market/recording': './questions/market/recording.js',
  'market/socket': './questions/market/socket.js',
  'market/simulator': './questions/market/simulator.js',
}

/** What can be asked for: a question, or a group of them by the part before the slash. */
export const questions: string[] = [
  ...new Set(Object.keys(modules).flatMap((name) => [name.replace(/\/.*/, ''), name])),
]

export interface BenchOptions {
  /** Few small rounds, a minute at most: shows that every message arrives, and no figure worth quoting. @default false */
  quick?: boolean
  /** Plays only so many rows of each question, the first ones. @default all */
  rows?: number | undefined
  /** One JSON document instead of tables. @default false */
  json?: boolean
  /** Takes the result. @default stdout */
  write?: (text: string) => void
}

/**
 * Runs one question or one group, writes the result and returns it. Progress goes to stderr.
 *
 * @throws {TickbusError} `TICKBUS_USAGE` if there is no such question.
 * @throws {Error} if a case fails or loses a message: then there is no result.
 */
export async function runBench(name: string, options: BenchOptions = {}): Promise<Report> {
  const { quick = false, rows, json = false, write = (text) => process.stdout.write(text) } = options
  const asked = Object.keys(modules).filter((question) => question === name || question.startsWith(`${name}/`))
  if (asked.length === 0) {
    const reason = `There is no benchmark "${name}". There are: ${questions.join(', ')}.`
    throw new TickbusError('TICKBUS_USAGE', { reason })
  }
  const start = performance.now()
  const progress = (line: string) => process.stderr.write(`${line}\n`)
  const reports: QuestionReport[] = []
  for (const question of asked) {
    reports.push(await runQuestion(new URL(modules[question], import.meta.url), { quick, rows, progress }))
  }
  const durationMs = Math.round(performance.now() - start)
  const report: Report = { name, quick, machine: describeMachine(), durationMs, questions: reports }
  write(json ? `${JSON.stringify(report, null, 2)}\n` : `${describeReport(report)}\n`)
  return report
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { rows, ...options } = values
  if (positionals.length !== 1 || (rows !== undefined && !/^[1-9][0-9]*$/.test(rows))) {
    const reason = `Usage: node dist/benchmark/main.js NAME [--quick] [--rows N] [--json]. NAME is one of ${questions.join(', ')}.`
    throw new TickbusError('TICKBUS_USAGE', { reason })
  }
  await runBench(positionals[0], { ...options, rows: rows === undefined ? undefined : Number(rows) })
}

function isUsage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'TICKBUS_USAGE' || code.startsWith('ERR_PARSE_ARGS')
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = isUsage(error) ? 2 : 1
  })
}
