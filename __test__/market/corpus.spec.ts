// The seeds of the fuzz targets (crates/market/fuzz), written by hand: the same to both backends, as they are and changed.
// What holds for each backend by itself is tested by crates/market/tests/corpus.rs.
import { readdirSync, readFileSync } from 'node:fs'
import { fc } from '@fast-check/ava'
import test from 'ava'
import type { DecodedVenue } from '../../dist/market-core.js'
import { sameOfChangedTexts } from './both-backends.js'
import { allOf, backends } from './decoding.js'

const folder = new URL('../../crates/market/fuzz/seeds/', import.meta.url)

function seedsOf(venue: DecodedVenue): string[] {
  const path = new URL(`${venue.toLowerCase()}/`, folder)
  return readdirSync(path).map((name) => readFileSync(new URL(name, path), 'utf8'))
}

for (const venue of ['BINANCE', 'BYBIT', 'COINBASE', 'KRAKEN', 'OKX'] as const) {
  const seeds = seedsOf(venue)

  sameOfChangedTexts(venue, `seeds of ${venue}`, fc.constantFrom(...seeds))

  for (const backend of backends) {
    test(`every seed of ${venue} of one line is taken [${backend}]`, (t) => {
      const frames = seeds.filter((seed) => !seed.includes('\n')).map((seed) => Buffer.from(seed))
      t.true(frames.length >= 7)
      const { report } = allOf(backend, frames, venue) as { report: { rejected: unknown[] } }
      t.deepEqual(report.rejected, [])
    })
  }
}
