import test from 'ava'
import { type BookUpdate, type QuoteFields, Tally, type TradeFields } from 'tickbus/market'

const quote: QuoteFields = { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, sequence: 5, eventNs: 6, initNs: 7 }
const trade: TradeFields = { price: 1, size: 2, aggressorSide: 'BUYER', tradeId: '77', eventNs: 6, initNs: 7 }
const book: BookUpdate = {
  kind: 'delta',
  firstSequence: 1,
  lastSequence: 2,
  previousSequence: 0,
  bids: [[1, 2]],
  asks: [
    [3, 4],
    [5, 6],
  ],
  tsEvent: 1_723_161_253_937_085_769n,
  tsInit: 1_723_161_253_937_085_770n,
}

const checksumOf = (fill: (tally: Tally) => void): string => {
  const tally = new Tally()
  fill(tally)
  return tally.report.checksum
}

test('the same messages in the same order have the same checksum', (t) => {
  const fill = (tally: Tally) => {
    tally.addQuote('a', { ...quote })
    tally.addTrade('b', { ...trade })
    tally.addBook('c', structuredClone(book))
  }
  t.is(checksumOf(fill), checksumOf(fill))
})

test('topics are counted', (t) => {
  const tally = new Tally()
  tally.addQuote('a', quote)
  tally.addTrade('b', trade)
  tally.addQuote('a', quote)
  t.deepEqual(tally.report.topics, { a: 2, b: 1 })
})

for (const field of ['bidPrice', 'askPrice', 'bidSize', 'askSize', 'sequence', 'eventNs', 'initNs'] as const) {
  test(`the smallest change of a quote's ${field} changes the checksum`, (t) => {
    const changed = { ...quote, [field]: quote[field] * (1 + Number.EPSILON) }
    t.not(
      checksumOf((tally) => tally.addQuote('a', changed)),
      checksumOf((tally) => tally.addQuote('a', quote)),
    )
  })
}

const tradeChanges: Partial<TradeFields>[] = [
  { price: 9 },
  { size: 9 },
  { aggressorSide: 'SELLER' },
  { tradeId: '78' },
  { eventNs: 9 },
  { initNs: 9 },
]
for (const change of tradeChanges) {
  test(`a trade with ${JSON.stringify(change)} has another checksum`, (t) => {
    t.not(
      checksumOf((tally) => tally.addTrade('a', { ...trade, ...change })),
      checksumOf((tally) => tally.addTrade('a', trade)),
    )
  })
}

const bookChanges: [string, Partial<BookUpdate>][] = [
  ['kind', { kind: 'snapshot' }],
  ['firstSequence', { firstSequence: 9 }],
  ['lastSequence', { lastSequence: 9 }],
  ['previousSequence', { previousSequence: 9 }],
  ['last nanosecond of tsEvent', { tsEvent: book.tsEvent + 1n }],
  ['last nanosecond of tsInit', { tsInit: book.tsInit + 1n }],
  ['bid size', { bids: [[1, 9]] }],
  ['order of asks', { asks: book.asks.toReversed() }],
  [
    'side of a level',
    {
      bids: [
        [1, 2],
        [3, 4],
      ],
      asks: [[5, 6]],
    },
  ],
]
for (const [what, change] of bookChanges) {
  test(`a book update with another ${what} has another checksum`, (t) => {
    t.not(
      checksumOf((tally) => tally.addBook('a', { ...book, ...change })),
      checksumOf((tally) => tally.addBook('a', book)),
    )
  })
}

test('lost, doubled and swapped messages, and those on another topic, change the checksum', (t) => {
  const [first, second] = [
    { ...quote, sequence: 1 },
    { ...quote, sequence: 2 },
  ]
  const all = [
    [
      ['a', first],
      ['a', second],
    ],
    [['a', first]],
    [
      ['a', first],
      ['a', first],
      ['a', second],
    ],
    [
      ['a', second],
      ['a', first],
    ],
    [
      ['a', first],
      ['b', second],
    ],
  ] as const
  const checksums = all.map((messages) =>
    checksumOf((tally) => messages.forEach(([topic, message]) => tally.addQuote(topic, message))),
  )
  t.is(new Set(checksums).size, all.length)
})
