import test from 'ava'
import { type Instrument, InstrumentCatalog, parseInstruments } from 'tickbus/market'
import { written } from './lists.js'

const everything: readonly Instrument[] = written.flatMap(({ url, body }) => parseInstruments(url, body).instruments)

function catalogOf(instruments: readonly Instrument[]): InstrumentCatalog {
  const catalog = new InstrumentCatalog()
  for (const instrument of instruments) catalog.add(instrument)
  return catalog
}

const catalog = catalogOf(everything)
const idsOf = (found: readonly Instrument[]): string[] => found.map(({ id }) => id)

test('an instrument is found by its id', (t) => {
  t.is(catalog.get('XBT/USD.KRAKEN')?.pair, 'BTC/USD')
  t.is(catalog.get('XBT/USD.NOWHERE'), undefined)
})

test('a symbol that spot and perpetual share finds both', (t) => {
  t.deepEqual(idsOf(catalog.ofSymbol('BINANCE', 'BTCUSDT')), ['BTCUSDT.BINANCE', 'BTCUSDT-PERP.BINANCE'])
  t.deepEqual(idsOf(catalog.ofSymbol('OKX', 'BTCUSDT')), [])
})

test('a pair is found across venues, whatever they call its currencies', (t) => {
  const spot = catalog.ofPair('BTC/USD').filter(({ kind }) => kind === 'spot')
  t.deepEqual(idsOf(spot).toSorted(), [
    'BTC-USD.BITTREX',
    'BTC-USD.BLOCKCHAIN',
    'BTC-USD.COINBASE',
    'BTC-USD.OKCOIN',
    'BTCUSD.BINANCE_US',
    'BTCUSD_BQX.BEQUANT',
    'XBT/USD.KRAKEN',
    'XBTUSD.d.KRAKEN',
    'btcusd.BITSTAMP',
  ])
  t.deepEqual(idsOf(catalog.ofPair('XBT/USD')), [])
})

test('size counts and iteration gives all instruments in the order in which they came', (t) => {
  t.is(catalog.size, everything.length)
  t.deepEqual([...catalog], everything)
})

test('an id that is there is refused, and the first stays', (t) => {
  const [first] = everything
  const full = catalogOf(everything)
  t.throws(() => full.add({ ...first!, pair: 'A/B' }), {
    code: 'TICKBUS_INSTRUMENT_KNOWN',
    message: /ASD\/USDT\.ASCENDEX/,
  })
  t.is(full.get(first!.id), first)
  t.deepEqual(full.ofPair('A/B'), [])
})

test('what does not fit is refused, and nothing changes', (t) => {
  const small = new InstrumentCatalog({ capacity: 2 })
  small.add(everything[0]!)
  small.add(everything[1]!)
  t.throws(() => small.add(everything[2]!), { code: 'TICKBUS_CATALOG_FULL' })
  t.is(small.size, 2)
  t.deepEqual(small.ofPair(everything[2]!.pair), [])
})

for (const capacity of [0, -1, 1.5, Number.NaN, 2 ** 24 + 1, '5' as never, null as never]) {
  test(`a catalog cannot be opened for ${String(capacity)} (${typeof capacity}) instruments`, (t) => {
    t.throws(() => new InstrumentCatalog({ capacity }), { code: 'TICKBUS_ARGUMENT' })
  })
}
