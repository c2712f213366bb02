import test from 'ava'
import { recordedBooks, VenueReplayServer, type VenueProtocolName } from 'tickbus/market'
import { VirtualClock } from 'tickbus/testing'
import { capturedIn, pathOf, withCapture } from '../captures.js'
import { backends } from '../decoding.js'
import { bundled } from '../samples.js'
import { Rig, serve } from './rig.js'
import { venueFrames } from './venue-frames.js'

/** The time of the bundled recordings. */
const RECORDED = 1_723_161_250_000_000_000n

const markets = [
  ['binance-spot', 'spot_btcusdt', 'BTCUSDT', 'depth@100ms'],
  ['binance-usdm', 'usdm_btcusdt', 'BTCUSDT', 'depth@0ms'],
  ['binance-cm', 'cm_btcusd_perp', 'BTCUSD_PERP', 'depth@0ms'],
] as const

for (const backend of backends) {
  for (const [protocol, name, symbol, book] of markets) {
    test(`${protocol}: a recording is played through cuts and gaps, and every trade is published or reported [${backend}]`, async (t) => {
      const file = bundled.find((path) => path.includes(name))!
      const server = await serve(t, { protocol, files: [file], clock: new VirtualClock() })
      const { url, snapshotUrl } = server
      const channels = { book: await depthOf(file, book) }
      const rig = new Rig(t, { protocol, backend, url, snapshotUrl, channels }, RECORDED)
      await rig.client.connect()
      await Promise.all(
        (['quotes', 'trades', 'book'] as const).map((channel) => rig.client.subscribe(channel, [symbol])),
      )
      const { total } = server.stats()
      // Long enough for the first snapshot, and for a trade before the first gap.
      server.step(Math.floor(total / 4))
      await rig.meanwhile(() => isFollowing(rig, symbol), 'a book')
      server.skip(400)
      server.step(Math.floor(total / 8))
      await rig.settled(server)
      await rig.meanwhile(() => isFollowing(rig, symbol), 'the book after the gap')
      server.cut()
      await rig.until(() => rig.client.state === 'waiting', 'the end of the connection')
      server.step(200)
      await rig.meanwhile(() => rig.client.stats().subscriptions.accepted === 3, 'the subscriptions')
      server.step(Math.floor(total / 4))
      await rig.meanwhile(() => isFollowing(rig, symbol), 'the book after the cut')
      server.step(total)
      await rig.settled(server)
      t.true(isFollowing(rig, symbol))
      const ids = rig.published
        .filter(({ topic }) => topic.startsWith('data.trades.'))
        .map(({ message }) => Number((message as { tradeId: string }).tradeId))
      const { missing, resyncs, decoded } = rig.client.stats()
      t.is(ids.length + missing.trades, ids.at(-1)! - ids[0]! + 1)
      t.true(missing.trades > 0)
      t.true(resyncs >= 2)
      t.is(decoded.rejected, 0)
      const { books } = await recordedBooks([file], { backend })
      const [expected, actual] = [books[0]!.book.depth(5), rig.client.book(symbol)!.depth(5)]
      if (expected !== undefined) t.deepEqual(actual, expected)
    })
  }

  withCapture(
    'kraken.ws.50.0.gz',
    `a capture of Kraken is played with a cut, and the books agree with every checksum [${backend}]`,
    async (t) => {
      const file = pathOf('kraken.ws.50.0.gz')
      const server = await serve(t, { protocol: 'kraken-v1', files: [file], clock: new VirtualClock() })
      const epoch = capturedIn('kraken.ws.50.0.gz')[0]!.tsInit
      const rig = new Rig(
        t,
        { protocol: 'kraken-v1', backend, url: server.url, channels: { book: 'book-1000' } },
        epoch,
      )
      const { books } = await recordedBooks([file], { backend })
      const symbols = books.map(({ instrument }) => instrument.symbol)
      await rig.client.connect()
      await rig.client.subscribe('book', symbols)
      server.step(1_500)
      await rig.settled(server)
      server.cut()
      await rig.until(() => rig.client.state === 'waiting', 'the end of the connection')
      server.step(500)
      await rig.meanwhile(() => rig.client.stats().subscriptions.accepted === 10, 'the subscriptions')
      server.step(10_000)
      await rig.settled(server)
      for (const { instrument, book } of books) {
        const own = rig.client.book(instrument.symbol)!
        t.is(own.state, 'live', instrument.symbol)
        t.like(own.counts, { checksum: 0, snapshots: 2, invalidated: 1 })
        t.deepEqual(own.depth(10), book.depth(10), instrument.symbol)
      }
    },
  )
}

