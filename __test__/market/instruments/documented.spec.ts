import { readFileSync } from 'node:fs'
import test from 'ava'
import { type Instrument, instrumentVenues, parseInstruments } from 'tickbus/market'
import { written } from './lists.js'

const guide = readFileSync(new URL('../../../docs/instruments.md', import.meta.url), 'utf8')

const KINDS = ['spot', 'perpetual', 'future', 'option']
const FIELDS = ['tick', 'lot', 'minQty', 'minNotional', 'multiplier', 'fees', 'settle', 'expiry', 'strike', 'status']

/** The row that a venue's written lists amount to. */
function rowOf(venue: string): string {
  const lists = written.filter((list) => list.venue.toUpperCase() === venue)
  const instruments = lists.flatMap(({ url, body }) => parseInstruments(url, body).instruments)
  const kinds = KINDS.filter((kind) => instruments.some((found) => found.kind === kind))
  const isGiven = (field: string): boolean =>
    instruments.some((found) => found[field as keyof Instrument] !== undefined)
  const decimals = [
    instruments.some((found) => found.tick === undefined && found.pricePrecision !== undefined) && 'pricePrecision',
    instruments.some((found) => found.lot === undefined && found.sizePrecision !== undefined) && 'sizePrecision',
  ]
  const given = [...FIELDS.filter(isGiven), ...decimals.filter((name) => name !== false)]
  const fields = given.map((name) => `\`${name}\``).join(', ')
  return `| ${venue} | ${kinds.join(', ')} | ${fields || 'names only'} |`
}

for (const venue of instrumentVenues) {
  test(`docs/instruments.md says what the list of ${venue} gives`, (t) => {
    const row = rowOf(venue)
    t.true(guide.split('\n').includes(row), `missing: ${row}`)
  })
}
