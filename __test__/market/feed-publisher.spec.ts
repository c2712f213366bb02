import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Epoch, type MessageBus } from 'tickbus'
import { feedInstrumentOf, FeedPublisher, MarketDecoder, marketSchema } from 'tickbus/market'
import { codeOf, forEachBackend } from '../conformance/backends.js'
import { instant } from './decoding.js'
import { bundled } from './samples.js'

/** The beginning of a recording: quotes, trades and book updates. */
const [file] = bundled
const { market, symbol } = feedInstrumentOf(file!)
const all = gunzipSync(readFileSync(file!))
const lines = all.subarray(0, all.indexOf('\n', 400_000) + 1)

function heard(bus: MessageBus): [topic: string, message: unknown][] {
  const seen: [string, unknown][] = []
  bus.subscribe('data.*', (message, topic) => void seen.push([topic, message]))
  return seen
}

forEachBackend('a feed publisher', (test, { backend, openBus }) => {
  const open = (bus: MessageBus) => new MarketDecoder({ market, symbols: [symbol], epoch: bus.epoch, backend })

  test('publishes what its decoder says of lines, and counts it', (t) => {
    const bus = openBus(t, { schema: marketSchema, epoch: instant })
    const seen = heard(bus)
    const expected = open(bus).lines(lines)
    t.is(new Set(expected.map(({ kind }) => kind)).size, 3)
    t.is(new FeedPublisher(bus, open(bus)).lines(lines), expected.length)
    t.deepEqual(
      seen,
      expected.map(({ topic, message }) => [topic, message]),
    )
  })

  test('publishes what its decoder says of frames', (t) => {
    const bus = openBus(t, { schema: marketSchema, epoch: instant })
    const seen = heard(bus)
    const frames = lines
      .toString()
      .split('\n')
      .slice(0, 200)
      .map((text) => Buffer.from(text.slice(20)))
    const receivedNs = Float64Array.from(frames, (_, i) => i)
    const expected = open(bus).frames(frames, receivedNs)
    t.is(new FeedPublisher(bus, open(bus)).frames(frames, receivedNs), expected.length)
    t.deepEqual(
      seen,
      expected.map(({ topic, message }) => [topic, message]),
    )
  })

  test('a handler may hand it more lines while it publishes', (t) => {
    const bus = openBus(t, { schema: marketSchema, epoch: instant })
    const publisher = new FeedPublisher(bus, open(bus))
    const first = lines.subarray(0, lines.indexOf('\n', 20_000) + 1)
    let calls = 0
    const seen = heard(bus)
    bus.subscribe('data.*', () => void (++calls === 1 && publisher.lines(first)))
    const count = publisher.lines(first)
    t.is(seen.length, 2 * count)
    // The first message, all of the second hand-over, then the rest of the first.
    const inner = seen.slice(1, count + 1)
    t.deepEqual([seen[0]!, ...seen.slice(count + 1)], inner)
  })

  test('a decoder with another epoch than that of the bus is refused', (t) => {
    const bus = openBus(t, { schema: marketSchema, epoch: instant })
    const decoder = new MarketDecoder({ market, epoch: new Epoch(instant + 1n), backend })
    t.is(
      codeOf(() => new FeedPublisher(bus, decoder)),
      'TICKBUS_ARGUMENT',
    )
  })
})
