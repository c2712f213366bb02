import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { type BookUpdate, type Continuity, type Level, OrderBook, type OrderBookOptions } from 'tickbus/market'
import { backends } from './decoding.js'

type Change = ['bid' | 'ask', price: number, size: number]

/** An update with numbers `first` to `last`; `previous` where the venue gives one. */
function delta(first: number, last = first, changes: readonly Change[] = [], previous?: number): BookUpdate {
  const levels = (side: string): Level[] =>
    changes.filter(([of]) => of === side).map(([, price, size]) => [price, size])
  const time = BigInt(last) * 1_000n
  return {
    kind: 'delta',
    firstSequence: first,
    lastSequence: last,
    ...(previous !== undefined && { previousSequence: previous }),
    bids: levels('bid'),
    asks: levels('ask'),
    tsEvent: time,
    tsInit: time,
  }
}

const TOP: Change[] = [
  ['bid', 100, 1],
  ['ask', 101, 2],
]

function snapshot(last: number, changes: readonly Change[] = TOP): BookUpdate {
  return { ...delta(last, last, changes), kind: 'snapshot' }
}

/** Every level in order, the best first, out of all changes. */
function oracle(side: 'bid' | 'ask', changes: readonly Change[]): Level[] {
  const levels = new Map<number, number>()
  for (const [of, price, size] of changes) {
    if (of !== side) continue
    if (size === 0) levels.delete(price)
    else levels.set(price, size)
  }
  return [...levels].toSorted(([a], [b]) => (side === 'bid' ? b - a : a - b))
}

const side = fc.constantFrom('bid' as const, 'ask' as const)
const size = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 50 }) },
)
const change = fc
  .tuple(side, fc.integer({ min: 1, max: 200 }), size)
  .map(([of, at, amount]): Change => [of, of === 'bid' ? 1_000 - at : 1_000 + at, amount])
const frames = fc.array(fc.array(change, { maxLength: 60 }), { minLength: 1, maxLength: 12 })

