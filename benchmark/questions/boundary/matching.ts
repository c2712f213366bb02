import type { Backend } from 'tickbus'
import { VARIANTS, calling, variants } from '../../boundary/calls.js'
import { loadCore } from '../../boundary/inside.js'
import { arrivedWhole, question } from '../../question.js'

interface Matching {
  pattern: string
  topic: (index: number) => string
}

const quotes = (index: number) => `data.quotes.VENUE${index % 4}.SYMBOL${index}`

const matcher = (isMatching: (topic: string, pattern: string) => boolean, { pattern, topic }: Matching) => {
  const topics = variants(topic)
  return (index: number) => Number(isMatching(topics[index % VARIANTS], pattern))
}

const regular = (row: Matching) => {
  const glob = new RegExp(`^${row.pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`)
  return matcher((topic) => glob.test(topic), row)
}

const calls = () => 200_000

const on = (backend: Backend) =>
  calling<Matching>(
    async (row) => {
      const core = await loadCore(backend)
      return matcher((topic, pattern) => core.isMatching(topic, pattern), row)
    },
    regular,
    calls,
  )

export default question<Matching>({
  name: 'boundary/matching',
  asks: 'Does one match pay for its crossing?',
  how: '`isMatching` of both backends on 64 topics of some 25 characters; a compiled RegExp, which no user of globs has at hand, beside them.',
  figures: { call: { unit: 'ns', better: 'less' } },
  rows: {
    'no wildcard': { pattern: 'data.quotes.VENUE1.SYMBOL1', topic: quotes },
    prefix: { pattern: 'data.quotes.VENUE1.*', topic: quotes },
    'star inside': { pattern: 'data.*.SYMBOL1?', topic: quotes },
    'many stars': { pattern: '*a*a*a*b', topic: (index) => `${'a'.repeat(12 + (index % 8))}${index % 2 ? 'b' : 'c'}` },
  },
  rivals: {
    js: on('js'),
    RegExp: calling(regular, regular, calls),
  },
  ours: { native: on('native') },
  targets: [],
  check: arrivedWhole,
})
