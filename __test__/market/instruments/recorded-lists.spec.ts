import test from 'ava'
import { decimal, InstrumentCatalog, parseInstruments } from 'tickbus/market'
import { recordedLists } from './lists.js'

const recorded = recordedLists()
const check = recorded.length > 0 ? test : test.skip
const suffix = recorded.length > 0 ? '' : ' (the lists are not on this machine)'

/** Entries that became instruments, by list; none is skipped. */
const COUNTS = {
  'ascendex /api/pro/v1/products': 337,
  'bequant /api/2/public/symbol': 185,
  'binance /api/v3/exchangeInfo': 1_695,
  'binance_us /api/v3/exchangeInfo': 121,
  'bitget /api/spot/v1/public/products': 245,
  'bitget /api/mix/v1/market/contracts?productType=umcbl': 51,
  'bitget /api/mix/v1/market/contracts?productType=dmcbl': 8,
  'bithumb /public/ticker/ALL_BTC': 61,
  'bithumb /public/ticker/ALL_KRW': 167,
  'bitmex /api/v1/instrument/active': 34,
  'bitstamp /api/v2/trading-pairs-info/': 140,
  'bittrex /v3/markets': 909,
  'blockchain /mercury-gateway/v1/instruments': 78,
  'bybit /v2/public/symbols': 15,
  'coinbase /products': 162,
  'deribit /api/v2/public/get_instruments?currency=BTC&expired=false': 398,
  'deribit /api/v2/public/get_instruments?currency=ETH&expired=false': 426,
  'deribit /api/v2/public/get_instruments?currency=SOL&expired=false': 177,
  'deribit /api/v2/public/get_instruments?currency=USDC&expired=false': 16,
  'gateio /api/v4/spot/currency_pairs': 1_458,
  'hitbtc /api/2/public/symbol': 1_242,
  'huobi /v1/common/symbols': 938,
  'kraken /0/public/AssetPairs': 304,
  'okcoin /api/v5/public/instruments?instType=SPOT': 4,
  'okx /api/v5/public/instruments?instType=SPOT': 513,
  'okx /api/v5/public/instruments?instType=SWAP': 166,
  'okx /api/v5/public/instruments?instType=FUTURES': 104,
  'okx /api/v5/public/instruments?instType=OPTION&uly=BTC-USD': 346,
  'okx /api/v5/public/instruments?instType=OPTION&uly=ETH-USD': 350,
  'poloniex /markets': 524,
  'probit /api/exchange/v1/market': 1_117,
}

const parsed = recorded.map((list) => ({ ...list, result: parseInstruments(list.url, list.body) }))

check(`every entry of every recorded list becomes an instrument${suffix}`, (t) => {
  const counts = parsed.map(({ venue, url, result }) => {
    const { pathname, search } = new URL(url)
    return [`${venue} ${pathname}${search}`, result.instruments.length]
  })
  t.deepEqual(Object.fromEntries(counts), COUNTS)
  t.deepEqual(
    parsed.map(({ result }) => result.entries),
    Object.values(COUNTS),
  )
})

check(`ids are unique over all recorded lists${suffix}`, (t) => {
  const catalog = new InstrumentCatalog()
  for (const { result } of parsed) for (const instrument of result.instruments) catalog.add(instrument)
  t.is(catalog.size, 12_291)
})

/**
 * Where an entry says what it is about, by venue: symbol, base, quote, tick, lot. `''` where the list has no such
 * field.
 */
const FIELDS: Record<string, [symbol: string, base: string, quote: string, tick: string, lot: string]> = {
  ascendex: ['symbol', 'baseAsset', 'quoteAsset', 'tickSize', 'lotSize'],
  bequant: ['id', 'baseCurrency', 'quoteCurrency', 'tickSize', 'quantityIncrement'],
  binance: ['symbol', 'baseAsset', 'quoteAsset', 'filters.0.tickSize', 'filters.2.stepSize'],
  binance_us: ['symbol', 'baseAsset', 'quoteAsset', 'filters.0.tickSize', 'filters.2.stepSize'],
  bitget: ['symbol', 'baseCoin', 'quoteCoin', '', ''],
  bithumb: ['', '', '', '', ''],
  bitmex: ['symbol', 'underlying', 'quoteCurrency', 'tickSize', 'lotSize'],
  bitstamp: ['url_symbol', 'name/0', 'name/1', '', ''],
  bittrex: ['symbol', 'baseCurrencySymbol', 'quoteCurrencySymbol', '', ''],
  blockchain: ['symbol', 'base_currency', 'counter_currency', '', ''],
  bybit: ['name', 'base_currency', 'quote_currency', 'price_filter.tick_size', 'lot_size_filter.qty_step'],
  coinbase: ['id', 'base_currency', 'quote_currency', 'quote_increment', 'base_increment'],
  deribit: ['instrument_name', 'base_currency', 'quote_currency', 'tick_size', ''],
  gateio: ['id', 'base', 'quote', '', ''],
  hitbtc: ['id', 'baseCurrency', 'quoteCurrency', 'tickSize', 'quantityIncrement'],
  huobi: ['symbol', 'base-currency', 'quote-currency', '', ''],
  kraken: ['wsname', 'base', 'quote', '', ''],
  okcoin: ['instId', 'baseCcy', 'quoteCcy', 'tickSz', 'lotSz'],
  okx: ['instId', 'baseCcy', 'quoteCcy', 'tickSz', 'lotSz'],
  poloniex: ['symbol', 'baseCurrencyName', 'quoteCurrencyName', '', ''],
  probit: ['id', 'base_currency_id', 'quote_currency_id', 'price_increment', ''],
}

