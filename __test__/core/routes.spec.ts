import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import type { Core, Routes } from '../../dist/core.js'
import { hashOf } from '../../dist/fallback/routes/hash.js'
import { classify, type PatternClass } from '../../dist/fallback/routes/index.js'
import { cores, forEachCore } from './cores.js'
import { runFixture } from './process.js'

/** A list that a call answered with, in rising order. */
function listed(call: (out: Uint32Array) => number): number[] {
  const out = new Uint32Array(256)
  return [...out.subarray(0, call(out))].toSorted((a, b) => a - b)
}

/** The same of a call that adds: the id, then the list. */
function added(call: (out: Uint32Array) => number): [number, number[]] {
  const out = new Uint32Array(256)
  const count = call(out)
  return [out[0]!, [...out.subarray(1, 1 + count)].toSorted((a, b) => a - b)]
}

const resolve = (routes: Routes, topic: string) => listed((out) => routes.resolve(topic, out))
const affected = (routes: Routes, pattern: string) => listed((out) => routes.affected(pattern, out))
const addPattern = (routes: Routes, pattern: string) => added((out) => routes.addPattern(pattern, out))
const addTopic = (routes: Routes, topic: string) => added((out) => routes.addTopic(topic, out))

/** Texts under ids in a list that is searched from end to end. */
class List {
  readonly texts: (string | undefined)[] = []

  add(text: string): number {
    const known = this.texts.indexOf(text)
    const free = this.texts.indexOf(undefined)
    const id = known >= 0 ? known : free >= 0 ? free : this.texts.length
    this.texts[id] = text
    return id
  }

  remove(id: number): void {
    if (id < this.texts.length) this.texts[id] = undefined
  }

  where(isWanted: (text: string) => boolean): number[] {
    return this.texts.flatMap((text, id) => (text !== undefined && isWanted(text) ? [id] : []))
  }
}

type Step =
  | { readonly call: 'addPattern' | 'addTopic' | 'resolve' | 'affected'; readonly text: string }
  | { readonly call: 'removePattern' | 'removeTopic'; readonly id: number }

/** What a table answers to a step; `list` is what it should answer. */
function take(routes: Routes, step: Step): unknown {
  switch (step.call) {
    case 'addPattern':
      return addPattern(routes, step.text)
    case 'addTopic':
      return addTopic(routes, step.text)
    case 'resolve':
      return resolve(routes, step.text)
    case 'affected':
      return affected(routes, step.text)
    default:
      return routes[step.call](step.id)
  }
}

function takeFromLists(core: Core, patterns: List, topics: List, step: Step): unknown {
  switch (step.call) {
    case 'addPattern':
      return [patterns.add(step.text), topics.where((topic) => core.isMatching(topic, step.text))]
    case 'addTopic':
      return [topics.add(step.text), patterns.where((pattern) => core.isMatching(step.text, pattern))]
    case 'resolve':
      return patterns.where((pattern) => core.isMatching(step.text, pattern))
    case 'affected':
      return topics.where((topic) => core.isMatching(topic, step.text))
    case 'removePattern':
      return patterns.remove(step.id)
    case 'removeTopic':
      return topics.remove(step.id)
  }
}

const joined = (pieces: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''))
const literals = ['a', 'b', 'ab', '.', '.', 'é', '日', '😀', 'é日']
/** Anything, and what there is most of: segments that are literals or stars, or a star at either end. */
const pattern = fc.oneof(
  joined([...literals, '*', '*', '?', '??'], 8),
  joined(
    ['a', 'b', '', 'ab', '*', '*'].flatMap((segment) => [segment, '.']),
    9,
  ),
  fc
    .tuple(fc.constantFrom('', '*', '*.', '?'), joined(literals, 4), fc.constantFrom('', '*', '.*', '?*'))
    .map((parts) => parts.join('')),
)
const topic = fc.oneof({ weight: 4, arbitrary: joined(literals, 8) }, { weight: 1, arbitrary: pattern })
const id = fc.nat(40)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ call: fc.constant('addPattern' as const), text: pattern }) },
  { weight: 4, arbitrary: fc.record({ call: fc.constant('addTopic' as const), text: topic }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('resolve' as const), text: topic }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('affected' as const), text: pattern }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constantFrom('removePattern' as const, 'removeTopic' as const), id }) },
)

