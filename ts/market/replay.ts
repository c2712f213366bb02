import type { Backend } from '../core.js'
import { badArgument, show, TickbusError } from '../errors.js'
import { MEMBERS } from '../layout.js'
import { Dump } from './dump.js'
import type { FeedInstrument } from './feed-instrument.js'
import type { Link, LinkOptions, Share } from './link.js'
import { PortLink } from './port-link.js'
import { Publisher } from './publisher.js'
import { ReadAhead } from './read-ahead.js'
import { RecordedMarket } from './recorded-market.js'
import { ReplayPage } from './replay-page.js'
import { type ReplayResult, resultOf, type Transport } from './replay-result.js'
import { RingLink } from './ring-link.js'

export interface ReplayOptions {
  /** How many times the recorded pace, 0.001 to 1,000,000; or as fast as the workers take it in. @default 'max' */
  speed?: number | 'max'
  /** Worker threads, 1 to 63, among which the instruments are divided; never more than instruments. @default 1 */
  threads?: number
  /** What carries the messages. @default 'ring' */
  transport?: Transport
  /** Most messages decoded before the clock starts, and ahead of sending while there is time. @default 32_768 */
  readAhead?: number
  /** Sends what was read ahead once before it counts, so that both threads run compiled code when it does. @default false */
  warmUp?: boolean
  /** Which backend decodes and carries. @default the one that the package chose */
  backend?: Backend
  /** File that gets one JSON line for each message, in the order in which they are published; emptied if it exists. @default none */
  dump?: string
  /** First and last receive time that are replayed, UNIX nanoseconds. @default all */
  from?: bigint
  to?: bigint
  /** Length of the window in which the venues' clock offsets are estimated, 0.001 to 86,400 seconds. @default 10 */
  clockWindowSeconds?: number
  /** Called about ten times a second. */
  onProgress?: (progress: ReplayProgress) => void
}

export interface ReplayProgress {
  readonly phase: 'reading' | 'sending'
  /** How much of the phase is done, 0 to 1; an estimate until the files have been read to their end. */
  readonly portion: number
  readonly sent: number
}

const PROGRESS_MS = 100

/**
 * Replays recordings to worker threads that keep the top of the books, and measures what that took.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if a recording cannot be opened, `TICKBUS_ARGUMENT` or `TICKBUS_THREADS` for
 * an option out of range, `TICKBUS_DUMP` if the dump cannot be written, `TICKBUS_REPLAY_WORKER` if a worker ends early. A recording that breaks off in the middle is
 * a fault in the result instead.
 */
export async function replay(files: readonly string[], options: ReplayOptions = {}): Promise<ReplayResult> {
  const { speed = 'max', threads = 1, transport = 'ring', readAhead = 32_768 } = options
  const { warmUp = false, backend, dump: dumpFile, onProgress } = options
  check(speed, threads, transport, readAhead)
  const { from, to, clockWindowSeconds } = options
  const market = await RecordedMarket.open(files, backend, {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(clockWindowSeconds !== undefined && { clockWindowSeconds }),
  })
  let link: Link | undefined
  let dump: Dump | undefined
  try {
    dump = dumpFile === undefined ? undefined : await Dump.open(dumpFile)
    const shares = divide(market.instruments, threads)
    link = openLink(transport, { backend, epochNs: market.epochNs, speed: speed === 'max' ? 0 : speed, shares })
    await link.start()
    const { epoch } = link.bus
    const decoded = market.records(epoch)
    const messages = new ReadAhead(dump === undefined ? decoded : dump.tapRecords(decoded, epoch), readAhead)
    const publisher = new Publisher(link, messages, market.instruments)
    const stopProgress = onProgress && reportProgress(market, messages, publisher, onProgress)
    try {
      while (!messages.isFull) await messages.read()
      if (warmUp) await link.guard(publisher.warmUp())
      const cpuBefore = process.cpuUsage()
      const startNs = publisher.start()
      await link.guard(publisher.send(speed))
      const reports = await link.collect()
      const cpu = process.cpuUsage(cpuBefore)
      const lostByBus = await link.guard(link.lost())
      return resultOf({ files, transport, speed, market, link, publisher, reports, lostByBus, startNs, cpu })
    } finally {
      stopProgress?.()
      publisher.stop()
      await messages.close()
    }
  } finally {
    await market.close()
    await dump?.close()
    await link?.close()
  }
}

function check(speed: number | 'max', threads: number, transport: Transport, readAhead: number): void {
  if (speed !== 'max' && !(speed >= 0.001 && speed <= 1_000_000)) {
    throw badArgument('speed', "0.001 to 1,000,000 or 'max'", speed)
  }
  if (!Number.isInteger(threads) || threads < 1 || threads >= MEMBERS) {
    throw new TickbusError('TICKBUS_THREADS', { most: String(MEMBERS - 1), got: show(threads) })
  }
  if (transport !== 'ring' && transport !== 'postMessage') {
    throw badArgument('transport', "'ring' or 'postMessage'", transport)
  }
  if (!Number.isInteger(readAhead) || readAhead < 1) {
    throw badArgument('readAhead', 'a whole number, 1 or more', readAhead)
  }
}

/** Each instrument goes to one worker, so that each message is sent once and an instrument keeps its order. */
function divide(instruments: readonly FeedInstrument[], threads: number): Share[] {
  return Array.from({ length: Math.min(threads, instruments.length) }, (_, share) => ({
    page: new ReplayPage(),
    instruments: instruments.filter((_instrument, i) => i % threads === share),
  }))
}

function openLink(transport: Transport, options: LinkOptions): Link {
  return transport === 'ring' ? new RingLink(options) : new PortLink(options)
}

function reportProgress(
  market: RecordedMarket,
  messages: ReadAhead,
  publisher: Publisher,
  onProgress: (progress: ReplayProgress) => void,
): () => void {
  const timer = setInterval(() => {
    const { sent, hasStarted } = publisher
    // Read ahead are either all messages, or as many as are kept; the files tell how many there are in all.
    const portion = hasStarted
      ? (market.portionRead * sent) / (sent + messages.size)
      : Math.max(market.portionRead, messages.portionFull)
    onProgress({ phase: hasStarted ? 'sending' : 'reading', portion, sent })
  }, PROGRESS_MS)
  return () => clearInterval(timer)
}
