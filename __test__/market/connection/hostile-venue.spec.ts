import test from 'ava'
import { TickbusError } from 'tickbus'
import type { VenueDataClientOptions } from 'tickbus/market'
import { backends } from '../decoding.js'
import { rawServer, Rig, serve } from './rig.js'
import { venueFrames } from './venue-frames.js'

const quote = (update: number) =>
  `{"stream":"btcusdt@bookTicker","data":{"u":${update},"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}}`

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof TickbusError ? error.code : String(error)
  }
}

for (const backend of backends) {
  test(`garbage, binary and unknown frames are counted, and the good one between them arrives [${backend}]`, async (t) => {
    const { url } = await rawServer(t, (socket) => {
      socket.send('{"stream":')
      socket.send(Buffer.from([0xff, 0xfe, 0x00, 0x80]))
      socket.send(Buffer.from('"\ud800', 'latin1'), { binary: false })
      socket.send('['.repeat(10_000))
      socket.send('')
      socket.send('{"error":7,"id":{}}')
      socket.send('{"result":null,"id":99}')
      socket.send(quote(1))
      socket.send(`{"e":"trade","x":"${'y'.repeat(600_000)}"}`)
    })
    const rig = new Rig(t, { protocol: 'binance-spot', backend, url })
    await rig.client.connect()
    await rig.until(() => rig.client.stats().decoded.frames === 9, 'the last frame')
    const { decoded, published, state } = rig.client.stats()
    t.like(decoded, { quotes: 1, rejected: 6, ignored: 2 })
    t.is(published, 1)
    t.is(state, 'open')
    t.deepEqual(rig.faults, [])
  })

  test(`a frame that is too long ends the connection, is counted, and is followed by another try [${backend}]`, async (t) => {
    const { url } = await rawServer(t, (socket) => socket.send('x'.repeat(2_000)))
    const rig = new Rig(t, { protocol: 'okx', backend, url, frameBytesMost: 1_000 })
    void codeOf(rig.client.connect())
    await rig.meanwhile(() => rig.client.stats().endings.tooLong >= 3, 'the third frame')
    t.is(rig.client.stats().frames, 0)
  })

  test(`no memory is kept for instruments that nobody asked for [${backend}]`, async (t) => {
    const book = (i: number) =>
      JSON.stringify({
        topic: `orderbook.50.A${i}`,
        type: 'snapshot',
        ts: Date.UTC(2024, 7, 9),
        data: { s: `A${i}`, b: [['1', '1']], a: [], u: 1, seq: 1 },
      })
    const { url } = await rawServer(t, (socket) => {
      for (let i = 0; i < 300; i += 1) socket.send(book(i))
    })
    const rig = new Rig(t, { protocol: 'bybit-linear', backend, url })
    await rig.client.connect()
    await rig.until(() => rig.client.stats().published === 300, 'the last snapshot')
    t.is(rig.client.book('A7'), undefined)
  })
}

test('a venue that closes at once is tried again after waits that grow, each a random part of a bound that doubles', async (t) => {
  const { url } = await rawServer(t, (socket) => socket.close(1013))
  const random = [0.5, 1, 0.25, 0.5, 0.5]
  let asked = 0
  const rig = new Rig(t, { protocol: 'okx', url, random: () => random[asked++]!, backOffMs: 100, backOffMostMs: 400 })
  void codeOf(rig.client.connect())
  const delays = [50, 200, 100, 200, 200]
  for (const [i, delayMs] of delays.entries()) {
    await rig.until(() => rig.client.stats().endings.ended === i + 1 && rig.client.state === 'waiting', 'the end')
    t.is(rig.states.at(-1)!.delayMs, delayMs)
    t.is(rig.states.at(-1)!.reason, 'ended')
    rig.clock.advance(delayMs - 1)
    t.is(rig.client.state, 'waiting')
    if (i < delays.length - 1) rig.clock.advance(1)
  }
})

test('a connection that was good for long begins anew with short waits', async (t) => {
  const { url, sockets } = await rawServer(t, () => {})
  const rig = new Rig(t, { protocol: 'okx', url, random: () => 1, backOffMs: 100, steadyMs: 5_000 })
  const end = async (count: number) => {
    await rig.until(() => rig.client.state === 'open' && sockets.clients.size === 1, 'the connection')
    if (count === 3) rig.clock.advance(5_000)
    for (const socket of sockets.clients) socket.close()
    await rig.until(() => rig.client.stats().endings.ended === count, 'the end')
    const { delayMs } = rig.states.at(-1)!
    rig.clock.advance(delayMs!)
    return delayMs
  }
  void codeOf(rig.client.connect())
  t.deepEqual([await end(1), await end(2), await end(3)], [100, 200, 100])
})

