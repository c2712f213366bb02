import { fc, testProp } from '@fast-check/ava'
import type { DecodedVenue } from '../../dist/market-core.js'
import { allOf, backends } from './decoding.js'
import { change, changes, seed, write } from './writing.js'

/** A property over both backends; skipped where there is one alone. */
export const onBoth = backends.length === 2 ? testProp : testProp.skip

/** Frames of a venue in which anything was changed are the same to both backends: records, counts and reasons. */
export function sameOfChanged(venue: DecodedVenue, message: fc.Arbitrary<unknown>): void {
  const written = fc
    .tuple(message, fc.option(seed, { nil: undefined }))
    .map(([content, choice]) => (choice === undefined ? JSON.stringify(content) : write(content, choice)))
  sameOfChangedTexts(venue, `frames of ${venue}`, written)
}

/** The same where the frames come as text. */
export function sameOfChangedTexts(venue: DecodedVenue, what: string, text: fc.Arbitrary<string>): void {
  onBoth(
    `both backends make the same of ${what} in which anything was changed`,
    [fc.array(text, { minLength: 1, maxLength: 6 }), changes],
    (t, texts, changed) => {
      const frames = change(texts, changed)
      t.deepEqual(allOf('js', frames, venue), allOf('native', frames, venue))
    },
    { numRuns: 1_500 },
  )
}

/** So is any text; `others` are what is nearer to a frame than that. */
export function sameOfAnyText(venue: DecodedVenue, ...others: readonly fc.Arbitrary<string>[]): void {
  onBoth(
    `both backends make the same of any text as a frame of ${venue}`,
    [fc.array(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), ...others), { maxLength: 5 })],
    (t, texts) => {
      const frames = texts.map((text) => Buffer.from(text))
      t.deepEqual(allOf('js', frames, venue), allOf('native', frames, venue))
    },
    { numRuns: 300 },
  )
}