// The entries are whatever a venue wrote: each test looks for what it expects.
/* oxlint-disable typescript/no-explicit-any */

/** The entries by plain JSON.parse. */
function entriesOf(venue: string, body: string): any[] {
  const reply = JSON.parse(body)
  if (Array.isArray(reply)) return reply
  const list = reply.symbols ?? reply.result ?? reply.data
  if (venue !== 'bithumb') return Object.values(list)
  return Object.keys(list).filter((key) => key !== 'date')
}

/** The value on a path; a `/` takes a part of a text that is divided by slashes. */
function valueAt(entry: any, path: string): string | undefined {
  if (path === '') return undefined
  const [outer, part] = path.split('/')
  const value = outer!.split('.').reduce((inside, field) => inside?.[field], entry)
  return part === undefined ? value : value.split('/')[part]
}

for (const { venue, url, body, result } of parsed) {
  const [symbol, base, quote, tick, lot] = FIELDS[venue]!
  const entries = entriesOf(venue, body)

  test(`symbol, base and quote are those of each entry, in their order: ${url}`, (t) => {
    const expected = entries.map((entry) => {
      if (venue === 'bithumb') return [`${entry}_${url.slice(-3)}`, entry, url.slice(-3)]
      // Contracts of OKX name their currencies in what underlies them, dark pools of Kraken have no name in the
      // streams.
      const [first, second] = entry.uly ? entry.uly.split('-') : [valueAt(entry, base), valueAt(entry, quote)]
      return [valueAt(entry, symbol) ?? entry.altname, first, second]
    })
    t.deepEqual(
      result.instruments.map((instrument) => [instrument.symbol, instrument.base, instrument.quote]),
      expected,
    )
  })

  if (tick !== '') {
    test(`the tick is that of each entry, and its precision restores it: ${url}`, (t) => {
      const ticks = result.instruments.map((found) => [found.tick, Number(found.tick!.toFixed(found.pricePrecision))])
      t.deepEqual(
        ticks,
        entries.map((entry) => [Number(valueAt(entry, tick)), Number(valueAt(entry, tick))]),
      )
    })
  }

  if (lot !== '') {
    test(`the lot is that of each entry, and its precision restores it: ${url}`, (t) => {
      const lots = result.instruments.map((found) => [found.lot, Number(found.lot!.toFixed(found.sizePrecision))])
      t.deepEqual(
        lots,
        entries.map((entry) => [Number(valueAt(entry, lot)), Number(valueAt(entry, lot))]),
      )
    })
  }

  test(`no precision counts a trailing zero: ${url}`, (t) => {
    const longer = result.instruments.filter(
      ({ tick: step, pricePrecision }) =>
        step !== undefined && pricePrecision! > 0 && step.toFixed(pricePrecision).endsWith('0'),
    )
    t.deepEqual(longer, [])
  })
}

check(`the canonical pair of Kraken is that of its name in the streams${suffix}`, (t) => {
  const kraken = parsed.find(({ venue }) => venue === 'kraken')!.result.instruments
  const named = kraken.filter(({ symbol }) => symbol.includes('/'))
  const aliased = (code: string): string => ({ XBT: 'BTC', XDG: 'DOGE' })[code] ?? code
  t.deepEqual(
    named.map(({ pair }) => pair),
    named.map(({ symbol }) => symbol.split('/').map(aliased).join('/')),
  )
  t.is(named.length, 293)
})

check(`symbols that contradict the listed currencies are marked, and no others${suffix}`, (t) => {
  const doubted = parsed.map(({ venue, result }) => [venue, result.instruments.filter((found) => found.doubt).length])
  t.deepEqual(
    doubted.filter(([, count]) => count !== 0),
    [
      ['ascendex', 5],
      ['bequant', 45],
      ['hitbtc', 11],
    ],
  )
})

check(`lists of contracts say what one is worth${suffix}`, (t) => {
  const worth = new Map(parsed.flatMap(({ result }) => result.instruments.map((found) => [found.id, found.multiplier])))
  const ids = ['XBTUSD.BITMEX', 'XRPU21.BITMEX', 'XRPUSD.BITMEX', 'BTC-USD-SWAP.OKX', 'BTC-USD-220514-22000-C.OKX']
  t.deepEqual(
    [...ids, 'BTC-PERPETUAL.DERIBIT'].map((id) => worth.get(id)),
    [1, 1, undefined, 100, decimal('0.1')!.value, 10],
  )
})