for (const core of cores) {
  for (const [length, numRuns] of [
    [30, 1_000],
    [600, 40],
  ] as const) {
    testProp(
      `routes: a table agrees with lists that are searched from end to end, over ${length} steps [${core.backend}]`,
      [fc.array(step, { maxLength: length, size: 'max' })],
      (t, steps) => {
        const routes = core.openRoutes()
        const [patterns, topics] = [new List(), new List()]
        for (const step of steps) t.deepEqual(take(routes, step), takeFromLists(core, patterns, topics, step))
        // Emptied, it is as good as new.
        patterns.texts.forEach((_, id) => routes.removePattern(id))
        topics.texts.forEach((_, id) => routes.removeTopic(id))
        t.deepEqual([resolve(routes, 'a.b'), affected(routes, '*')], [[], []])
        t.deepEqual(addPattern(routes, 'a*b'), [0, []])
        t.deepEqual(addTopic(routes, 'a.b'), [0, [0]])
      },
      { numRuns },
    )
  }
}

const examples: Record<PatternClass, string[]> = {
  exact: ['', 'a', 'a.b', 'é..', '.'],
  segments: ['*', '*.a', 'a.*', 'a.*.b', '*.*', 'a*', 'a.b*', '*.b*', '.*', '*.', '..*.é*', 'a..*'],
  suffixes: ['*a', '*a.b', '*日.'],
  anchored: ['a*b', '*a*', 'a.*b', '?a', 'a?', 'a**', '**.', '*.a*.b', '*?a'],
  rest: ['?', '??', '**', '*?', '?*?'],
}

for (const [expected, patterns] of Object.entries(examples)) {
  test(`routes: ${patterns.map((text) => `"${text}"`).join(', ')} are searched as ${expected}`, (t) => {
    for (const text of patterns) t.is(classify(text), expected as PatternClass, text)
  })
}

test('routes: the patterns of the random logs are of all classes', (t) => {
  const found = new Set(fc.sample(pattern, { numRuns: 1_000, seed: 1 }).map(classify))
  t.deepEqual([...found].toSorted(), Object.keys(examples).toSorted())
})

