import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { instrumentVenues, parseInstruments } from 'tickbus/market'
import { written } from './lists.js'

const binance = written.find(({ url }) => url.startsWith('https://api.binance.com'))!

const refused = { code: 'TICKBUS_INSTRUMENTS' }

for (const { url, body } of written) {
  test(`a list that is cut off is refused: ${url}`, (t) => {
    const lengths = [1, 0.2, 0.5, 0.9].map((part) => Math.floor(body.length * part) - 1)
    for (const length of lengths) t.throws(() => parseInstruments(url, body.slice(0, length)), refused)
  })

  test(`what is no list is refused: ${url}`, (t) => {
    const bodies = ['', ' ', 'null', 'true', '7', '"text"', '{}', '<html><body>502 Bad Gateway</body></html>', '\u0000']
    for (const other of bodies) t.throws(() => parseInstruments(url, other), refused)
  })

  test(`bytes and other things that are no text are refused: ${url}`, (t) => {
    for (const other of [Buffer.from(body), undefined, null, 5, {}]) {
      t.throws(() => parseInstruments(url, other as never), refused)
    }
  })
}

/** What venues answer instead of a list, and what of it the error repeats. */
const replies: [venue: string, body: string, said: RegExp][] = [
  ['ascendex', '{"code":100001,"message":"INVALID_HTTP_INPUT"}', /INVALID_HTTP_INPUT/],
  ['bequant', '{"error":{"code":429,"message":"Too many requests"}}', /Too many requests/],
  ['binance', '{"code":-1003,"msg":"Too many requests."}', /Too many requests/],
  ['binance_us', '{"code":-1121,"msg":"Invalid symbol."}', /Invalid symbol/],
  ['bitget', '{"code":"40034","msg":"Parameter does not exist","data":[]}', /Parameter does not exist/],
  ['bitmex', '{"error":{"message":"Rate limit exceeded","name":"HTTPError"}}', /Rate limit exceeded/],
  ['bitstamp', '{"status":"error","reason":"x","code":"API0001","message":"Maintenance"}', /Maintenance/],
  ['bittrex', '{"code":"MAINTENANCE"}', /not the reply that is documented/],
  ['blockchain', '{"status":500,"error":"Internal Server Error"}', /Internal Server Error/],
  ['bybit', '{"ret_code":10006,"ret_msg":"Too many visits!","result":[]}', /Too many visits/],
  ['bybit', '{"retCode":10001,"retMsg":"Illegal category","result":{"list":[]}}', /Illegal category/],
  ['coinbase', '{"message":"NotFound"}', /NotFound/],
  ['deribit', '{"jsonrpc":"2.0","error":{"message":"Invalid params","code":-32602}}', /Invalid params/],
  ['gateio', '{"label":"TOO_MANY_REQUESTS","message":"Request Rate limit Exceeded"}', /Rate limit/],
  ['hitbtc', '{"error":{"code":500,"message":"Internal Server Error","description":""}}', /Internal Server Error/],
  ['huobi', '{"status":"error","err-code":"x","err-msg":"invalid parameter","data":[]}', /invalid parameter/],
  ['kraken', '{"error":["EGeneral:Internal error"],"result":{}}', /EGeneral:Internal error/],
  ['okcoin', '{"code":"50011","data":[],"msg":"Rate limit reached"}', /Rate limit reached/],
  ['okx', '{"code":"51000","data":[],"msg":"Parameter instType error"}', /Parameter instType error/],
  ['poloniex', '{"code":500,"message":"System error"}', /System error/],
  ['probit', '{"errorCode":"INVALID_ARGUMENT","message":"","details":{}}', /INVALID_ARGUMENT/],
]

for (const [venue, body, message] of replies) {
  test(`an error reply of ${venue} is refused with what it says: ${message.source}`, (t) => {
    t.throws(() => parseInstruments(venue, body), { ...refused, message })
  })
}

test('Bithumb is refused without the URL, which alone says the quote', (t) => {
  const { body } = written.find(({ venue }) => venue === 'bithumb')!
  t.throws(() => parseInstruments('BITHUMB', body), { ...refused, message: /give the URL/ })
  t.throws(() => parseInstruments('https://api.bithumb.com/public/ticker/ALL_../x', body), refused)
})

test('a venue or host that nobody knows is refused', (t) => {
  const sources = ['', 'NASDAQ', '__proto__', 'constructor', 'https://example.com/api.binance.com', 'http://', 'a://b']
  for (const source of sources) t.throws(() => parseInstruments(source, '[]'), refused)
})

