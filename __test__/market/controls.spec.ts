// What venues say beside their data. All frames are written by hand from their public documentation.
import test from 'ava'
import type { Quote } from 'tickbus'
import type { FeedMarket } from 'tickbus/market'
import { backends, framesOf, messageOf, open } from './decoding.js'

/** A frame beside the data for each kind that a venue has. */
const said: readonly (readonly [FeedMarket, string, unknown])[] = [
  ['spot', 'reply', { result: null, id: 1 }],
  ['spot', 'error', { error: { code: 2, msg: 'Invalid request' }, id: 2 }],
  ['spot', 'status', { e: 'serverShutdown', E: 1_723_161_253_000 }],
  ['bybit-linear', 'heartbeat', { success: true, ret_msg: 'pong', op: 'ping' }],
  ['bybit-linear', 'reply', { success: true, ret_msg: '', op: 'subscribe' }],
  ['bybit-linear', 'error', { success: false, ret_msg: 'error:handler not found', op: 'subscribe' }],
  ['coinbase', 'heartbeat', { type: 'heartbeat', sequence: 1, product_id: 'A-B', time: '2024-08-08T23:54:13Z' }],
  ['coinbase', 'reply', { type: 'subscriptions', channels: [] }],
  ['coinbase', 'status', { type: 'status', products: [] }],
  ['coinbase', 'error', { type: 'error', message: 'Failed to subscribe', reason: 'A-B is not valid' }],
  ['kraken', 'heartbeat', { event: 'heartbeat' }],
  ['kraken', 'heartbeat', { method: 'pong', req_id: 1 }],
  ['kraken', 'status', { event: 'systemStatus', status: 'online' }],
  ['kraken', 'status', { channel: 'status', type: 'update', data: [{ system: 'online' }] }],
  ['kraken', 'reply', { event: 'subscriptionStatus', status: 'subscribed', pair: 'A/B' }],
  ['kraken', 'reply', { method: 'subscribe', success: true, result: { channel: 'book' } }],
  ['kraken', 'error', { event: 'subscriptionStatus', status: 'error', errorMessage: 'Currency pair not supported' }],
  ['kraken', 'error', { error: 'Symbol not found', method: 'subscribe', success: false }],
  ['okx', 'heartbeat', 'pong'],
  ['okx', 'reply', { event: 'subscribe', arg: { channel: 'books', instId: 'A-B' } }],
  ['okx', 'status', { event: 'notice', code: '64008', msg: 'The connection will soon be closed' }],
  ['okx', 'error', { event: 'error', code: '60012', msg: 'Invalid request' }],
]

