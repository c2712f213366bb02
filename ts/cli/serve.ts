import { Command, InvalidArgumentError, Option } from 'commander'
import { VenueReplayServer, venueProtocols, type VenueProtocolName } from '../market/index.js'
import { count, many } from './format.js'
import { openLines } from './progress.js'
import { RECORDING_NAMES } from './recording-names.js'
import { parseSpeed } from './speed.js'

interface ServeFlags {
  readonly venue?: VenueProtocolName
  readonly speed: number | 'max'
  readonly port: number
  readonly json?: true
}

export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'Plays a venue: a local WebSocket server that serves recordings to whoever subscribes. It is simulated.',
    )
    .argument('<files...>', `recordings, ${RECORDING_NAMES}`)
    .usage('FILES... [--venue NAME] [--speed N|max] [--port N] [--json]')
    .addOption(
      new Option('--venue <NAME>', 'whose protocol is spoken (default: that of the files)').choices([
        ...venueProtocols,
      ]),
    )
    .addOption(
      new Option('--speed <N>', 'how many times the recorded pace, 0.001 to 1,000,000, or max')
        .default(1)
        .argParser(parseSpeed),
    )
    .addOption(new Option('--port <N>', 'port to listen on; 0 for any that is free').default(0).argParser(parsePort))
    .option('--json', 'print one JSON line at the start, with the address, and one at the end')
    .addHelpText(
      'after',
      '\nExample:\n  tickbus serve usdm_btcusdt_20240808.gz --speed 10\n\nThe first frame is served once a client has subscribed; Ctrl-C ends.',
    )
    .action(run)
}

async function run(files: string[], { venue: protocol, speed, port, json }: ServeFlags): Promise<void> {
  const progress = openLines(`Reading ${many(files.length, 'file')}`)
  const interrupted = new Promise<void>((resolve) => void process.once('SIGINT', () => resolve()))
  await using server = await VenueReplayServer.open({ files, speed, port, ...(protocol && { protocol }) })
  const { url, snapshotUrl } = server
  const start = { url, snapshotUrl, venue: server.protocol, frames: server.stats().total }
  if (json) process.stdout.write(`${JSON.stringify(start)}\n`)
  else process.stdout.write(`${url}\nsnapshots: ${snapshotUrl}\n`)
  const watch = setInterval(() => {
    const { position, total, connections } = server.stats()
    progress.update(position / total, `${count(position)} frames, ${many(connections, 'client')}`)
  }, WATCH_MS)
  const played = server.subscribed().then(() => server.play())
  try {
    await Promise.race([interrupted, played.then(() => interrupted)])
  } finally {
    clearInterval(watch)
  }
  const stats = server.stats()
  if (json) process.stdout.write(`${JSON.stringify(stats)}\n`)
  progress.done(`Served ${count(stats.served)} of ${many(stats.total, 'frame')}, ${count(stats.unheard)} to nobody.`)
}

const WATCH_MS = 1_000

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('Give a whole number from 0 to 65,535.')
}
