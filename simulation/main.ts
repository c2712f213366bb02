/** `npm run simulate -- [--seeds N] [--from N] [--seed N] [--trace]`: see docs/simulation.md. */
import { parseArgs } from 'node:util'
import { play } from './player.js'
import { FAULTS, playAll } from './run.js'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
})

process.exitCode = values.seed === undefined ? await simulate() : await replay(whole('seed', values.seed))

async function simulate(): Promise<number> {
  const started = performance.now()
  const { seeds, faults, tally } = await playAll(whole('from', values.from), whole('seeds', values.seeds), (played) => {
    if (played.fault !== undefined) tellFault(played.seed, played.fault)
  })
  const seconds = (performance.now() - started) / 1e3
  console.log(
    `${seeds} seeds in ${seconds.toFixed(1)} s, ${(seeds / seconds).toFixed(1)} a second: ${faults.length} failed`,
  )
  for (const [what, times] of [...tally.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${String(times).padStart(8)}  ${what}`)
  }
  const missing = FAULTS.filter((fault) => tally.of(fault) === 0)
  if (missing.length > 0) console.log(`never happened: ${missing.join(', ')}`)
  return faults.length > 0 ? 1 : 0
}

async function replay(seed: number): Promise<number> {
  const { fault, lines, digest } = await play(seed, values.trace)
  for (const line of lines) console.log(line)
  console.log(`seed ${seed}: trace ${digest}`)
  if (fault !== undefined) tellFault(seed, fault)
  return fault === undefined ? 0 : 1
}

function tellFault(seed: number, { step, what }: { readonly step: number; readonly what: string }): void {
  console.log(`seed ${seed}, line ${step}: ${what}`)
  console.log(`  again: npm run simulate -- --seed ${seed} --trace`)
}

function whole(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0) return number
  console.error(`--${name} takes a whole number, got "${text}"`)
  process.exit(2)
}
