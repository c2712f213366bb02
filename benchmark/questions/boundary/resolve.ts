import type { Core } from '../../../dist/core.js'
import { VARIANTS, calling, variants } from '../../boundary/calls.js'
import { loadCore } from '../../boundary/inside.js'
import { arrivedWhole, question } from '../../question.js'

interface Patterns {
  patterns: number
  calls: number
}

const SYMBOLS = 500
const topicOf = (symbol: number) => `data.quotes.VENUE${symbol % 10}.SYMBOL${symbol}.`

/** Of four kinds in turn; each beside what says without a pattern table whether it matches. */
const kinds: ((symbol: number) => { text: string; isMatching: (topic: string) => boolean })[] = [
  (symbol) => ({ text: topicOf(symbol), isMatching: (topic) => topic === topicOf(symbol) }),
  (symbol) => ({ text: `${topicOf(symbol)}*`, isMatching: (topic) => topic.startsWith(topicOf(symbol)) }),
  (symbol) => ({ text: `*.SYMBOL${symbol}.`, isMatching: (topic) => topic.endsWith(`.SYMBOL${symbol}.`) }),
  (symbol) => ({ text: `orders.${symbol}.*`, isMatching: () => false }),
]

const patternsOf = ({ patterns }: Patterns) =>
  Array.from({ length: patterns }, (_, index) => kinds[index % kinds.length](Math.floor(index / kinds.length)))

const topicsOf = ({ patterns }: Patterns) => {
  const symbols = Math.min(SYMBOLS, patterns / kinds.length)
  return variants((index) => topicOf(Math.floor((index * symbols) / VARIANTS)))
}

const counting = (row: Patterns) => {
  const patterns = patternsOf(row)
  const counts = topicsOf(row).map((topic) => patterns.filter(({ isMatching }) => isMatching(topic)).length)
  return (index: number) => counts[index % VARIANTS]
}

const resolving = (row: Patterns, core: Core) => {
  const routes = core.openRoutes()
  for (const { text } of patternsOf(row)) routes.add(text)
  const topics = topicsOf(row)
  const ids = new Uint32Array(64)
  return (index: number) => routes.resolve(topics[index % VARIANTS], ids)
}

const on = (backend: Core['backend']) =>
  calling<Patterns>(
    async (row) => resolving(row, await loadCore(backend)),
    counting,
    ({ calls }) => calls,
  )

export default question<Patterns>({
  name: 'boundary/resolve',
  asks: 'What does it cost to find the patterns that match a topic?',
  how: 'Quarters of exact, prefix and suffix patterns and of a foreign prefix; 64 topics, three matches each. A bus does this once for each new topic.',
  figures: { call: { unit: 'ns', better: 'less' } },
  rows: {
    '100 patterns': { patterns: 100, calls: 20_000 },
    '1,000 patterns': { patterns: 1_000, calls: 2_000 },
    '10,000 patterns': { patterns: 10_000, calls: 200 },
  },
  rivals: { js: on('js') },
  ours: { native: on('native') },
  targets: [],
  check: arrivedWhole,
})
