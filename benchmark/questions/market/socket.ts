import { parsingSocket, throughClient } from '../../market/socket.js'
import type { SocketLoad } from '../../market/socket-frames.js'
import { arrivedWhole, question } from '../../question.js'

const RIVAL = 'ws + JSON.parse + EventEmitter'

export default question<SocketLoad>({
  name: 'market/socket',
  asks: 'How many frames a second come from a socket to a handler, and how late are they at 100k a second?',
  how: "A VenueReplayServer in another thread serves Binance's quotes over the loopback, as fast as the client takes them in or at a pace. The handler reads every number. Delays count from the time at which a frame was due; where none is due at a time, they say nothing. CPU time is that of the client's thread, as Linux counts it; elsewhere that of the process, the venue's thread included.",
  figures: {
    rate: { unit: 'frames/s', better: 'more' },
    p50: { unit: 'us', better: 'less' },
    p99: { unit: 'us', better: 'less' },
    cpu: { unit: 'ns/frame', better: 'less' },
  },
  rows: {
    'as fast as possible': { frames: 200_000, rate: 0 },
    '100k frames/s': { frames: 50_000, rate: 100_000 },
  },
  rivals: { [RIVAL]: parsingSocket() },
  ours: { native: throughClient('native'), js: throughClient('js') },
  targets: [
    { ours: 'native', rival: RIVAL, rows: ['as fast as possible'], must: 1.5, aim: 3 },
    { ours: 'native', rival: RIVAL, rows: ['100k frames/s'], figure: 'p50', must: 1 },
  ],
  check: arrivedWhole,
})
