import test from 'ava'
import { type Instrument, instrumentVenues, parseInstruments } from 'tickbus/market'
import { expected } from './expected.js'
import { written } from './lists.js'

/** Entries of those lists that are no instruments: an index of BitMEX, a combination of Deribit. */
const NONE = new Map([
  ['bitmex', 1],
  ['deribit', 1],
])

const parsed = written.map((list) => ({ ...list, result: parseInstruments(list.url, list.body) }))
const given = (instrument: Instrument): object =>
  Object.fromEntries(
    Object.entries(instrument).filter(([name, value]) => value !== undefined && name !== 'id' && name !== 'venue'),
  )

for (const { venue, url, result } of parsed) {
  for (const instrument of result.instruments) {
    test(`${instrument.id} is what its entry says`, (t) => {
      t.deepEqual(given(instrument), expected[instrument.id])
      t.is(instrument.venue, venue.toUpperCase())
    })
  }

  test(`the venue's code reads what its URL reads, in any case: ${url}`, (t) => {
    const { body } = written.find((list) => list.url === url)!
    if (venue === 'bithumb') return t.pass('its URL alone says the quote')
    t.deepEqual(parseInstruments(venue, body), result)
    t.deepEqual(parseInstruments(new URL(url), body), result)
  })
}

test('every entry of the written lists is an instrument, or of a kind that is none', (t) => {
  const ids = parsed.flatMap(({ result }) => result.instruments.map(({ id }) => id))
  t.deepEqual(ids.toSorted(), Object.keys(expected).toSorted())
  const skipped = parsed.map(({ venue, result }) => [venue, result.entries - result.instruments.length] as const)
  t.deepEqual(new Map(skipped.filter(([, count]) => count > 0)), NONE)
})

test('every venue has a written list', (t) => {
  const venues = new Set(written.map(({ venue }) => venue.toUpperCase()))
  t.deepEqual([...venues].toSorted(), [...instrumentVenues].toSorted())
})