test('a bad entry is skipped with its position and reason, and the rest goes on', (t) => {
  const good = JSON.stringify(JSON.parse(binance.body).symbols[0])
  const entries = [
    'null',
    '[]',
    '7',
    good,
    '{}',
    good.replace('"baseAsset":"BTC"', '"baseAsset":true'),
    good.replace('"tickSize":"0.01000000"', '"tickSize":"1e999"'),
    good.replace('"symbol":"BTCUSDT"', '"symbol":"BTC*"'),
    good,
    good.replace('"symbol":"BTCUSDT"', '"symbol":"ETHUSDT","marginAsset":"USDT","contractType":""'),
  ]
  const { instruments, skipped, samples, ...rest } = parseInstruments('BINANCE', `{"symbols":[${entries.join(',')}]}`)
  t.deepEqual(rest, { venue: 'BINANCE', entries: 10 })
  t.deepEqual(
    instruments.map(({ id }) => id),
    ['BTCUSDT.BINANCE'],
  )
  t.deepEqual(skipped, { object: 3, field: 4, kind: 1, duplicate: 1 })
  t.deepEqual(
    samples.map(({ position, reason, field }) => [position, reason, field]),
    [
      [0, 'object', undefined],
      [1, 'object', undefined],
      [2, 'object', undefined],
      [4, 'field', 'symbol'],
      [5, 'field', 'baseAsset'],
      [6, 'field', 'filters.tickSize'],
      [7, 'field', 'symbol'],
      [8, 'duplicate', undefined],
      [9, 'kind', 'contractType'],
    ],
  )
})

test('however many entries are bad, all are counted and 64 are described', (t) => {
  const { skipped, samples, entries } = parseInstruments('HITBTC', `[${'0,'.repeat(99_999)}0]`)
  t.deepEqual([skipped.object, entries, samples.length], [100_000, 100_000, 64])
})

test('a field may be missing, null or empty: it is then not given', (t) => {
  const entry = { id: 'A', base_currency: 'A', quote_currency: 'B', base_increment: null, min_market_funds: '' }
  const { instruments } = parseInstruments('COINBASE', JSON.stringify([entry]))
  const given = Object.entries(instruments[0]!).filter(([, value]) => value !== undefined)
  t.deepEqual(Object.fromEntries(given), {
    id: 'A.COINBASE',
    venue: 'COINBASE',
    symbol: 'A',
    pair: 'A/B',
    base: 'A',
    quote: 'B',
    kind: 'spot',
    isInverse: false,
  })
})

test('numbers keep the decimals that the venue wrote, as text or as number', (t) => {
  const entry = (tick: string) => `{"id":"X","baseCurrency":"X","quoteCurrency":"Y","tickSize":${tick}}`
  const precisions = ['"0.000100"', '0.000100', '1e-8', '"1e-8"', '0.1234567890123450', '5'].map((tick) => {
    const [found] = parseInstruments('HITBTC', `[${entry(tick)}]`).instruments
    return found?.pricePrecision
  })
  t.deepEqual(precisions, [4, 4, 8, 8, 15, 0])
})

for (const broken of [
  '[01]',
  '[1.]',
  '[.5]',
  '[-]',
  '[1e]',
  '[{1:2}]',
  '[1 2]',
  '["a 5, 6 ]',
  '[+1]',
  '[1,]',
  '[NaN]',
]) {
  test(`numbers that are no JSON do not become JSON by being kept as text: ${broken}`, (t) => {
    t.throws(() => JSON.parse(broken))
    t.throws(() => parseInstruments('HITBTC', broken), refused)
  })
}

test('a status in a word that nobody knows is unknown, also where it is the name of a method', (t) => {
  for (const word of ['WHATEVER', 'constructor', 'toString', '__proto__']) {
    const body = binance.body.replaceAll('"status":"TRADING"', `"status":"${word}"`)
    t.is(parseInstruments('BINANCE', body).instruments[0]?.status, 'unknown')
  }
})

test('names of methods and prototypes are no fields', (t) => {
  const entry = '{"__proto__":{"id":"A","baseCurrency":"A","quoteCurrency":"B"},"constructor":"x"}'
  t.is(parseInstruments('HITBTC', `[${entry}]`).skipped.field, 1)
  t.throws(() => parseInstruments('BINANCE', '{"__proto__":{"symbols":[]}}'), refused)
})