test('a venue that is not there is tried until the client is closed', async (t) => {
  const rig = new Rig(t, { protocol: 'okx', url: 'ws://127.0.0.1:1' })
  const connecting = codeOf(rig.client.connect())
  await rig.meanwhile(() => rig.client.stats().endings.failed >= 3, 'the third attempt')
  t.true(rig.states.some(({ detail }) => detail?.includes('ECONNREFUSED')))
  await rig.client.close()
  await rig.client.close()
  t.is(await connecting, 'TICKBUS_VENUE_CLOSED')
  t.is(rig.clock.timers, 0)
})

test('a venue that does not take the connection is given up after connectTimeoutMs', async (t) => {
  const { createServer } = await import('node:net')
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
  t.teardown(() => void silent.close())
  const { port } = silent.address() as { port: number }
  const rig = new Rig(t, { protocol: 'okx', url: `ws://127.0.0.1:${port}`, connectTimeoutMs: 2_000 })
  void codeOf(rig.client.connect())
  rig.clock.advance(1_999)
  t.is(rig.client.state, 'connecting')
  rig.clock.advance(1)
  t.is(rig.client.state, 'waiting')
  t.is(rig.client.stats().endings.failed, 1)
})

test('a connection on which nothing comes is pinged, and given up when it stays silent', async (t) => {
  const heard: string[] = []
  const { url } = await rawServer(t, (socket) => socket.on('message', (text: Buffer) => heard.push(text.toString())))
  const rig = new Rig(t, { protocol: 'okx', url, staleMs: 30_000 })
  await rig.client.connect()
  rig.clock.advance(15_000)
  await rig.until(() => heard.length === 1, 'a ping')
  t.deepEqual(heard, ['ping'])
  rig.clock.advance(29_000)
  t.is(rig.client.state, 'open')
  rig.clock.advance(1_000)
  t.is(rig.client.state, 'waiting')
  t.like(rig.client.stats().endings, { stale: 1 })
  t.like(rig.gaps[0], { kind: 'connection', reason: 'disconnected' })
})

for (const answers of [false, true]) {
  test(`a venue that ${answers ? 'answers pings is kept' : 'stalls is left'}`, async (t) => {
    const { frames, symbol } = venueFrames('bybit-linear', 5)
    const server = await serve(t, { protocol: 'bybit-linear', frames })
    const rig = new Rig(t, { protocol: 'bybit-linear', url: server.url, staleMs: 40_000 })
    await rig.client.connect()
    await rig.client.subscribe('quotes', [symbol])
    if (!answers) server.stall()
    for (let i = 0; i < 4; i += 1) {
      const { frames: before } = rig.client.stats()
      rig.clock.advance(20_000)
      if (answers) await rig.until(() => rig.client.stats().frames > before, 'a pong')
    }
    t.is(rig.client.stats().endings.stale, answers ? 0 : 1)
  })
}

test('a subscription that the venue refuses rejects with its reason, and the others of the request are accepted', async (t) => {
  for (const protocol of [
    'bybit-linear',
    'coinbase-exchange',
    'coinbase-advanced',
    'kraken-v1',
    'kraken-v2',
    'okx',
  ] as const) {
    const { frames, symbol } = venueFrames(protocol, 5)
    const server = await serve(t, { protocol, frames })
    const rig = new Rig(t, { protocol, url: server.url })
    await rig.client.connect()
    const work = rig.client.subscribe('quotes', [symbol, 'NO-SUCH'])
    const error = await t.throwsAsync(work, { instanceOf: TickbusError }, protocol)
    t.like(error, { code: 'TICKBUS_VENUE_REFUSED' }, protocol)
    t.true(error.message.includes('NO-SUCH'), error.message)
    t.like(rig.client.stats().subscriptions, { wanted: 1, accepted: 1, refused: 1 }, protocol)
    t.deepEqual(rig.faults, [])
  }
})

test('a venue that never answers lets subscribe reject, and is asked to end what it may have begun', async (t) => {
  const heard: string[] = []
  const { url } = await rawServer(t, (socket) => socket.on('message', (text: Buffer) => heard.push(text.toString())))
  const rig = new Rig(t, { protocol: 'bybit-spot', url, answerTimeoutMs: 3_000 })
  await rig.client.connect()
  const subscribing = codeOf(rig.client.subscribe('quotes', ['BTCUSDT']))
  rig.clock.advance(3_000)
  t.is(await subscribing, 'TICKBUS_VENUE_SILENT')
  await rig.until(() => heard.length === 2, 'the second request')
  t.deepEqual(
    heard.map((text) => JSON.parse(text).op),
    ['subscribe', 'unsubscribe'],
  )
  t.like(rig.client.stats().subscriptions, { wanted: 0, unanswered: 1 })
  t.is(rig.client.state, 'open')
})

