import { databases } from '../../delivery/databases.js'
import { figures, keeping, type Keeping } from '../../delivery/keeping.js'
import { groups, journal } from '../../delivery/logs.js'
import { question } from '../../question.js'

export default question<Keeping>({
  name: 'delivery/synced',
  asks: 'What does it cost to keep a message of 200 bytes so that it survives the death of the machine?',
  how: '64 messages are under way at once. The rival by hand writes them in groups of 64, with one call and one fdatasync each, in the same thread; it neither checks anything nor finds it again. "npm install --no-save better-sqlite3@12 classic-level@3" adds these as rivals, in groups of 64.',
  figures,
  rows: { '64 under way': { level: 'synced', inFlight: 64, count: 20_000 } },
  rivals: {
    'fdatasync by hand': keeping(groups),
    ...Object.fromEntries(Object.entries(databases()).map(([name, open]) => [name, keeping(open)])),
  },
  ours: { native: keeping(journal('native', 'always')), js: keeping(journal('js', 'always')) },
  targets: [{ ours: 'native', rival: 'fdatasync by hand', must: 0.7, aim: 0.9 }],
  check: ({ published, delivered }) => published > 0 && published === delivered,
})
