import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { TickbusError } from '../errors.js'
import { loadCore } from '../native/index.js'
import { compare, type Comparison, type LawResult, RANGE, readTrace, type Trace } from '../simulation/index.js'
import { count, duration, many, table } from './format.js'
import { openProgress } from './progress.js'
import { simulateMarketCommand } from './simulate-market.js'

interface SimulateFlags {
  readonly trace: string
  readonly seeds: number
  readonly fixed: readonly number[]
  readonly rivalTick: number
  readonly json?: true
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Runs parts of Tickbus on a virtual clock.')
    .usage('autoscale --trace FILE | market --seed N --seconds S --out PATH')
    .addHelpText('after', '\nExample:\n  tickbus simulate autoscale --trace examples/autoscale/a-steps.json')
    .addCommand(autoscaleCommand())
    .addCommand(simulateMarketCommand())
}

function autoscaleCommand(): Command {
  return new Command('autoscale')
    .description('Runs the law that sizes worker pools, and its rivals, against arrivals from a file.')
    .usage('--trace FILE [--seeds N] [--fixed SIZES] [--rival-tick MS] [--json]')
    .requiredOption('--trace <FILE>', 'JSON: cores, spawnMs, service, arrivals, seed')
    .addOption(
      new Option('--seeds <N>', 'runs to take the mean of, 1 to 1,000').default(1).argParser(wholeFrom(1, 1_000)),
    )
    .addOption(
      new Option('--fixed <SIZES>', `pools that never change, each from 1 to ${RANGE.max}`)
        .default([1, 10, 50], '1,10,50')
        .argParser(parseSizes),
    )
    .addOption(
      new Option('--rival-tick <MS>', 'how often adaptive rivals decide, 1 to 60,000 ms')
        .default(100)
        .argParser(wholeFrom(1, 60_000)),
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  tickbus simulate autoscale --trace examples/autoscale/a-steps.json --seeds 20
  tickbus simulate autoscale --trace examples/autoscale/c-computing.json --fixed 1,2,3,4 --json

A trace: { "cores": 2, "spawnMs": 25, "service": { "kind": "lognormal", "meanMs": 1, "cv": 0.5, "cpuShare": 0.02 },
  "arrivals": [{ "untilMs": 5000, "ratePerS": 1000 }, { "untilMs": 10000, "ratePerS": 10000,
    "burst": { "everyMs": 2000, "forMs": 200, "ratePerS": 30000 } }], "seed": 1 }
docs/workers.md says what the laws are. The same trace and options print the same bytes.`,
    )
    .action(run)
}

async function run({ trace: file, seeds, fixed, rivalTick, json }: SimulateFlags): Promise<void> {
  const trace = readTrace(parsed(file), file)
  const progress = await openProgress(`Simulating ${file}, ${many(seeds, 'run')} of each law`)
  const comparison = compare(trace, {
    core: loadCore(),
    seeds,
    fixedSizes: fixed,
    rivalTickMs: rivalTick,
    onRun: (done, all) => progress.update(done / all, `${done} of ${all} runs`),
  })
  progress.done(`Simulated ${many(Math.round(comparison.messages), 'message')} a run.`)
  process.stdout.write(json ? `${JSON.stringify(plain(trace, comparison), null, 2)}\n` : describe(trace, comparison))
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const problem = code === 'ENOENT' ? 'there is no such file' : message
    throw new TickbusError(
      'TICKBUS_TRACE',
      { file, faults: [{ path: '', problem }], listing: `\n  - ${problem}` },
      error,
    )
  }
}

/** Milliseconds to the nanosecond, everything else to a thousandth: more digits say nothing. */
function plain(trace: Trace, { seeds, messages, rivalTickMs, laws }: Comparison): object {
  const tidy = (value: number, digits: number): number => Number(value.toFixed(digits))
  const rows = laws.map(({ law, waitMs, meanWorkers, peakWorkers, workerSeconds, actionsPerMinute, lengthMs }) => ({
    law,
    waitMs: { p50: tidy(waitMs.p50, 6), p99: tidy(waitMs.p99, 6), p999: tidy(waitMs.p999, 6) },
    meanWorkers: tidy(meanWorkers, 3),
    peakWorkers: tidy(peakWorkers, 3),
    workerSeconds: tidy(workerSeconds, 3),
    actionsPerMinute: tidy(actionsPerMinute, 3),
    lengthMs: tidy(lengthMs, 3),
  }))
  return { trace, workers: RANGE, seeds, messages: tidy(messages, 3), rivalTickMs, laws: rows }
}

function describe({ about }: Trace, { laws }: Comparison): string {
  const head = ['', 'wait p50', 'p99', 'p99.9', 'workers', 'peak', 'worker-s', 'actions/min']
  return `${about === undefined ? '' : `${about}\n`}${table([head, ...laws.map(row)])}`
}

function row({ law, waitMs, meanWorkers, peakWorkers, workerSeconds, actionsPerMinute }: LawResult): string[] {
  const waits = [waitMs.p50, waitMs.p99, waitMs.p999].map((ms) => (ms === 0 ? '0' : duration(1_000 * ms)))
  const sizes = [meanWorkers.toFixed(1), peakWorkers.toFixed(0), count(workerSeconds), actionsPerMinute.toFixed(1)]
  return [law, ...waits, ...sizes]
}

function wholeFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`Give a whole number from ${count(least)} to ${count(most)}.`)
  }
}

function parseSizes(text: string): number[] {
  const sizes = text.split(',').map((part) => (/^\d+$/.test(part) ? Number(part) : NaN))
  if (sizes.every((size) => size >= 1 && size <= RANGE.max)) return [...new Set(sizes)]
  throw new InvalidArgumentError(`Give whole numbers from 1 to ${RANGE.max} with commas between them.`)
}
