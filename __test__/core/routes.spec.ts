import test from 'ava'
import { fc, testProp } from '@fast-check/ava'
import type { Core, Routes } from '../../dist/core.js'
import { hashOf } from '../../dist/fallback/routes/hash.js'
import { classify, type PatternClass } from '../../dist/fallback/routes/index.js'
import { cores, forEachCore } from './cores.js'
import { runFixture } from './process.js'

/** A table whose calls return their lists, in rising order. */
class Table {
  readonly answer: Uint32Array
  readonly routes: Routes

  constructor(core: Core, room = 256) {
    this.answer = shared(room)
    this.routes = core.openRoutes(this.answer)
  }

  addPattern(pattern: string): [id: number, topics: number[]] {
    return [this.routes.addPattern(pattern), this.#list()]
  }

  removePattern(id: number): void {
    this.routes.removePattern(id)
  }

  addTopic(topic: string): [id: number, patterns: number[]] {
    return [this.routes.addTopic(topic), this.#list()]
  }

  removeTopic(id: number): void {
    this.routes.removeTopic(id)
  }

  resolve(topic: string): number[] {
    this.routes.resolve(topic)
    return this.#list()
  }

  affected(pattern: string): number[] {
    this.routes.affected(pattern)
    return this.#list()
  }

  #list(): number[] {
    return [...this.answer.subarray(1, 1 + this.answer[0]!)].toSorted((a, b) => a - b)
  }
}

const shared = (count: number) => new Uint32Array(new SharedArrayBuffer(4 * count))

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
function take(routes: Table, step: Step): unknown {
  switch (step.call) {
    case 'addPattern':
      return routes.addPattern(step.text)
    case 'addTopic':
      return routes.addTopic(step.text)
    case 'resolve':
      return routes.resolve(step.text)
    case 'affected':
      return routes.affected(step.text)
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
        const routes = new Table(core)
        const [patterns, topics] = [new List(), new List()]
        for (const step of steps) t.deepEqual(take(routes, step), takeFromLists(core, patterns, topics, step))
        // Emptied, it is as good as new.
        patterns.texts.forEach((_, id) => routes.removePattern(id))
        topics.texts.forEach((_, id) => routes.removeTopic(id))
        t.deepEqual([routes.resolve('a.b'), routes.affected('*')], [[], []])
        t.deepEqual(routes.addPattern('a*b'), [0, []])
        t.deepEqual(routes.addTopic('a.b'), [0, [0]])
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
    const routes = new Table(core)
    for (let id = 0; id < 100; id += 1) t.is(routes.addPattern(`a${id}`)[0], routes.addTopic(`a${id}`)[0])
    const removed = Array.from({ length: 60 }, (_, index) => (index * 37) % 100)
    for (const id of removed) {
      routes.removePattern(id)
      routes.removeTopic(id)
    }
    for (const id of [...removed.toSorted((a, b) => a - b), 100]) {
      t.deepEqual(routes.addPattern(`b${id}`), [id, []])
      t.deepEqual(routes.addTopic(`b${id}`), [id, [id]])
    }
  })

  test('the same text has the same id, and an unknown id changes nothing', (t) => {
    const routes = new Table(core)
    t.deepEqual(routes.addTopic('a.b'), [0, []])
    t.deepEqual(routes.addPattern('a.*'), [0, [0]])
    for (const id of [1, 2, 1_000, 0xffff_ffff]) {
      routes.removePattern(id)
      routes.removeTopic(id)
    }
    t.deepEqual(routes.addPattern('a.*'), [0, [0]])
    t.deepEqual(routes.addTopic('a.b'), [0, [0]])
    routes.removePattern(0)
    routes.removePattern(0)
    t.deepEqual([routes.addPattern('b')[0], routes.addPattern('c')[0]], [0, 1])
  })

  test('what does not fit is counted and not written', (t) => {
    const { routes } = new Table(core)
    for (const text of ['ab', 'a*', '*b', 'a*b', '??']) routes.addPattern(text)
    for (const text of ['ab', 'aab', 'abb']) routes.addTopic(text)
    for (const [call, count] of [
      [() => routes.resolve('ab'), 5],
      [() => routes.affected('a*b'), 3],
      [() => routes.addTopic('ab'), 5],
      [() => routes.addPattern('a*b'), 3],
    ] as const) {
      for (let length = 2; length <= 8; length += 2) {
        const memory = shared(10).fill(0xffff)
        routes.answerIn(memory.subarray(0, length))
        call()
        t.is(memory[0], count)
        const written = [...memory.subarray(1)].filter((value) => value !== 0xffff)
        t.is(written.length, Math.min(length - 1, count))
        t.true(
          memory.subarray(length).every((value) => value === 0xffff),
          `${length} fit`,
        )
      }
    }
  })

  test('tables know nothing of each other', (t) => {
    const [one, other] = [new Table(core), new Table(core)]
    one.addPattern('a')
    one.addTopic('b')
    t.deepEqual(other.addPattern('b'), [0, []])
    t.deepEqual(other.resolve('a'), [])
  })

  test('a question mark is one byte of a character', (t) => {
    const routes = new Table(core)
    for (const text of ['?', '??', '???', '????', 'a??', '*.日??', '?*?', '日*?']) routes.addPattern(text)
    t.deepEqual(routes.resolve('é'), [1, 6])
    t.deepEqual(routes.resolve('日'), [2, 6])
    t.deepEqual(routes.resolve('😀'), [3, 6])
    t.deepEqual(routes.resolve('aé'), [2, 4, 6])
    t.deepEqual(routes.resolve('x.日é'), [5, 6])
    t.deepEqual(routes.resolve('日é'), [6, 7])
    for (const text of ['é', '日', '😀', 'aé']) routes.addTopic(text)
    t.deepEqual(routes.affected('???'), [1, 3])
    t.deepEqual(routes.affected('a??'), [3])
    t.deepEqual(routes.affected('?*'), [0, 1, 2, 3])
  })

