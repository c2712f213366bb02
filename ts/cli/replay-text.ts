import type { ReplayResult } from '../market/index.js'
import { count, decimal, duration, many, table } from './format.js'

/** The result of one replay as it is shown to people. */
export function describeReplay(result: ReplayResult): string {
  const { messages, delivered, lost, proof, latencyUs, latency, sendUs, cpu, memory } = result
  const carrier = result.transport === 'ring' ? `the ${result.backend} backend's rings` : 'postMessage'
  const facts = [
    [
      'messages',
      `${count(messages.quotes)} quotes, ${count(messages.trades)} trades, ${count(messages.bookUpdates)} book updates`,
    ],
    ['not sent', `${count(messages.other)} of other kinds, ${count(messages.rejected)} rejected`],
    ['arrived', `${count(delivered)}, ${count(lost)} lost; counts and checksums ${proof.isSame ? 'agree' : 'differ'}`],
    ['took', `${duration(1000 * result.durationMs)}, ${count(result.ratePerS)} messages/s`],
    [
      'waited',
      `p50 ${duration(latencyUs.p50)}, p90 ${duration(latencyUs.p90)}, p99 ${duration(latencyUs.p99)}, p99.9 ${duration(latencyUs.p999)}`,
    ],
    ['', `from when a message was ${latency.from} until its handler began, ${count(latency.samples)} samples`],
    [
      'sending',
      `a quote ${duration(sendUs.quote)}, a trade ${duration(sendUs.trade)}, a book update ${duration(sendUs.book)} on average`,
    ],
    ['used', `${duration(1000 * (cpu.userMs + cpu.systemMs))} of CPU in all threads, ${count(memory.rssMb)} MB`],
  ]
  const width = Math.max(...facts.map(([name]) => name!.length))
  const lines = facts.map(([name, text]) => `  ${name!.padEnd(width)}  ${text}\n`).join('')
  const threads = result.threads === 1 ? 'a worker thread' : `${result.threads} worker threads`
  const title = `From ${many(result.files.length, 'recording')} to ${threads} over ${carrier}, ${speedText(result.speed)}\n`
  return `${title}${lines}\n${describeSpreads(result)}${describeTroubles(result)}`
}

/** Top of the book and spread of each instrument. */
export function describeSpreads({ spreads }: ReplayResult): string {
  const rows = spreads.map(({ instrument, quotes, bid, ask, mean, meanBps, widest }) => [
    instrument,
    count(quotes),
    decimal(bid),
    decimal(ask),
    decimal(mean),
    `${meanBps.toFixed(3)}`,
    decimal(widest),
  ])
  return table([['instrument', 'quotes', 'last bid', 'last ask', 'mean spread', 'in bp', 'widest'], ...rows])
}

/** What could not be read, one line each; nothing if all went well. */
export function describeTroubles({ faults, rejections, messages }: ReplayResult): string {
  const lines = [
    ...faults.map(({ message }) => message),
    ...rejections.map(({ file, line, reason }) => `${file}, line ${line}, was passed over: ${reason}.`),
  ]
  const untold = messages.rejected - rejections.length
  if (untold > 0) lines.push(`${count(untold)} more lines were passed over.`)
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  ${line}\n`).join('')}`
}

export function speedText(speed: number | 'max'): string {
  return speed === 'max' ? 'as fast as possible' : `at ${speed}x the recorded pace`
}