test('objects that pretend to be something are refused like any other', (t) => {
  const odd = '{"constructor":{"name":{"toString":1,"valueOf":1}},"toString":1,"valueOf":1,"name":1}'
  const bodies = [odd, `[${odd}]`, `[{"id":${odd}}]`, `[{"id":[${odd}]}]`]
  for (const venue of instrumentVenues) {
    for (const body of [...bodies, ...bodies.map((inner) => `{"error":${inner},"result":${inner},"data":${inner}}`)]) {
      t.regex(outcomeOf(venue, body), /^(0|TICKBUS_INSTRUMENTS)$/)
    }
  }
  const filters = `[{"filterType":${odd}},7,null]`
  const entry = `{"symbol":"A","baseAsset":"A","quoteAsset":"B","filters":${filters}}`
  t.is(parseInstruments('BINANCE', `{"symbols":[${entry}]}`).instruments.length, 1)
})

test('texts that are almost JSON are refused in time that grows with their length', (t) => {
  const many = 2_000_000
  for (const body of [
    `{${'1'.repeat(many)}:1}`,
    `["${'\\"'.repeat(many)}`,
    `[${'"'.repeat(many + 1)}`,
    `[1${' '.repeat(many)}x`,
  ]) {
    t.throws(() => parseInstruments('HITBTC', body), refused)
  }
  t.is(parseInstruments('HITBTC', `[${'1'.repeat(many)}]`).skipped.object, 1)
})

test('a source that is no text is refused', (t) => {
  for (const source of [undefined, null, 5, {}, ['HITBTC']]) {
    t.throws(() => parseInstruments(source as never, '[]'), refused)
  }
})

test('deep nesting, long texts and long lists are read or refused, and do not break', (t) => {
  const deep = 200_000
  t.is(parseInstruments('HITBTC', `${'['.repeat(deep)}${']'.repeat(deep)}`).skipped.object, 1)
  t.throws(() => parseInstruments('BINANCE', `${'{"error":'.repeat(deep)}1${'}'.repeat(deep)}`), refused)
  t.throws(() => parseInstruments('BINANCE', `"${'x'.repeat(30_000_000)}"`), { ...refused, message: /^.{0,300}$/ })
  t.throws(() => parseInstruments('BINANCE', ' '.repeat(2 ** 26 + 1)), { ...refused, message: /longer than/ })
  t.is(parseInstruments('HITBTC', `[{"id":"${'A'.repeat(1_000_000)}"}]`).samples[0]!.detail.length < 200, true)
})

testProp(
  'any JSON for any venue gives a full account or the one error',
  [fc.constantFrom(...instrumentVenues), fc.json({ maxDepth: 4 })],
  (t, venue, json) => {
    for (const body of [json, `[${json}]`, `{"data":[${json}],"symbols":[${json}],"result":[${json}],"code":"0"}`]) {
      try {
        const { instruments, entries, skipped } = parseInstruments(venue, body)
        const { object, field, kind, duplicate } = skipped
        t.is(instruments.length + object + field + kind + duplicate, entries)
      } catch (error) {
        t.is((error as { code?: string }).code, 'TICKBUS_INSTRUMENTS')
      }
    }
  },
  { numRuns: 300 },
)

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('1e999', '-1', -1, '-0', '0', '9'.repeat(40), 'NaN'),
)

testProp(
  'any value in the place of any field gives a full account, and no number that is not finite',
  [fc.constantFrom(...written), fc.nat(), fc.nat(), odd],
  (t, { url, body }, which, where, value) => {
    const { instruments, entries, skipped } = parseInstruments(url, spoil(body, which, where, value))
    const { object, field, kind, duplicate } = skipped
    t.is(instruments.length + object + field + kind + duplicate, entries)
    const numbers = instruments.flatMap((found) => Object.values(found)).filter((one) => typeof one === 'number')
    t.is(numbers.every(Number.isFinite), true)
  },
  { numRuns: 500 },
)

/** The number of instruments, or the error's code. */
function outcomeOf(venue: string, body: string): string {
  try {
    return String(parseInstruments(venue, body).instruments.length)
  } catch (error) {
    return String((error as { code?: string }).code)
  }
}

/** The list with one field of one entry replaced. */
function spoil(body: string, which: number, where: number, value: unknown): string {
  const reply = JSON.parse(body)
  const list = Array.isArray(reply) ? reply : (reply.symbols ?? reply.result?.list ?? reply.result ?? reply.data)
  const objects = Object.values(list).filter((entry) => typeof entry === 'object') as Record<string, unknown>[]
  const entry = objects[which % objects.length]!
  const fields = Object.keys(entry)
  entry[fields[where % fields.length]!] = value
  return JSON.stringify(reply)
}
