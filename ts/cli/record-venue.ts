import {
  type Channel,
  marketSchema,
  record,
  type StateChange,
  VenueDataClient,
  type VenueDataClientOptions,
  type VenueProtocolName,
} from '../market/index.js'
import { MessageBus } from '../workers/index.js'
import { count, many } from './format.js'
import { EXIT_INTERRUPTED, openLines } from './progress.js'
import { tellRecorded } from './record-text.js'

export interface VenueFlags {
  readonly venue: VenueProtocolName
  readonly channels: readonly string[]
  readonly symbols: readonly string[]
  readonly url?: string
  readonly snapshotUrl?: string
  /** In seconds. */
  readonly for?: number
}

const WATCH_MS = 1_000
/** What a crash takes with it at most. */
const FLUSH_MS = 5_000

/** Records what a venue sends, for a time or until Ctrl-C. Either way what came is written, and the file closed. */
export async function recordVenue(out: string, flags: VenueFlags, isJson: boolean): Promise<void> {
  const { venue: protocol, channels, symbols, url, snapshotUrl } = flags
  const title = `Recording ${many(symbols.length, 'symbol')} of ${protocol} to ${out}`
  const progress = openLines(title)
  await using bus = new MessageBus({ schema: marketSchema })
  const options: VenueDataClientOptions = { protocol, bus, ...(url && { url }), ...(snapshotUrl && { snapshotUrl }) }
  await using client = new VenueDataClient(options)
  client.on('state', tellState)
  client.on('fault', ({ code, message }) => void process.stderr.write(`warning: ${message} (${code})\n`))
  const tap = client.tap()
  let isInterrupted = false
  const interrupt = (): void => {
    isInterrupted = true
    tap.close()
    void client.close()
  }
  process.once('SIGINT', interrupt)
  let watch: NodeJS.Timeout | undefined
  let end: NodeJS.Timeout | undefined
  try {
    await client.connect()
    await Promise.all(channels.map((channel) => client.subscribe(channel as Channel, symbols)))
    const startMs = performance.now()
    const seconds = flags.for
    if (seconds !== undefined) end = setTimeout(() => tap.close(), seconds * 1_000)
    watch = setInterval(() => {
      const portion = seconds === undefined ? undefined : (performance.now() - startMs) / 1_000 / seconds
      progress.update(portion, `${count(tap.frames)} frames`)
    }, WATCH_MS)
    const counts = await record(tap, out, { flushMs: FLUSH_MS })
    const { gaps, connects } = client.stats()
    progress.done(
      `${title}: ${count(counts.frames)} frames, ${gaps.connection} of ${many(connects, 'connection')} lost`,
    )
    // Without a time Ctrl-C is the end that was meant.
    const interrupted = isInterrupted && seconds !== undefined
    if (interrupted) process.exitCode = EXIT_INTERRUPTED
    if (tap.lost > 0) process.exitCode ??= 1
    if (!isJson) {
      tellRecorded(counts)
      if (tap.lost > 0)
        process.stderr.write(`error: ${count(tap.lost)} frames came faster than they could be written\n`)
      return
    }
    tellRecorded(counts, { file: out, interrupted, ...counts, unread: tap.lost, gaps, connects })
  } catch (error) {
    progress.fail(`${title}: failed`)
    throw error
  } finally {
    clearInterval(watch)
    clearTimeout(end)
    process.off('SIGINT', interrupt)
  }
}

function tellState({ to, detail = '', delayMs = 0 }: StateChange): void {
  if (to === 'waiting') process.stderr.write(`  no connection (${detail}), tried again in ${Math.round(delayMs)} ms\n`)
}
