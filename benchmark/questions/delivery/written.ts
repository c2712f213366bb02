import { databases } from '../../delivery/databases.js'
import { figures, keeping, type Keeping } from '../../delivery/keeping.js'
import { appending, journal, stream } from '../../delivery/logs.js'
import { question } from '../../question.js'

const rivals = {
  'append stream': keeping(stream),
  appendFile: keeping(appending),
  ...Object.fromEntries(Object.entries(databases()).map(([name, open]) => [name, keeping(open)])),
}

export default question<Keeping>({
  name: 'delivery/written',
  asks: 'What does it cost to keep a message of 200 bytes so that it survives the death of the process?',
  how: 'So many messages are under way at once; each that is acknowledged makes room for the next. An acknowledgement says that the page cache has it, and nobody syncs, but sqlite at checkpoints (synchronous = NORMAL) and the case of ours that says so. Ours is a message in its envelope with checksum and sequence, the stream bytes alone. Amplification is what the process had written to disks for each byte of payload, so far as the system writes within the round. "npm install --no-save better-sqlite3@12 classic-level@3" adds these as rivals, in groups of 64.',
  figures,
  rows: {
    '64 under way': { level: 'written', inFlight: 64, count: 100_000 },
    '1,000 under way': { level: 'written', inFlight: 1_000, count: 200_000 },
  },
  rivals,
  ours: {
    native: keeping(journal('native', 'os')),
    'native, synced every 10 ms': keeping(journal('native', 'interval')),
    js: keeping(journal('js', 'os')),
  },
  targets: Object.keys(rivals).map((rival) => ({ ours: 'native', rival, must: 3, aim: 10 })),
  check: ({ published, delivered }) => published > 0 && published === delivered,
})