test('a venue that does not answer for what it had accepted is left for a new connection', async (t) => {
  let connections = 0
  const { url, sockets } = await rawServer(t, (socket) => {
    connections += 1
    if (connections !== 2) {
      socket.on('message', (text: Buffer) => {
        const { req_id, op } = JSON.parse(text.toString())
        socket.send(JSON.stringify({ success: true, ret_msg: '', op, req_id }))
      })
    }
  })
  const rig = new Rig(t, { protocol: 'bybit-spot', url })
  await rig.client.connect()
  await rig.client.subscribe('quotes', ['BTCUSDT'])
  for (const socket of sockets.clients) socket.terminate()
  await rig.meanwhile(() => rig.client.stats().endings.unanswered === 1, 'the end of the second')
  await rig.meanwhile(() => rig.client.stats().subscriptions.accepted === 1, 'the third')
  t.is(connections, 3)
})

test('no more messages are sent in a second than the venue takes', async (t) => {
  let heard = 0
  const { url } = await rawServer(t, (socket) => socket.on('message', () => void (heard += 1)))
  const rig = new Rig(t, { protocol: 'bybit-spot', url })
  await rig.client.connect()
  const symbols = Array.from({ length: 205 }, (_, i) => `S${i}`)
  void codeOf(rig.client.subscribe('quotes', symbols))
  t.like(rig.client.stats(), { sent: 10, unsent: 11 })
  rig.clock.advance(999)
  t.is(rig.client.stats().sent, 10)
  rig.clock.advance(1)
  t.is(rig.client.stats().sent, 20)
  rig.clock.advance(1_000)
  await rig.until(() => heard === 21, 'all requests')
})

test('a slow consumer pauses the socket, and loses nothing that the venue can hold back', async (t) => {
  const frames = Array.from({ length: 20_000 }, (_, i) => ({ receivedNs: i, frame: quote(i) }))
  const server = await serve(t, { protocol: 'binance-spot', frames })
  let release = () => {}
  let isSlow = true
  const ready = () => (isSlow ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve())
  const rig = new Rig(t, { protocol: 'binance-spot', url: server.url, ready, queueFrames: 8_192 })
  let pauses = 0
  rig.client.on('pause', () => void (pauses += 1))
  await rig.client.connect()
  await rig.client.subscribe('quotes', ['BTCUSDT'])
  const played = server.play()
  await rig.until(() => rig.client.stats().isPaused, 'the pause')
  const { waiting, published } = rig.client.stats()
  t.true(waiting >= 2_048 && waiting <= 8_192)
  t.true(published < 1_000)
  isSlow = false
  release()
  await played
  await rig.until(() => rig.client.stats().published === 20_000, 'the last quote')
  t.is(pauses >= 1, true)
  t.like(rig.client.stats(), { isPaused: false, waiting: 0, lost: { overflow: 0, closed: 0 } })
})

test('what does not fit in the queue is counted, and a gap says how much it was', async (t) => {
  const { url } = await rawServer(t, (socket) => {
    for (let i = 0; i < 2_000; i += 1) socket.send(quote(i))
  })
  let release = () => {}
  let looks = 0
  // The first look is at 256 messages: what comes behind them waits.
  const ready = () => (looks++ === 0 ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve())
  const options: Partial<VenueDataClientOptions> = { ready, queueFrames: 600 }
  const rig = new Rig(t, { protocol: 'binance-spot', url, ...options })
  await rig.client.connect()
  await rig.until(() => rig.client.stats().isPaused || rig.client.stats().lost.overflow > 0, 'the pause')
  release()
  await rig.until(() => {
    const { decoded, lost } = rig.client.stats()
    return decoded.frames + lost.overflow === 2_000
  }, 'the last frame')
  const { frames, decoded, lost, missing } = rig.client.stats()
  t.is(frames, decoded.frames + lost.overflow)
  t.is(missing.connection, lost.overflow)
  t.true(lost.overflow > 0)
  t.is(rig.gaps.filter(({ reason }) => reason === 'overflow').length, rig.client.stats().gaps.connection)
})