for (const backend of backends) {
  test(`what a venue says beside its data is counted by kind, and can be read [${backend}]`, (t) => {
    for (const [market, kind, frame] of said) {
      const decoder = open(backend, { market })
      t.deepEqual(framesOf(decoder, ['{', frame]), [])
      t.deepEqual(decoder.report.controls, [{ name: kind, count: 1 }], JSON.stringify(frame))
      t.like(decoder.counts, { ignored: 1, rejected: 1, controls: kind === 'heartbeat' ? 0 : 1 })
      const text = typeof frame === 'string' ? frame : JSON.stringify(frame)
      const expected = kind === 'heartbeat' ? [] : [{ kind, text, frame: 2, offset: 1 }]
      t.deepEqual(decoder.takeControls(), expected as never)
      t.deepEqual(decoder.takeControls(), [])
    }
  })

  test(`data that is not decoded is not taken for something else [${backend}]`, (t) => {
    const decoder = open(backend)
    framesOf(decoder, [
      { e: 'kline', s: 'A' },
      { e: 'aggTrade', s: 'A' },
    ])
    t.deepEqual(decoder.report.controls, [])
    t.is(decoder.counts.ignored, 2)
  })

  test(`of a long frame 200 bytes are kept, in whole characters [${backend}]`, (t) => {
    // Ten bytes of JSON and those of the padding stand before characters of four bytes each.
    for (const [padding, kept] of [
      [2, 200],
      [3, 197],
      [4, 198],
      [5, 199],
    ] as const) {
      const decoder = open(backend)
      const text = `{"error":"${'x'.repeat(padding)}${'😀'.repeat(100)}"}`
      framesOf(decoder, [text])
      const [event] = decoder.takeControls()
      t.is(Buffer.byteLength(event!.text), kept)
      t.true(text.startsWith(event!.text))
    }
  })

  test(`what nobody takes is bounded, and the rest is counted [${backend}]`, (t) => {
    const decoder = open(backend)
    const replies = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ result: null, id: from + i }))
    framesOf(decoder, replies(0, 100))
    t.is(decoder.report.controlsLost, 36)
    const taken = decoder.takeControls()
    t.is(taken.length, 64)
    t.is(taken.at(-1)!.text, '{"result":null,"id":63}')
    framesOf(decoder, replies(100, 1))
    t.is(decoder.takeControls()[0]!.text, '{"result":null,"id":100}')
    t.deepEqual(decoder.report.controls, [{ name: 'reply', count: 101 }])
  })

  test(`a clock that goes back is counted, and reported with the frame [${backend}]`, (t) => {
    const decoder = open(backend)
    const frame = Buffer.from('{"id":1}')
    decoder.frames([frame, frame, frame, Buffer.from('{'), frame], Float64Array.of(5, 3, 3, 1, 9))
    t.is(decoder.counts.clockJumps, 2)
    t.deepEqual(decoder.report.clockJumps, [
      { frame: 2, offset: 8, backNs: 2 },
      { frame: 4, offset: 24, backNs: 2 },
    ])
  })

  test(`a frame that was received too far from the epoch, or at no time, is rejected [${backend}]`, (t) => {
    const decoder = open(backend)
    const frame = Buffer.from('{"u":1,"s":"A","b":"1","B":"1","a":"1","A":"1"}')
    const messages = decoder.frames([frame, frame, frame, frame], Float64Array.of(9e15, 9.1e15, NaN, -Infinity))
    t.is(messages.length, 1)
    t.deepEqual(decoder.report.rejected, [{ name: 'reach', count: 3 }])
  })

  for (const [where, apart] of [
    ['in one piece of memory', false],
    ['apart in memory', true],
  ] as const) {
    test(`frames ${where} for which no receive time was given are rejected, and counted [${backend}]`, (t) => {
      const all = Buffer.concat(
        Array.from({ length: 6 }, () => Buffer.from('{"u":1,"s":"A","b":"1","B":"1","a":"1","A":"1"}')),
      )
      const length = all.length / 6
      const frames = Array.from({ length: 6 }, (_, i) => {
        const frame = new Uint8Array(all.buffer, all.byteOffset + i * length, length)
        return apart ? frame.slice() : frame
      })
      for (const times of [2, 0]) {
        const decoder = open(backend)
        const messages = decoder.frames(frames, Float64Array.of(1, 2).subarray(0, times))
        t.deepEqual([messages.length, decoder.counts.frames, decoder.counts.rejected], [times, 6, 6 - times])
        t.deepEqual(decoder.report.rejected, [{ name: 'reach', count: 6 - times }])
      }
    })
  }

  test(`times of Binance are milliseconds or microseconds, by their digits [${backend}]`, (t) => {
    const quote = { u: 1, s: 'A', b: '1', B: '1', a: '1', A: '1' }
    const at = (T: number | string) => (messageOf(open(backend), { ...quote, T }) as Quote).tsEvent
    t.is(at(1_723_161_253_001), 1_723_161_253_001_000_000n)
    t.is(at(1_723_161_253_001_002), 1_723_161_253_001_002_000n)
    t.is(at('1723161253999999'), 1_723_161_253_999_999_000n)
    for (const T of [172_316_125_300_100, 17_231_612_530_010_020n]) {
      const decoder = open(backend)
      framesOf(decoder, [JSON.stringify({ ...quote, T: 0 }).replace('"T":0', `"T":${T}`)])
      t.is(decoder.counts.rejected, 1)
    }
  })
}
