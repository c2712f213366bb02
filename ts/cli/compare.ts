import { availableParallelism } from 'node:os'
import type { ReplayOptions, ReplayResult } from '../market/index.js'
import { backend } from '../native/index.js'
import { count, duration, table } from './format.js'
import { isSound, replayWithProgress } from './replay-run.js'
import { describeSpreads, describeTroubles } from './replay-text.js'
import { version } from './version.js'

const RUNS: readonly { readonly title: string; readonly column: string; readonly options: ReplayOptions }[] = [
  { title: 'over our rings, at 10x the recorded pace', column: 'rings, 10x', options: { speed: 10 } },
  { title: 'over our rings, as fast as possible', column: 'rings, max', options: { speed: 'max' } },
  {
    title: 'with postMessage, as fast as possible',
    column: 'postMessage, max',
    options: { speed: 'max', transport: 'postMessage' },
  },
]

/** Replays three ways, one after the other, and shows the figures side by side. */
export async function compare(files: readonly string[], threads: number, json: boolean): Promise<void> {
  const say = (text: string): void => void (json || process.stdout.write(text))
  const workers = threads === 1 ? 'a worker thread that keeps' : `${threads} worker threads that keep`
  say(`Tickbus ${version}, ${backend} backend, Node.js ${process.versions.node}, ${availableParallelism()} cores\n\n`)
  say(`Recorded Binance market data goes from the main thread to ${workers} the top of every book.\n\n`)
  const results: ReplayResult[] = []
  for (const [i, { title, options }] of RUNS.entries()) {
    const run = `Run ${i + 1} of ${RUNS.length}: ${title}`
    results.push(await replayWithProgress(run, files, { ...options, threads, warmUp: true }))
  }
  say(`\n${describeRuns(results)}\n${describeSpreads(results[0]!)}${describeTroubles(results[0]!)}`)
  if (json) process.stdout.write(`${JSON.stringify({ version, backend, runs: results }, null, 2)}\n`)
  if (!results.every(isSound)) process.exitCode = 1
}

function describeRuns(results: readonly ReplayResult[]): string {
  const row = (name: string, cell: (result: ReplayResult) => string): string[] => [name, ...results.map(cell)]
  const figures = table([
    ['', ...RUNS.map(({ column }) => column)],
    row('messages', ({ delivered, lost }) => count(delivered + lost)),
    row('lost', ({ lost }) => count(lost)),
    row('counts and checksums', ({ proof }) => (proof.isSame ? 'agree' : 'differ')),
    row('took', ({ durationMs }) => duration(1000 * durationMs)),
    row('messages/s', ({ ratePerS }) => count(ratePerS)),
    row('sending a quote', ({ sendUs }) => duration(sendUs.quote)),
    row('sending a trade', ({ sendUs }) => duration(sendUs.trade)),
    row('sending a book update', ({ sendUs }) => duration(sendUs.book)),
    row('waited, p50', ({ latencyUs }) => duration(latencyUs.p50)),
    row('waited, p99', ({ latencyUs }) => duration(latencyUs.p99)),
    row('waited, p99.9', ({ latencyUs }) => duration(latencyUs.p999)),
    row('CPU, all threads', ({ cpu }) => duration(1000 * (cpu.userMs + cpu.systemMs))),
  ])
  const [, rings, posted] = results
  const rate = rings!.ratePerS / posted!.ratePerS
  const quote = posted!.sendUs.quote / rings!.sendUs.quote
  const verdict = `  In this run the rings carried ${rate.toFixed(1)}x the messages per second of postMessage, and sending a quote cost 1/${quote.toFixed(1)}.\n`
  const notes =
    '  Paced, a message waits from when it was due; otherwise from when it was sent, in a queue that is full by design.\n' +
    '  Each run was preceded by a warm-up that does not count. How it is measured: docs/replay.md\n'
  return `${figures}\n${verdict}${notes}`
}
