import test, { type ExecutionContext } from 'ava'
import { backends } from '../conformance/backends.js'
import { bundled, line, Scratch } from '../market/samples.js'
import { main, run, tickbus } from './command.js'

/** A recording of a snapshot, an update, and another one before which one is missing. */
function recording(t: ExecutionContext): string {
  const update = { e: 'depthUpdate', E: 1_700_000_000_000, s: 'BTCUSDT' }
  return new Scratch(t).recording('spot_btcusdt.gz', [
    line(1, { lastUpdateId: 2, bids: [['99.5', '1.25']], asks: [['100', '3']] }),
    line(2, { ...update, U: 3, u: 4, b: [['99.6', '2']], a: [] }),
    line(3, { ...update, U: 6, u: 7, b: [], a: [] }),
  ])
}

test('--at prints the book as it was then, best levels first', async (t) => {
  const at = '1700000000000000002'
  const { code, stdout } = await tickbus('books', recording(t), '--at', at, '--levels', '1', '--json')
  t.is(code, 0)
  const document = JSON.parse(stdout)
  t.is(document.at, at)
  t.like(document.books[0], {
    instrument: 'BTCUSDT.BINANCE',
    continuity: 'binance-spot',
    state: 'live',
    fault: null,
    lastSeq: 4,
    tsEvent: '1700000000000000000',
    tsInit: at,
    bids: [[99.6, 2]],
    asks: [[100, 3]],
  })
})

test('a book that went stale is printed with the reason, and without levels', async (t) => {
  const { code, stdout } = await tickbus('books', recording(t))
  t.is(code, 0)
  t.regex(stdout, /^BTCUSDT\.BINANCE: stale \(gap\), binance-spot, last 4, received 2023-11-14T22:13:20\.000000003Z\n/)
  t.regex(stdout, /snapshots 1, updates 1, gap 1/)
  t.notRegex(stdout, /99\.6/)
})

test('a time before the first line leaves the book empty', async (t) => {
  const { stdout } = await tickbus('books', recording(t), '--at', '2023-11-14T22:13:20Z')
  t.regex(stdout, /^BTCUSDT\.BINANCE: empty, .*nothing received/)
})

test('both backends print the same bytes for the recordings of the package', async (t) => {
  const at = '2024-08-08T23:54:20.5Z'
  const printed = await Promise.all(
    backends.map((backend) => run([main, 'books', ...bundled, '--at', at, '--json'], { TICKBUS_BACKEND: backend })),
  )
  for (const { code, stdout } of printed) {
    t.is(code, 0)
    t.is(stdout, printed[0]!.stdout)
  }
  const { books } = JSON.parse(printed[0]!.stdout)
  t.is(books.length, bundled.length)
  for (const { state, bids, asks } of books) t.deepEqual([state, bids.length, asks.length], ['live', 10, 10])
})

for (const [what, args, says] of [
  ['no file', ['books'], /missing required argument/],
  ['a time that is none', ['books', 'x.gz', '--at', 'noon'], /UNIX nanoseconds, or a time like/],
  ['no levels', ['books', 'x.gz', '--levels', '0'], /whole number from 1 to 65,536/],
] as const) {
  test(`${what} exits with 2 and says what to do`, async (t) => {
    const { code, stderr } = await tickbus(...args)
    t.is(code, 2)
    t.regex(stderr, says)
  })
}