forEachCore('routes', (test, core) => {
  test('ids that were removed are given again, the smallest first', (t) => {
    const routes = core.openRoutes()
    for (let id = 0; id < 100; id += 1) t.is(addPattern(routes, `a${id}`)[0], addTopic(routes, `a${id}`)[0])
    const removed = Array.from({ length: 60 }, (_, index) => (index * 37) % 100)
    for (const id of removed) {
      routes.removePattern(id)
      routes.removeTopic(id)
    }
    for (const id of [...removed.toSorted((a, b) => a - b), 100]) {
      t.deepEqual(addPattern(routes, `b${id}`), [id, []])
      t.deepEqual(addTopic(routes, `b${id}`), [id, [id]])
    }
  })

  test('the same text has the same id, and an unknown id changes nothing', (t) => {
    const routes = core.openRoutes()
    t.deepEqual(addTopic(routes, 'a.b'), [0, []])
    t.deepEqual(addPattern(routes, 'a.*'), [0, [0]])
    for (const id of [1, 2, 1_000, 0xffff_ffff]) {
      routes.removePattern(id)
      routes.removeTopic(id)
    }
    t.deepEqual(addPattern(routes, 'a.*'), [0, [0]])
    t.deepEqual(addTopic(routes, 'a.b'), [0, [0]])
    routes.removePattern(0)
    routes.removePattern(0)
    t.deepEqual([addPattern(routes, 'b')[0], addPattern(routes, 'c')[0]], [0, 1])
  })

  test('what does not fit is counted and not written', (t) => {
    const routes = core.openRoutes()
    for (const text of ['ab', 'a*', '*b', 'a*b', '??']) addPattern(routes, text)
    for (const text of ['ab', 'aab', 'abb']) addTopic(routes, text)
    for (const [call, count] of [
      [(out: Uint32Array) => routes.resolve('ab', out), 5],
      [(out: Uint32Array) => routes.affected('a*b', out), 3],
      [(out: Uint32Array) => routes.addTopic('ab', out), 5],
      [(out: Uint32Array) => routes.addPattern('a*b', out), 3],
    ] as const) {
      const whole = new Uint32Array(8).fill(0xffff)
      t.is(call(whole), count)
      const filled = whole.indexOf(0xffff)
      for (let length = 0; length < 8; length += 1) {
        const memory = new Uint32Array(8).fill(0xffff)
        t.is(call(memory.subarray(0, length)), count)
        const written = memory.subarray(0, length).filter((value) => value !== 0xffff)
        t.true(
          memory.subarray(length).every((value) => value === 0xffff),
          `${length} fit`,
        )
        t.true(written.every((value) => whole.includes(value)))
        t.is(written.length, Math.min(length, filled))
      }
    }
  })

  test('tables know nothing of each other', (t) => {
    const [one, other] = [core.openRoutes(), core.openRoutes()]
    addPattern(one, 'a')
    addTopic(one, 'b')
    t.deepEqual(addPattern(other, 'b'), [0, []])
    t.deepEqual(resolve(other, 'a'), [])
  })

  test('a question mark is one byte of a character', (t) => {
    const routes = core.openRoutes()
    for (const text of ['?', '??', '???', '????', 'a??', '*.日??', '?*?', '日*?']) addPattern(routes, text)
    t.deepEqual(resolve(routes, 'é'), [1, 6])
    t.deepEqual(resolve(routes, '日'), [2, 6])
    t.deepEqual(resolve(routes, '😀'), [3, 6])
    t.deepEqual(resolve(routes, 'aé'), [2, 4, 6])
    t.deepEqual(resolve(routes, 'x.日é'), [5, 6])
    t.deepEqual(resolve(routes, '日é'), [6, 7])
    for (const text of ['é', '日', '😀', 'aé']) addTopic(routes, text)
    t.deepEqual(affected(routes, '???'), [1, 3])
    t.deepEqual(affected(routes, 'a??'), [3])
    t.deepEqual(affected(routes, '?*'), [0, 1, 2, 3])
  })

  test('a star in a topic is a star', (t) => {
    const routes = core.openRoutes()
    const texts = ['*', 'a*', '*a', 'a*b', '?', 'a.*', 'a.*.b', '**']
    for (const text of texts) addPattern(routes, text)
    for (const [id, text] of texts.entries()) {
      const expected = texts.flatMap((pattern, id) => (core.isMatching(text, pattern) ? [id] : []))
      t.true(expected.includes(id))
      t.deepEqual(addTopic(routes, text), [id, expected])
    }
    t.deepEqual(affected(routes, 'a*'), [1, 3, 5, 6])
    t.deepEqual(affected(routes, 'a.*'), [5, 6])
  })

  test('a star between dots stands for any number of segments, the empty one included', (t) => {
    const routes = core.openRoutes()
    for (const text of ['a.*.b', '*.b', 'a.*', '*.*.*', '*.b*', '*.b.*.b']) addPattern(routes, text)
    t.deepEqual(resolve(routes, 'a.b'), [1, 2, 4])
    t.deepEqual(resolve(routes, 'a..b'), [0, 1, 2, 3, 4])
    t.deepEqual(resolve(routes, 'a.x.y.b'), [0, 1, 2, 3, 4])
    t.deepEqual(resolve(routes, 'a.b.bc.b'), [0, 1, 2, 3, 4, 5])
    t.deepEqual(resolve(routes, '.b'), [1, 4])
    t.deepEqual(resolve(routes, 'a.'), [2])
    t.deepEqual(resolve(routes, '..'), [3])
  })

  test('literals of the same hash are told apart', (t) => {
    const twins = ['hpyqqoam', 'kzksbkmo']
    t.is(hashOf(twins[0]!), hashOf(twins[1]!))
    const shapes = (twin: string) => [`${twin}.*`, `a.${twin}*`, `*${twin}`, `*${twin}*a`]
    for (const [removed, left] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const routes = core.openRoutes()
      for (const twin of twins) for (const shape of shapes(twin)) addPattern(routes, shape)
      const whole = (twin: number) => shapes(twins[twin]!).map((_, index) => 4 * twin + index)
      const found = (twin: string) =>
        [`${twin}.b`, `a.${twin}b`, `b${twin}`, `b${twin}ba`].flatMap((topic) => resolve(routes, topic))
      t.deepEqual([found(twins[0]!), found(twins[1]!)], [whole(0), whole(1)])
      for (const id of whole(removed)) routes.removePattern(id)
      t.deepEqual([found(twins[removed]!), found(twins[left]!)], [[], whole(left)])
      for (const shape of shapes(twins[removed]!)) addPattern(routes, shape)
      t.deepEqual([found(twins[0]!), found(twins[1]!)], [whole(0), whole(1)])
    }
  })

  test('many stars between dots take no time', (t) => {
    const routes = core.openRoutes()
    addPattern(routes, `${'*.a.'.repeat(40)}b`)
    addPattern(routes, `${'*.a.'.repeat(40)}*`)
    t.deepEqual(resolve(routes, `${'a.'.repeat(120)}c`), [1])
  })

  test('of many topics with one literal end, those with the other are found', (t) => {
    const routes = core.openRoutes()
    for (let id = 0; id < 2_000; id += 1) addTopic(routes, `data.${id}.${id % 400}`)
    const expected = [7, 407, 807, 1_207, 1_607]
    t.deepEqual(affected(routes, 'data.*.7'), expected)
    t.deepEqual(affected(routes, '?ata.*.7'), expected)
    t.deepEqual(affected(routes, 'data.7*.7'), [7])
  })

  test('of many topics that came and went, those that are left are found', (t) => {
    const routes = core.openRoutes()
    const out = new Uint32Array(1)
    const held: { id: number; text: string }[] = []
    for (let n = 0; n < 10_000; n += 1) {
      routes.addTopic(`a.${n}.b`, out)
      held.push({ id: out[0]!, text: `a.${n}.b` })
      if (held.length > 100) routes.removeTopic(held.shift()!.id)
      if (n % 700 !== 0) continue
      for (const [pattern, isMatching] of [
        ['a.*', () => true],
        ['*5.b', (text: string) => text.endsWith('5.b')],
        ['a.?*7.b', (text: string) => text.length > 5 && text.endsWith('7.b')],
      ] as const) {
        const expected = held.filter(({ text }) => isMatching(text)).map(({ id }) => id)
        t.deepEqual(
          affected(routes, pattern),
          expected.toSorted((a, b) => a - b),
          `${pattern} at ${n}`,
        )
      }
    }
  })

  test('texts of any length and depth are found', (t) => {
    const routes = core.openRoutes()
    const deep = 'a.'.repeat(20_000)
    const long = 'x'.repeat(20_000)
    for (const text of [`${deep}*`, `${'*.a.'.repeat(5_000)}*`, `*${long}`, `${long}*${long}`, `*.${long}*`])
      addPattern(routes, text)
    t.deepEqual(addTopic(routes, `${deep}b`), [0, [0, 1]])
    t.deepEqual(addTopic(routes, `${long}.${long}`), [1, [2, 3, 4]])
    t.deepEqual(affected(routes, `*${long}`), [1])
  })

  test('topics and patterns that came and went leave memory as it was', async (t) => {
    const { code, stdout, stderr } = await runFixture('passing.mjs', [core.backend], { TICKBUS_BACKEND: core.backend })
    t.is(stderr, '')
    t.is(code, 0)
    const { heapKb, rssKb } = JSON.parse(stdout) as { heapKb: number; rssKb: number }
    // The texts of the topics alone would take 24 MiB.
    t.true(heapKb < 1_024, `${heapKb} KiB of heap more than before`)
    t.true(rssKb < 8_192, `${rssKb} KiB resident more than before`)
  })
})