  test('a star in a topic is a star', (t) => {
    const routes = new Table(core)
    const texts = ['*', 'a*', '*a', 'a*b', '?', 'a.*', 'a.*.b', '**']
    for (const text of texts) routes.addPattern(text)
    for (const [id, text] of texts.entries()) {
      const expected = texts.flatMap((pattern, id) => (core.isMatching(text, pattern) ? [id] : []))
      t.true(expected.includes(id))
      t.deepEqual(routes.addTopic(text), [id, expected])
    }
    t.deepEqual(routes.affected('a*'), [1, 3, 5, 6])
    t.deepEqual(routes.affected('a.*'), [5, 6])
  })

  test('a star between dots stands for any number of segments, the empty one included', (t) => {
    const routes = new Table(core)
    for (const text of ['a.*.b', '*.b', 'a.*', '*.*.*', '*.b*', '*.b.*.b']) routes.addPattern(text)
    t.deepEqual(routes.resolve('a.b'), [1, 2, 4])
    t.deepEqual(routes.resolve('a..b'), [0, 1, 2, 3, 4])
    t.deepEqual(routes.resolve('a.x.y.b'), [0, 1, 2, 3, 4])
    t.deepEqual(routes.resolve('a.b.bc.b'), [0, 1, 2, 3, 4, 5])
    t.deepEqual(routes.resolve('.b'), [1, 4])
    t.deepEqual(routes.resolve('a.'), [2])
    t.deepEqual(routes.resolve('..'), [3])
  })

  test('literals of the same hash are told apart', (t) => {
    const twins = ['hpyqqoam', 'kzksbkmo']
    t.is(hashOf(twins[0]!), hashOf(twins[1]!))
    const shapes = (twin: string) => [`${twin}.*`, `a.${twin}*`, `*${twin}`, `*${twin}*a`]
    for (const [removed, left] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const routes = new Table(core)
      for (const twin of twins) for (const shape of shapes(twin)) routes.addPattern(shape)
      const whole = (twin: number) => shapes(twins[twin]!).map((_, index) => 4 * twin + index)
      const found = (twin: string) =>
        [`${twin}.b`, `a.${twin}b`, `b${twin}`, `b${twin}ba`].flatMap((topic) => routes.resolve(topic))
      t.deepEqual([found(twins[0]!), found(twins[1]!)], [whole(0), whole(1)])
      for (const id of whole(removed)) routes.removePattern(id)
      t.deepEqual([found(twins[removed]!), found(twins[left]!)], [[], whole(left)])
      for (const shape of shapes(twins[removed]!)) routes.addPattern(shape)
      t.deepEqual([found(twins[0]!), found(twins[1]!)], [whole(0), whole(1)])
    }
  })

  test('many stars between dots take no time', (t) => {
    const routes = new Table(core)
    routes.addPattern(`${'*.a.'.repeat(40)}b`)
    routes.addPattern(`${'*.a.'.repeat(40)}*`)
    t.deepEqual(routes.resolve(`${'a.'.repeat(120)}c`), [1])
  })

  test('of many topics with one literal end, those with the other are found', (t) => {
    const routes = new Table(core)
    for (let id = 0; id < 2_000; id += 1) routes.addTopic(`data.${id}.${id % 400}`)
    const expected = [7, 407, 807, 1_207, 1_607]
    t.deepEqual(routes.affected('data.*.7'), expected)
    t.deepEqual(routes.affected('?ata.*.7'), expected)
    t.deepEqual(routes.affected('data.7*.7'), [7])
  })

  test('of many topics that came and went, those that are left are found', (t) => {
    const routes = new Table(core)
    const held: { id: number; text: string }[] = []
    for (let n = 0; n < 10_000; n += 1) {
      const text = `a.${n}.b`
      held.push({ id: routes.addTopic(text)[0], text })
      if (held.length > 100) routes.removeTopic(held.shift()!.id)
      if (n % 700 !== 0) continue
      for (const [pattern, isMatching] of [
        ['a.*', () => true],
        ['*5.b', (text: string) => text.endsWith('5.b')],
        ['a.?*7.b', (text: string) => text.length > 5 && text.endsWith('7.b')],
      ] as const) {
        const expected = held.filter(({ text }) => isMatching(text)).map(({ id }) => id)
        t.deepEqual(
          routes.affected(pattern),
          expected.toSorted((a, b) => a - b),
          `${pattern} at ${n}`,
        )
      }
    }
  })

  test('texts of any length and depth are found', (t) => {
    const routes = new Table(core)
    const deep = 'a.'.repeat(20_000)
    const long = 'x'.repeat(20_000)
    for (const text of [`${deep}*`, `${'*.a.'.repeat(5_000)}*`, `*${long}`, `${long}*${long}`, `*.${long}*`])
      routes.addPattern(text)
    t.deepEqual(routes.addTopic(`${deep}b`), [0, [0, 1]])
    t.deepEqual(routes.addTopic(`${long}.${long}`), [1, [2, 3, 4]])
    t.deepEqual(routes.affected(`*${long}`), [1])
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
