import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import { matchUnits } from '../../dist/fallback/pattern.js'
import { cores, forEachCore } from './cores.js'
import { matchesByTable } from './oracle.js'

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

for (const [kind, { topics, patterns }] of Object.entries({ ascii, wide })) {
  for (const core of cores) {
    testProp(
      `patterns: ${kind} text matches by definition [${core.backend}]`,
      [topics, patterns],
      (t, topic, pattern) => {
        t.is(core.isMatching(topic, pattern), matchesByDefinition(encoder.encode(topic), encoder.encode(pattern)))
      },
      { numRuns: 2_000 },
    )
  }

  testProp(
    `patterns: the table of the million pairs says of ${kind} text what the definition says`,
    [topics, patterns],
    (t, topic, pattern) => {
      const [bytes, glob] = [encoder.encode(topic), encoder.encode(pattern)]
      t.is(matchesByTable(bytes, glob), matchesByDefinition(bytes, glob))
    },
    { numRuns: 1_000 },
  )
}

/** As many different texts of these pieces, the same in each run. */
function texts(count: number, seed: number, pieces: readonly string[]): { text: string; bytes: Uint8Array }[] {
  const piece = fc.array(fc.constantFrom(...pieces), { maxLength: 12, size: 'max' })
  const arbitrary = fc.uniqueArray(
    piece.map((parts) => parts.join('')),
    { minLength: count, maxLength: count, size: 'max' },
  )
  return fc.sample(arbitrary, { numRuns: 1, seed })[0]!.map((text) => ({ text, bytes: encoder.encode(text) }))
}

forEachCore('patterns', (test, core) => {
  test('a million pairs of topic and pattern match as a table over their bytes says', (t) => {
    const pieces = ['a', 'b', '.', 'é', '日', '😀']
    const topics = texts(1_000, 1, pieces)
    const patterns = texts(1_000, 2, [...pieces, '*', '*', '*', '?', '?', '???'])
    const wrong: string[] = []
    let matching = 0
    for (const topic of topics) {
      for (const pattern of patterns) {
        const expected = matchesByTable(topic.bytes, pattern.bytes)
        if (expected) matching += 1
        if (core.isMatching(topic.text, pattern.text) !== expected) wrong.push(`${topic.text} ${pattern.text}`)
      }
    }
    t.deepEqual(wrong, [])
    t.true(matching > 10_000, `${matching} match`)
  })

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

/** Text that counts how many of its units are read. */
class CountingText {
  reads = 0
  readonly length: number
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    this.length = text.length
  }

  charCodeAt(index: number): number {
    this.reads += 1
    return this.#text.charCodeAt(index)
  }
}

/** How many steps a match takes at least, and how many it may take: each reads one unit of either text at most. */
function steps(topicText: string, patternText: string): { taken: number; allowed: number } {
  const topic = new CountingText(topicText)
  const pattern = new CountingText(patternText)
  matchUnits(topic, pattern, 0xff)
  return {
    taken: Math.max(topic.reads, pattern.reads),
    allowed: (topic.length + 1) * (pattern.length + 1),
  }
}

test('hostile patterns take no more steps than topic length times pattern length', (t) => {
  const topic = 'a'.repeat(255)
  for (const pattern of [
    `${'a*'.repeat(60)}b`,
    `${'*a'.repeat(127)}*b`,
    `*${'a'.repeat(200)}b`,
    `${'?*'.repeat(90)}b`,
  ]) {
    const { taken, allowed } = steps(topic, pattern)
    t.true(taken > topic.length, `${pattern} takes ${taken}, which is no trouble`)
    t.true(taken <= allowed, `${pattern} takes ${taken} of ${allowed}`)
  }
})

testProp(
  'no pattern takes more steps than topic length times pattern length',
  [text('a', 'b'), text('a', 'b', '*', '?')],
  (t, topic, pattern) => {
    const { taken, allowed } = steps(topic, pattern)
    t.true(taken <= allowed, `${taken} of ${allowed}`)
  },
  { numRuns: 2_000 },
)
