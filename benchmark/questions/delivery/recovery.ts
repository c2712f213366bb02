import { recovering, type Recovering } from '../../delivery/recovering.js'
import { question } from '../../question.js'

export default question<Recovering>({
  name: 'delivery/recovery',
  asks: 'How long does it take to open a journal that has a million records?',
  how: 'Messages of 200 bytes that nobody has acknowledged, read from the page cache: every checksum is checked, and what each consumer has left is known.',
  figures: { recovery: { unit: 'ms', better: 'less' } },
  rows: { '1,000,000 records': { records: 1_000_000 } },
  rivals: {},
  ours: { native: recovering('native'), js: recovering('js') },
  targets: [],
  bounds: [{ ours: 'native', figure: 'recovery', must: 3_000, aim: 1_000 }],
  check: ({ published, delivered }) => published > 0 && published === delivered,
})