test('a consumer that fails to make room is a fault, and the next messages come', async (t) => {
  const { url } = await rawServer(t, (socket) => {
    for (let i = 0; i < 600; i += 1) socket.send(quote(i))
  })
  const rig = new Rig(t, { protocol: 'binance-spot', url, ready: () => Promise.reject(new Error('no room')) })
  await rig.client.connect()
  await rig.until(() => rig.client.stats().published === 600, 'the last quote')
  t.true(rig.faults.length >= 1)
  t.true(rig.faults.every((code) => code === 'TICKBUS_INTERNAL'))
})

test('a book whose snapshot cannot be had is asked for again, after waits', async (t) => {
  const { frames, symbol } = venueFrames('binance-spot', 20)
  const server = await serve(t, { protocol: 'binance-spot', frames })
  let fetches = 0
  const fetching: typeof globalThis.fetch = (url, init) => {
    fetches += 1
    if (fetches === 1) return Promise.reject(new Error('the line is down'))
    if (fetches === 2) return Promise.resolve(new Response('{"code":-1003,"msg":"Too much"}', { status: 429 }))
    if (fetches === 3) return Promise.resolve(new Response('garbage'))
    return globalThis.fetch(url, init)
  }
  const { url, snapshotUrl } = server
  const rig = new Rig(t, { protocol: 'binance-spot', url, snapshotUrl, fetch: fetching as never })
  await rig.client.connect()
  await rig.client.subscribe('book', [symbol])
  server.step(20)
  await rig.meanwhile(() => fetches >= 2, 'the second try')
  await rig.meanwhile(() => rig.faults.length >= 2, 'the second fault')
  t.deepEqual(rig.faults.slice(0, 2), ['TICKBUS_VENUE_SNAPSHOT', 'TICKBUS_VENUE_SNAPSHOT'])
  await rig.meanwhile(() => {
    server.step(1)
    return rig.client.book(symbol)?.state === 'live'
  }, 'the book')
  t.pass()
})

test('closing counts what waits, rejects what is awaited, and sets no timer', async (t) => {
  let send = (_from: number): void => {}
  const { url } = await rawServer(t, (socket) => {
    send = (from) => {
      for (let i = from; i < from + 500; i += 1) socket.send(quote(i))
    }
    send(0)
  })
  const rig = new Rig(t, { protocol: 'binance-spot', url, ready: () => new Promise(() => {}) })
  await rig.client.connect()
  const subscribing = codeOf(rig.client.subscribe('quotes', ['BTCUSDT']))
  await rig.until(() => rig.client.stats().decoded.frames > 0, 'the first frames')
  // From here on nobody is ready, however many frames the first read has brought.
  send(500)
  await rig.until(() => rig.client.stats().frames > rig.client.stats().decoded.frames, 'frames that wait')
  await rig.client.close()
  t.is(await subscribing, 'TICKBUS_VENUE_CLOSED')
  t.is(await codeOf(rig.client.subscribe('quotes', ['ETHUSDT'])), 'TICKBUS_VENUE_CLOSED')
  const { frames, decoded, lost, state } = rig.client.stats()
  t.is(frames, decoded.frames + lost.closed + lost.overflow)
  t.true(lost.closed > 0)
  t.is(state, 'closed')
  t.is(rig.clock.timers, 0)
})

test('options, channels and names that cannot be are refused before anything is asked for', async (t) => {
  const { bus, client } = new Rig(t, { protocol: 'bybit-v2' })
  const { VenueDataClient } = await import('tickbus/market')
  const bad = [
    { protocol: 'nasdaq' },
    { url: 'http://x' },
    { snapshotUrl: 'http://x/depth' },
    { staleMs: 0 },
    { queueFrames: 1.5 },
    { channels: { news: 'x' } },
    { bus: {} },
  ]
  for (const options of bad) {
    const open = () => new VenueDataClient({ protocol: 'okx', bus, ...options } as never)
    t.throws(open, { code: 'TICKBUS_ARGUMENT' }, JSON.stringify(options))
  }
  t.is(await codeOf(client.subscribe('quotes', ['BTCUSDT'])), 'TICKBUS_VENUE_CHANNEL')
  t.is(await codeOf(client.subscribe('book', ['BTC USDT'])), 'TICKBUS_ARGUMENT')
  const many = Array.from({ length: 2_001 }, (_, i) => `S${i}`)
  t.is(await codeOf(client.subscribe('book', many)), 'TICKBUS_VENUE_LIMIT')
  t.is(client.stats().subscriptions.wanted, 0)
})
