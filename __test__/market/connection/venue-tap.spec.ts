import { join } from 'node:path'
import test from 'ava'
import { Epoch } from 'tickbus'
import {
  type Channel,
  record,
  RecordedMarket,
  RecordingReader,
  type VenueProtocolName,
  type VenueTap,
} from 'tickbus/market'
import { VirtualClock } from 'tickbus/testing'
import { backends } from '../decoding.js'
import { Scratch } from '../samples.js'
import { connected, Rig, serve } from './rig.js'
import { venueFrames } from './venue-frames.js'

const all: readonly Channel[] = ['quotes', 'trades', 'book']
const venues: readonly VenueProtocolName[] = ['binance-usdm', 'bybit-linear', 'coinbase-exchange', 'kraken-v1', 'okx']

/** Gives all that happens to it on the bus and in the recording the same form. */
function told(topic: string, message: object): string {
  const { epoch: _, ...rest } = { ...message } as Record<string, unknown>
  return JSON.stringify([topic, rest], (_key, value) => (typeof value === 'bigint' ? String(value) : value))
}

async function framesIn(file: string): Promise<string[]> {
  const frames: string[] = []
  for await (const { bytes } of await RecordingReader.open(file)) frames.push(Buffer.from(bytes).toString())
  return frames
}

for (const backend of backends) {
  for (const protocol of venues) {
    test(`${protocol}: what was served is recorded, and its replay gives the same messages [${backend}]`, async (t) => {
      const file = join(new Scratch(t).folder, 'live.tbr')
      const made = venueFrames(protocol, 30)
      const server = await serve(t, { protocol, frames: made.frames, clock: new VirtualClock() })
      const { url, snapshotUrl } = server
      const rig = new Rig(t, { protocol, backend, url, snapshotUrl })
      const recorded = record(rig.client.tap(), file)
      await rig.client.connect()
      await Promise.all(all.map((channel) => rig.client.subscribe(channel, [made.symbol])))
      server.step(made.frames.length - 3)
      await rig.meanwhile(() => rig.client.book(made.symbol)?.state === 'live', 'a book')
      server.step(3)
      await rig.settled(server)
      const { frames: came } = rig.client.stats()
      await rig.client.close()
      const { frames, lost } = await recorded
      t.is(frames, came)
      t.deepEqual(lost, { full: 0, length: 0, time: 0, connection: 0, failed: 0 })

      // What Binance begins with is fetched, and not served.
      const served = made.frames.map(({ frame }) => String(frame)).filter((text) => !text.includes('lastUpdateId'))
      const isServed = new Set(served)
      t.deepEqual(
        (await framesIn(file)).filter((text) => isServed.has(text)),
        served,
      )

      const market = await RecordedMarket.open([file], backend)
      const replayed: string[] = []
      for await (const { topic, message } of market.messages(new Epoch(rig.bus.epoch.unixNs))) {
        replayed.push(told(topic, message))
      }
      t.true(replayed.length >= made.frames.length - 3)
      t.deepEqual(
        replayed,
        rig.published.map(({ topic, message }) => told(topic, message as object)),
      )
    })
  }

  test(`a snapshot of 2 MB goes through server, client, book and recording [${backend}]`, async (t) => {
    const side = (sign: number) =>
      Array.from({ length: 40_000 }, (_, i) => [(61_800 + sign * (i + 1) * 0.01).toFixed(2), '0.12345678'])
    const frame = JSON.stringify({ type: 'snapshot', product_id: 'BTC-USD', bids: side(-1), asks: side(1) })
    t.true(frame.length > 2_000_000)
    const file = join(new Scratch(t).folder, 'long.tbr')
    const frames = [{ receivedNs: 1_723_161_253_000_000_000n, frame }]
    const server = await serve(t, { protocol: 'coinbase-exchange', frames, clock: new VirtualClock() })
    const rig = new Rig(t, { protocol: 'coinbase-exchange', backend, url: server.url })
    const recorded = record(rig.client.tap(), file)
    await rig.client.connect()
    await rig.client.subscribe('book', ['BTC-USD'])
    server.step()
    await rig.settled(server)
    const book = rig.client.book('BTC-USD')!
    t.deepEqual([book.state, book.bidPrice, book.askPrice], ['live', 61_799.99, 61_800.01])
    t.like(rig.client.stats(), { decoded: { rejected: 0 }, published: 1 })
    await rig.client.close()
    t.like(await recorded, { lost: { length: 0 } })
    t.is((await framesIn(file)).at(-1), frame)
  })
}

const [backend] = backends

test('a tap that nobody reads loses what it has no room for, and holds up nobody', async (t) => {
  const made = venueFrames('okx', 30)
  const { server, rig } = await connected(t, made, backend!, all)
  const [byFrames, byBytes] = [rig.client.tap({ framesMost: 2 }), rig.client.tap({ bytesMost: 1 })]
  server.step(made.frames.length)
  await rig.settled(server)
  t.deepEqual([byFrames.frames, byFrames.lost], [made.frames.length, made.frames.length - 2])
  // A frame that is longer than all the room is taken if nothing else waits.
  t.is(byBytes.lost, made.frames.length - 1)
  t.is(rig.client.stats().decoded.frames, rig.client.stats().frames)
  byFrames.close()
  t.is((await readAll(byFrames)).length, 2, 'what waits is still there after the end')
})

test('a tap ends when it is closed, when its client is, and when its reader has enough', async (t) => {
  const made = venueFrames('okx', 3)
  const { server, rig } = await connected(t, made, backend!, all)
  const taps = [rig.client.tap(), rig.client.tap(), rig.client.tap()] as const
  server.step(made.frames.length)
  await rig.settled(server)
  const silent = rig.client.tap()
  const waiting = silent[Symbol.asyncIterator]()
  const next = waiting.next()
  await waiting.return!()
  t.true((await next).done, 'one that waits is let go')
  for await (const { connection } of taps[0]) {
    t.like(taps[0].connections.get(connection), { market: 'okx', url: server.url })
    break
  }
  t.is(taps[0].lost, made.frames.length - 1)
  taps[1].close()
  t.is((await readAll(taps[1])).length, made.frames.length)
  await rig.client.close()
  t.is((await readAll(taps[2])).length, made.frames.length)
  t.throws(() => rig.client.tap(), { code: 'TICKBUS_VENUE_CLOSED' })
})

test('bounds of a tap that are out of range are refused', async (t) => {
  const { rig } = await connected(t, venueFrames('okx', 3), backend!, [])
  for (const options of [{ framesMost: 0 }, { framesMost: 1_048_577 }, { bytesMost: 0.5 }]) {
    t.throws(() => rig.client.tap(options), { code: 'TICKBUS_ARGUMENT' })
  }
})

async function readAll(tap: VenueTap): Promise<unknown[]> {
  const frames: unknown[] = []
  for await (const frame of tap) frames.push(frame)
  return frames
}
