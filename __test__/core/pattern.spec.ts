import { fc, testProp } from '@fast-check/ava'
import { cores, forEachCore } from './cores.js'

const encoder = new TextEncoder()
const STAR = 42
const QUESTION = 63

/** The grammar, word for word. */
function matchesByDefinition(topic: Uint8Array, pattern: Uint8Array): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return topic.length === 0
  const others = Uint8Array.from(rest)
  if (first === STAR)
    return Array.from({ length: topic.length + 1 }).some((_, n) => matchesByDefinition(topic.subarray(n), others))
  if (topic.length === 0) return false
  return (first === QUESTION || first === topic[0]) && matchesByDefinition(topic.subarray(1), others)
}

const text = (...units: string[]) =>
  fc.array(fc.constantFrom(...units), { maxLength: 8 }).map((parts) => parts.join(''))
const ascii = { topics: text('a', 'b', '.', ''), patterns: text('a', 'b', '.', '*', '?') }
// Characters of two, three and four bytes, and half of the last, which UTF-8 writes as U+FFFD.
const wide = {
  topics: text('a', 'é', '漢', '😀', '\ud83d', '\ufffd'),
  patterns: text('a', 'é', '漢', '😀', '\ud83d', '\ufffd', '*', '?', '??'),
}

for (const core of cores) {
  for (const [kind, { topics, patterns }] of Object.entries({ ascii, wide })) {
    testProp(
      `patterns: ${kind} text matches by definition [${core.backend}]`,
      [topics, patterns],
      (t, topic, pattern) => {
        t.is(core.isMatching(topic, pattern), matchesByDefinition(encoder.encode(topic), encoder.encode(pattern)))
      },
      { numRuns: 2_000 },
    )
  }
}

forEachCore('patterns', (test, core) => {
  test('a star crosses dots and may match nothing', (t) => {
    t.true(core.isMatching('data.quotes.BINANCE.BTCUSDT', 'data.*USDT'))
    t.true(core.isMatching('data.', 'data.*'))
    t.false(core.isMatching('data', 'data.*'))
  })

  test('text longer than any topic is compared to its end', (t) => {
    const long = 'x'.repeat(5_000)
    t.true(core.isMatching(`${long}y`, `${long}?`))
    t.false(core.isMatching(`${long}y`, `${long}z`))
    // Around the length at which the addon gives up its fixed buffer, with a character across the edge.
    for (let length = 500; length < 520; length += 1) {
      const topic = `${'x'.repeat(length)}😀`
      t.true(core.isMatching(topic, topic))
      t.false(core.isMatching(topic, `${topic}x`))
    }
  })

  test('many stars take no time', (t) => {
    t.false(core.isMatching('a'.repeat(255), `${'a*'.repeat(60)}b`))
  })
})