for (const backend of backends) {
  const open = (options: OrderBookOptions) => new OrderBook(options, backend)
  const live = (continuity: Continuity, last: number) => {
    const book = open({ continuity })
    book.apply(snapshot(last))
    return book
  }

  testProp(`a book is what all changes together make [${backend}]`, [frames], (t, updates) => {
    const book = open({ continuity: 'plus-one' })
    for (const [i, changes] of updates.entries()) {
      book.apply(i === 0 ? snapshot(1, changes) : delta(i + 1, i + 1, changes))
      const all = updates.slice(0, i + 1).flat()
      const [bids, asks] = [oracle('bid', all), oracle('ask', all)]
      t.deepEqual(book.depth(1_000), { bids, asks })
      t.deepEqual([book.best('bid'), book.best('ask')], [bids[0], asks[0]])
      for (const [of, levels] of [['bid', bids] as const, ['ask', asks] as const]) {
        const five = levels.slice(0, 5)
        if (five.length === 0) continue
        const volume = five.reduce((sum, [, amount]) => sum + amount, 0)
        const [price] = five.at(-1)!
        t.is(book.volumeTo(of, price), volume)
        t.is(book.priceFor(of, volume), price)
      }
    }
  })

  testProp(
    `a full book is right as far as it reaches [${backend}]`,
    [frames, fc.integer({ min: 10, max: 40 })],
    (t, updates, limit) => {
      const book = open({ continuity: 'plus-one', limit })
      for (const [i, changes] of updates.entries()) {
        book.apply(i === 0 ? snapshot(1, changes) : delta(i + 1, i + 1, changes))
        const all = updates.slice(0, i + 1).flat()
        const { bids, asks } = book.depth(1_000)!
        for (const [of, found] of [['bid', bids] as const, ['ask', asks] as const]) {
          const expected = oracle(of, all)
          const reach = book.reach(of) ?? (of === 'bid' ? 0 : Infinity)
          const within = ([price]: Level) => (of === 'bid' ? price >= reach : price <= reach)
          t.true(found.length <= limit)
          t.deepEqual(found.filter(within), expected.filter(within))
          const prices = new Map(expected)
          t.true(found.every(([price, amount]) => prices.get(price) === amount))
        }
      }
    },
  )

  testProp(
    `no order of updates, with gaps and repetitions, makes a book that answers wrongly [${backend}]`,
    [
      fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 30 }),
      fc.array(fc.array(change, { minLength: 1, maxLength: 5 }), { minLength: 9, maxLength: 9 }),
      fc.constantFrom('binance-spot' as const, 'binance-futures' as const, 'plus-one' as const, 'previous' as const),
    ],
    (t, order, changes, continuity) => {
      const book = open({ continuity })
      book.apply(snapshot(1, changes[0]!))
      for (const which of order) {
        const last = which + 1
        book.apply(delta(continuity === 'binance-futures' ? last - 1 : last, last, changes[which]!, last - 1))
        const expected = oracle('bid', changes.slice(0, book.lastSequence).flat())
        if (book.state === 'live') t.deepEqual(book.depth(1_000)!.bids, expected)
        else t.is(book.depth(1_000), undefined)
      }
      t.pass()
    },
  )

  test(`an update of spot follows the snapshot if it holds the next change [${backend}]`, (t) => {
    const cases = [
      [8, 11, 'live'],
      [11, 11, 'live'],
      [12, 12, 'stale'],
    ] as const
    for (const [first, last, state] of cases) t.is(live('binance-spot', 10).apply(delta(first, last)), state)
    const book = live('binance-spot', 10)
    book.apply(delta(8, 10))
    t.is(book.counts.late, 1)
    book.apply(delta(9, 12))
    t.is(book.apply(delta(12, 13)), 'stale')
  })

  test(`an update of futures follows the snapshot if it holds its change, then the update that it names [${backend}]`, (t) => {
    const cases = [
      [8, 12, 7, 'live'],
      [10, 10, 7, 'live'],
      [11, 12, 10, 'live'],
      [11, 12, 9, 'stale'],
    ] as const
    for (const [first, last, previous, state] of cases) {
      t.is(live('binance-futures', 10).apply(delta(first, last, [], previous)), state)
    }
    const book = live('binance-futures', 10)
    t.is(book.apply(delta(3, 9, [['bid', 99, 1]], 2)), 'live')
    t.deepEqual(book.depth(9)!.bids, [[100, 1]])
    book.apply(delta(8, 12, [], 7))
    book.apply(delta(20, 25, [], 12))
    t.is(book.apply(delta(8, 12, [], 7)), 'live')
    t.is(book.apply(delta(30, 35, [], 26)), 'stale')
    t.like(book.counts, { late: 2, gap: 1, updates: 2 })
  })

  test(`numbers that begin anew follow where they name the last one [${backend}]`, (t) => {
    const book = live('previous', 10)
    t.is(book.apply(delta(10, 10, [], 10)), 'live')
    t.is(book.apply(delta(3, 3, [], 10)), 'live')
    t.is(book.apply(delta(4, 4, [], 10)), 'stale')
  })

  test(`updates before the snapshot are applied to it [${backend}]`, (t) => {
    const book = open({ continuity: 'binance-spot' })
    book.apply(delta(1, 5, [['bid', 50, 1]]))
    book.apply(delta(6, 9, [['bid', 51, 1]]))
    t.is(book.apply(delta(10, 12, [['bid', 52, 1]])), 'empty')
    t.is(book.apply(snapshot(7)), 'live')
    t.deepEqual(book.depth(9)!.bids, [
      [100, 1],
      [52, 1],
      [51, 1],
    ])
    t.like(book.counts, { late: 1, updates: 2, snapshots: 1 })
    t.is(book.tsEvent, 12_000n)
  })

  test(`a snapshot heals a gap with the updates that came since, if it is not older [${backend}]`, (t) => {
    const book = live('binance-spot', 10)
    book.apply(delta(13, 14))
    book.apply(delta(15, 16, [['ask', 150, 3]]))
    t.deepEqual([book.state, book.fault], ['stale', 'gap'])
    t.is(book.apply(snapshot(11)), 'stale')
    t.is(book.apply(snapshot(13)), 'live')
    t.is(book.fault, undefined)
    t.deepEqual(book.depth(9)!.asks, [
      [101, 2],
      [150, 3],
    ])
    t.is(book.apply(snapshot(12)), 'live')
    t.deepEqual([book.lastSequence, book.counts.late], [16, 1])
  })

  test(`updates that wait for a snapshot take bounded memory, and the latest are kept [${backend}]`, (t) => {
    const book = open({ continuity: 'binance-spot' })
    const count = 3 * 16_384
    for (let number = 1; number <= count; number += 1) book.apply(delta(number))
    const { early } = book.counts
    t.true(early >= count - 16_384 && early < count)
    t.is(book.apply(snapshot(early)), 'live')
    t.is(book.lastSequence, count)
    t.like(book.counts, { late: 0, updates: count - early })
  })

  test(`where the snapshot comes in the stream nothing waits for it [${backend}]`, (t) => {
    const book = open({ continuity: 'unverified' })
    book.apply(delta(0, 0, [['bid', 50, 1]]))
    book.apply(snapshot(0))
    t.deepEqual(book.depth(9)!.bids, [[100, 1]])
    t.is(book.counts.early, 1)
  })

  test(`a book that was invalidated answers nothing until the next snapshot, and drops what waits for one [${backend}]`, (t) => {
    const book = live('binance-spot', 10)
    t.is(book.invalidate(), 'stale')
    t.deepEqual([book.fault, book.depth(1), book.bidPrice, book.lastSequence], ['invalidated', undefined, NaN, 10])
    // Nothing says that what comes next follows on this one.
    book.apply(delta(11))
    t.is(book.invalidate(), 'stale')
    t.is(book.apply(snapshot(10)), 'live')
    t.deepEqual([book.lastSequence, book.fault, book.counts.invalidated], [10, undefined, 1])
    t.is(open({ continuity: 'unverified' }).invalidate(), 'empty')
  })

  test(`a book that crosses answers nothing until a snapshot comes [${backend}]`, (t) => {
    for (const price of [101, 102]) {
      const book = live('plus-one', 1)
      t.is(book.apply(delta(2, 2, [['bid', price, 1]])), 'stale')
      t.is(book.fault, 'crossed')
      t.deepEqual(
        [book.best('bid'), book.depth(5), book.volumeTo('bid', 1), book.priceFor('bid', 1)],
        [undefined, undefined, undefined, undefined],
      )
      t.is(book.apply(delta(3)), 'stale')
      t.is(book.apply(snapshot(9)), 'live')
      t.like(book.counts, { crossed: 1, early: 1, snapshots: 2 })
    }
  })

  test(`a level that cannot be makes the book stale [${backend}]`, (t) => {
    const cases: [number, number][] = [
      [0, 1],
      [-1, 1],
      [NaN, 1],
      [Infinity, 1],
      [1, -1],
      [1, NaN],
    ]
    for (const [price, amount] of cases) {
      const book = live('plus-one', 1)
      t.is(book.apply(delta(2, 2, [['bid', price, amount]])), 'stale', `${amount} at ${price}`)
      t.is(book.fault, 'level')
    }
  })

  test(`a book whose snapshot was cut off says so while the end of it is near the top [${backend}]`, (t) => {
    const levels = Array.from({ length: 12 }, (_, i): Change[] => [
      ['bid', 100 - i, 1],
      ['ask', 101 + i, 1],
    ])
    const book = open({ continuity: 'binance-spot', snapshotLevels: 12 })
    book.apply(snapshot(1, levels.flat()))
    t.deepEqual([book.reach('bid'), book.reach('ask')], [89, 112])
    book.apply(
      delta(2, 2, [
        ['bid', 70, 5],
        ['bid', 100, 0],
        ['bid', 99, 0],
      ]),
    )
    t.is(book.state, 'live')
    t.deepEqual([book.volumeTo('bid', 89), book.volumeTo('bid', 88)], [10, undefined])
    t.deepEqual([book.priceFor('bid', 10), book.priceFor('bid', 11)], [89, undefined])
    t.is(book.apply(delta(3, 3, [['bid', 98, 0]])), 'thinned')
    t.deepEqual(book.best('bid'), [97, 1])
    t.is(book.apply(delta(4, 4, [['bid', 98, 1]])), 'live')
    t.is(book.counts.thinned, 1)
  })

  test(`a window keeps the levels that the venue tells of, as the whole of what is known [${backend}]`, (t) => {
    const book = open({ continuity: 'unverified', window: 2 })
    book.apply(
      snapshot(0, [
        ['bid', 10, 1],
        ['bid', 9, 1],
        ['ask', 20, 1],
      ]),
    )
    t.is(book.apply(delta(0, 0, [['bid', 11, 1]])), 'live')
    t.deepEqual(book.depth(9)!.bids, [
      [11, 1],
      [10, 1],
    ])
  })

  test(`an option that is out of range is refused by its name [${backend}]`, (t) => {
    const cases = [
      [{ continuity: 'plus-one', limit: 9 }, 'limit'],
      [{ continuity: 'plus-one', window: 0 }, 'window'],
      [{ continuity: 'plus-one', snapshotLevels: 1.5 }, 'snapshotLevels'],
      [{ continuity: 'checksum' }, 'checksum'],
    ] as const
    for (const [options, name] of cases) {
      t.throws(() => open(options), { code: 'TICKBUS_ARGUMENT', message: new RegExp(`argument ${name}:`) })
    }
  })
}
