import test from 'ava'
import type { Channel, VenueProtocolName } from 'tickbus/market'
import { backends } from '../decoding.js'
import { connected } from './rig.js'
import { venueFrames } from './venue-frames.js'

const all: readonly Channel[] = ['quotes', 'trades', 'book']

/** Protocols, the channels that they have here, and what tells that something is missing. */
const venues: readonly (readonly [VenueProtocolName, readonly Channel[], { book: boolean; trades: boolean }])[] = [
  ['binance-spot', all, { book: true, trades: true }],
  ['binance-usdm', all, { book: true, trades: true }],
  ['binance-cm', all, { book: true, trades: true }],
  ['bybit-spot', all, { book: true, trades: false }],
  ['bybit-linear', all, { book: true, trades: false }],
  ['bybit-inverse', all, { book: true, trades: false }],
  ['bybit-option', all, { book: true, trades: false }],
  ['bybit-v2', ['book'], { book: false, trades: false }],
  ['coinbase-exchange', all, { book: false, trades: true }],
  ['coinbase-advanced', all, { book: false, trades: true }],
  ['kraken-v1', all, { book: true, trades: false }],
  ['kraken-v2', all, { book: true, trades: true }],
  ['okx', all, { book: true, trades: false }],
]

for (const backend of backends) {
  for (const [protocol, channels, tells] of venues) {
    const made = venueFrames(protocol, 60)
    const perMoment = channels.length

    test(`${protocol}: all that is served is decoded and published, and the book is the venue's [${backend}]`, async (t) => {
      const { server, rig } = await connected(t, made, backend, channels)
      server.step(made.frames.length - perMoment)
      await rig.meanwhile(() => isLive(rig, made.symbol), 'a book')
      server.step(perMoment)
      await rig.settled(server)
      const stats = rig.client.stats()
      t.is(stats.decoded.rejected, 0)
      t.is(stats.frames, stats.decoded.frames)
      t.is(stats.published, rig.published.length)
      t.deepEqual(rig.gaps, [])
      t.deepEqual(rig.faults, [])
      for (const channel of channels.filter((channel) => channel !== 'book')) {
        t.is(rig.count(channel), made.moments - 1, channel)
      }
      t.deepEqual(levels(rig, made.symbol), made.lastBook)
    })

    test(`${protocol}: a frame that is kept back is reported, and the book is mended [${backend}]`, async (t) => {
      const { server, rig } = await connected(t, made, backend, channels)
      server.step(10 * perMoment)
      await rig.meanwhile(() => isLive(rig, made.symbol), 'a book')
      await rig.settled(server)
      // One moment of each channel: an update of the book, a trade, a quote.
      server.skip(perMoment)
      server.step(3 * perMoment)
      await rig.settled(server)
      server.step(20 * perMoment)
      const { skipped } = server.stats()
      t.is(skipped, perMoment)
      const { gaps } = rig
      if (protocol === 'coinbase-advanced') {
        await rig.meanwhile(() => rig.client.stats().resyncs === 1, 'a resync')
        t.like(gaps[0], { kind: 'connection', reason: 'number', missing: perMoment })
      } else if (tells.book) {
        await rig.meanwhile(() => rig.client.stats().resyncs === 1, 'a resync')
        const gap = gaps.find(({ kind }) => kind === 'book')!
        t.is(gap.instrument!.symbol, made.symbol)
        if (gap.missing !== undefined) t.is(gap.missing, 1)
        if (gap.after !== undefined) t.true(gap.before! > gap.after)
      }
      if (tells.trades) t.is(gaps.find(({ kind }) => kind === 'trades')?.missing, 1)
      await rig.settled(server)
      server.step(made.frames.length)
      await rig.settled(server)
      if (tells.book || protocol === 'coinbase-advanced') {
        await rig.meanwhile(() => isLive(rig, made.symbol), 'a book')
        t.deepEqual(levels(rig, made.symbol), made.lastBook)
      }
      if (channels.includes('trades')) t.is(rig.count('trades'), made.moments - 1 - 1)
    })

    test(`${protocol}: after a cut it comes back, asks for everything again and says what is missing [${backend}]`, async (t) => {
      const { server, rig } = await connected(t, made, backend, channels)
      server.step(10 * perMoment)
      await rig.meanwhile(() => isLive(rig, made.symbol), 'a book')
      await rig.settled(server)
      const trades = rig.count('trades')
      const book = rig.client.book(made.symbol)!
      server.cut()
      await rig.until(() => rig.client.state === 'waiting', 'the end of the connection')
      t.is(server.step(5 * perMoment), 5 * perMoment)
      t.like(book, { state: 'stale', fault: 'invalidated' })
      t.is(book.depth(12), undefined)
      await rig.meanwhile(() => rig.client.stats().subscriptions.accepted === channels.length, 'the subscriptions')
      server.step(10 * perMoment)
      await rig.meanwhile(() => isLive(rig, made.symbol), 'a book')
      await rig.settled(server)
      server.step(made.frames.length)
      await rig.settled(server)
      t.is(rig.client.book(made.symbol), book, 'whoever kept the book has it still')
      t.deepEqual(levels(rig, made.symbol), made.lastBook)
      t.like(rig.gaps[0], { kind: 'connection', reason: 'disconnected' })
      t.like(
        rig.gaps.find(({ kind }) => kind === 'book'),
        { reason: 'disconnected' },
      )
      t.like(rig.client.stats(), { connects: 2, endings: { ended: 1 } })
      if (!tells.trades) return
      const lost = rig.gaps.find(({ kind }) => kind === 'trades')!
      t.is(trades + lost.missing! + (rig.count('trades') - trades), made.moments - 1)
      t.is(lost.missing, 5)
    })
  }
}

type Connected = Awaited<ReturnType<typeof connected>>

function isLive({ client }: Connected['rig'], symbol: string): boolean {
  return client.book(symbol)?.state === 'live'
}

function levels({ client }: Connected['rig'], symbol: string): unknown {
  return client.book(symbol)?.depth(12)
}
