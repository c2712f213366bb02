import type { RecordedPlace, ReplayResult } from '../market/index.js'
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
    ['clocks', describeClocks(result)],
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

/** How far the clock of whoever recorded ran ahead of each venue's. */
function describeClocks({ clockOffset }: ReplayResult): string {
  const known = new Map<string, number>()
  for (const { venue, offsetNs } of clockOffset) {
    if (offsetNs !== null) known.set(venue, Math.min(offsetNs, known.get(venue) ?? Infinity))
  }
  const texts = [...known].map(([venue, ns]) => `${(ns / 1e6).toFixed(3)} ms against ${venue}`)
  return texts.length === 0 ? 'no venue gave times' : `ahead by ${texts.join(', ')}, the fastest way included`
}

/** What could not be read or is odd, one line each; nothing if all went well. */
export function describeTroubles(result: ReplayResult): string {
  const { faults, rejections, messages, clockJumps, gaps, controls } = result
  const lines = [
    ...faults.map(({ message }) => message),
    ...rejections.map((rejection) => `${placeText(rejection)}, was passed over: ${rejection.reason}.`),
  ]
  const untold = messages.rejected - rejections.length
  if (untold > 0) lines.push(`${count(untold)} more lines were passed over.`)
  lines.push(
    ...clockJumps.first.map((jump) => `${placeText(jump)}: the clock went back by ${duration(jump.backNs / 1000)}.`),
  )
  const unshown = clockJumps.count - clockJumps.first.length
  if (unshown > 0) lines.push(`The clock went back ${count(unshown)} more times.`)
  lines.push(...gaps.map((gap) => `Nothing for ${duration(gap.gapNs / 1000)} between ${gap.before} and ${gap.after}.`))
  lines.push(...controls.errors.map((error) => `${placeText(error)}: the venue sent an error: ${error.text}`))
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function placeText({ file, connection, line }: RecordedPlace): string {
  return connection === undefined ? `${file}, line ${line}` : `${file}, connection ${connection}, frame ${line}`
}

export function speedText(speed: number | 'max'): string {
  return speed === 'max' ? 'as fast as possible' : `at ${speed}x the recorded pace`
}
