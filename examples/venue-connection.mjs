// A venue played by recordings on this machine, and a client that keeps its book through a gap and a cut.
// node examples/venue-connection.mjs
import { fileURLToPath } from 'node:url'
import { MessageBus } from 'tickbus'
import { marketSchema, VenueDataClient, VenueReplayServer } from 'tickbus/market'

const file = fileURLToPath(new URL('recordings/usdm_btcusdt_20240808.gz', import.meta.url))
const server = await VenueReplayServer.open({ protocol: 'binance-usdm', files: [file], speed: 10 })

// The epoch is near the recording's times; live it is left out, and so are the two addresses.
const bus = new MessageBus({ schema: marketSchema, epoch: 1_723_161_250_000_000_000n })
const { url, snapshotUrl } = server
const channels = { book: 'depth@0ms' }
const client = new VenueDataClient({ protocol: 'binance-usdm', bus, url, snapshotUrl, channels })

client.on('state', ({ to, reason, delayMs }) => console.log('state', to, reason ?? '', delayMs?.toFixed() ?? ''))
client.on('gap', ({ kind, reason, missing }) => console.log('gap', kind, reason, missing ?? ''))
client.on('resynced', ({ instrument }) => console.log('resynced', instrument.id, client.book('BTCUSDT').best('bid')))

await client.connect()
await Promise.all(['quotes', 'trades', 'book'].map((channel) => client.subscribe(channel, ['BTCUSDT'])))
setTimeout(() => server.skip(20), 300)
setTimeout(() => server.cut(), 600)
await server.play()

const { published, missing, gaps, resyncs } = client.stats()
console.log({ published, missing, gaps, resyncs })
await client.close()
await server.close()
await bus.close()
