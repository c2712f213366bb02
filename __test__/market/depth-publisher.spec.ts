import type { Depth, MessageBus } from 'tickbus'
import { DepthPublisher, marketSchema, OrderBooks } from 'tickbus/market'
import { collected, fixture } from '../conformance/asking.js'
import { forEachBackend } from '../conformance/backends.js'

function frame(type: 'snapshot' | 'delta', u: number, b: string[][], a: string[][], s = 'A'): Buffer {
  const data = { s, b, a, u, seq: u }
  return Buffer.from(JSON.stringify({ topic: `orderbook.50.${s}`, type, ts: 1_723_161_256_304, data }))
}

const bids = Array.from({ length: 12 }, (_, i) => [String(100 - i), '1'])
const asks = [['101', '2']]

forEachBackend('depths', (test, { backend, openBus }) => {
  const opened = (bus: MessageBus) => {
    const books = new OrderBooks({ market: 'bybit-linear', epoch: bus.epoch, backend })
    const depths = new DepthPublisher(bus, books)
    const feed = (...frames: Buffer[]) => {
      books.frames(frames, new Float64Array(frames.length).fill(7))
      return depths.publish()
    }
    return { books, feed }
  }
  const options = { schema: marketSchema, epoch: 1_723_161_253_000_000_000n }

  test('a changed book is published once for a batch, and only if its best ten levels are others', (t) => {
    const bus = openBus(t, options)
    const { feed } = opened(bus)
    const seen: Depth[] = []
    bus.subscribe('data.depth.BYBIT.A-LINEAR', (depth: Depth) => seen.push(depth))
    t.is(feed(frame('snapshot', 1, bids, asks), frame('delta', 2, [['100', '5']], [])), 1)
    t.is(
      feed(
        frame(
          'delta',
          3,
          [
            ['90', '9'],
            ['20', '9'],
          ],
          [],
        ),
      ),
      0,
    )
    t.is(feed(frame('delta', 4, [['91', '0']], [])), 1)
    t.deepEqual(
      seen.map(({ sequence }) => sequence),
      [2, 4],
    )
    t.deepEqual(
      [seen[0]!.bids.length, seen[0]!.bids[0], seen[1]!.bids[9]],
      [10, { price: 100, size: 5, count: 0 }, { price: 90, size: 9, count: 0 }],
    )
    t.deepEqual(seen[0]!.asks, [{ price: 101, size: 2, count: 0 }])
    t.is(seen[0]!.tsEvent, 1_723_161_256_304_000_000n)
  })

  test('a book that goes stale is published once without levels, and again when a snapshot has come', (t) => {
    const bus = openBus(t, options)
    const { feed } = opened(bus)
    const seen: number[] = []
    bus.subscribe('data.depth.*', ({ bids: levels }: Depth) => seen.push(levels.length))
    feed(frame('snapshot', 1, bids, asks))
    t.is(feed(frame('delta', 9, [], [])), 1)
    t.is(feed(frame('delta', 10, [], [])), 0)
    feed(frame('snapshot', 11, bids, asks))
    t.deepEqual(seen, [10, 0, 10])
  })

  test('another thread reads depths as records', async (t) => {
    const bus = openBus(t, options)
    const { feed } = opened(bus)
    const [thread] = (await bus.spawn(fixture('collector.mjs'), { workerData: { pattern: 'data.depth.*' } })).threadIds
    t.is(feed(frame('snapshot', 1, bids, asks), frame('snapshot', 1, bids.slice(3), asks, 'B')), 2)
    const { seen } = await collected(bus, thread!, 2)
    t.deepEqual(
      seen.map(({ topic }) => topic),
      ['data.depth.BYBIT.A-LINEAR', 'data.depth.BYBIT.B-LINEAR'],
    )
    const message = seen[1]!.message as unknown as Depth
    t.deepEqual(
      message.bids.map(({ price }) => price),
      [97, 96, 95, 94, 93, 92, 91, 90, 89],
    )
    t.deepEqual([message.asks, message.sequence], [[{ price: 101, size: 2, count: 0 }], 1])
  })
})