test('frames are served at the recorded pace, or a multiple of it', async (t) => {
  for (const [speed, factor] of [
    [1, 1],
    [10, 10],
  ] as const) {
    const made = venueFrames('bybit-linear', 40)
    const clock = new VirtualClock()
    const server = await serve(t, { protocol: 'bybit-linear', frames: made.frames, speed, clock })
    const played = server.play()
    // The frames are a millisecond apart, the first at the start.
    await clock.run(50 / factor)
    t.is(server.stats().position, 51)
    await clock.run(1_000)
    await played
    t.is(server.stats().position, made.frames.length)
  }
})

test('a delay holds the pace up, and a stall until it is resumed', async (t) => {
  const { frames } = venueFrames('bybit-linear', 40)
  const clock = new VirtualClock()
  const server = await serve(t, { protocol: 'bybit-linear', frames, speed: 1, clock })
  const played = server.play()
  await clock.run(10)
  server.delay(30)
  await clock.run(29)
  t.is(server.stats().position, 11)
  await clock.run(1)
  t.is(server.stats().position, 41)
  server.stall()
  await clock.run(10_000)
  t.is(server.stats().position, 41)
  server.resume()
  await clock.run(1_000)
  await played
  t.is(server.stats().position, frames.length)
})

test('frames that are sent twice are seen to be repeated', async (t) => {
  const made = venueFrames('coinbase-exchange', 10)
  const server = await serve(t, { protocol: 'coinbase-exchange', frames: made.frames, clock: new VirtualClock() })
  const rig = new Rig(t, { protocol: 'coinbase-exchange', url: server.url })
  await rig.client.connect()
  await rig.client.subscribe('trades', [made.symbol])
  server.step(10)
  server.duplicate(2)
  server.step(made.frames.length)
  await rig.settled(server)
  t.is(server.stats().duplicated, 2)
  t.is(rig.client.stats().repeated, 2)
  t.deepEqual(rig.gaps, [])
})

test('a client gets what it subscribed to, until it unsubscribes', async (t) => {
  for (const protocol of [
    'binance-spot',
    'bybit-linear',
    'coinbase-exchange',
    'kraken-v2',
    'okx',
  ] as VenueProtocolName[]) {
    const made = venueFrames(protocol, 30)
    const server = await serve(t, { protocol, frames: made.frames, clock: new VirtualClock() })
    const rig = new Rig(t, { protocol, url: server.url, snapshotUrl: server.snapshotUrl })
    await rig.client.connect()
    await rig.client.subscribe('quotes', [made.symbol])
    server.step(31)
    await rig.settled(server)
    t.is(rig.count('quotes'), rig.published.length, protocol)
    t.true(rig.published.length >= 9, protocol)
    const { requests } = server.stats()
    rig.client.unsubscribe('quotes', [made.symbol])
    await rig.until(() => server.stats().requests > requests, 'the request')
    const before = rig.published.length
    server.step(30)
    await rig.settled(server)
    t.is(rig.published.length, before, protocol)
    t.like(rig.client.stats().subscriptions, { wanted: 0, accepted: 0 })
  }
})

test('snapshots are fetched as from the venue, its errors included', async (t) => {
  const made = venueFrames('binance-spot', 3)
  const server = await serve(t, { protocol: 'binance-spot', frames: made.frames })
  const get = async (symbol: string) => {
    const response = await fetch(server.snapshotUrl.replace('{symbol}', symbol))
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  t.like(await get('BTCUSDT'), { status: 503 })
  t.like(await get('NONE'), { status: 400, body: { code: -1121 } })
  server.step(made.frames.length)
  const { status, body } = await get('BTCUSDT')
  t.is(status, 200)
  t.is(body.lastUpdateId, 30)
  t.deepEqual((body.bids as unknown[][])[0], ['100.0', '1.000'])
})

test('options that cannot be are refused, and closing may be done twice', async (t) => {
  for (const options of [{ protocol: 'nasdaq' }, { speed: 0 }, { port: -1 }]) {
    await t.throwsAsync(VenueReplayServer.open({ protocol: 'okx', ...options } as never), { code: 'TICKBUS_ARGUMENT' })
  }
  const missing = VenueReplayServer.open({ protocol: 'okx', files: ['/nowhere/okx_x.gz'] })
  await t.throwsAsync(missing, { code: 'TICKBUS_RECORDING' })
  const server = await VenueReplayServer.open({ protocol: 'okx', frames: [] })
  const taken = VenueReplayServer.open({ protocol: 'okx', port: Number(new URL(server.url).port) })
  await t.throwsAsync(taken, { code: 'EADDRINUSE' })
  await server.close()
  await server.close()
})

function isFollowing({ client }: Rig, symbol: string): boolean {
  const state = client.book(symbol)?.state
  return state === 'live' || state === 'thinned'
}

/** The venue's name of the depth stream that a recording has. */
async function depthOf(file: string, fallback: string): Promise<string> {
  const { gunzipSync } = await import('node:zlib')
  const { readFileSync } = await import('node:fs')
  return /@(depth@\d+ms)/.exec(gunzipSync(readFileSync(file)).toString())?.[1] ?? fallback
}
