import { emitted, type Flow, flows, routed } from '../../arbitrage/signals.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Flow>({
  name: 'arbitrage/signal',
  asks: 'How long after a frame was due does the strategy know whether there is an edge, at 100,000 frames a second?',
  how: 'Frames of two markets in turn, each a Buffer, in one thread. Open loop: a frame is due at its own time, whether or not the one before is done with; a turn of the loop takes all that are due. Ours decodes, publishes quotes on a bus, and the router on it tells of episodes; the rival parses, emits and does the same maths. The first third of a round is left out.',
  figures: {
    p50: { unit: 'us', better: 'less' },
    p99: { unit: 'us', better: 'less' },
    rate: { unit: 'frames/s', better: 'more' },
  },
  rows: flows,
  rivals: { 'JSON.parse + EventEmitter': emitted },
  ours: { native: routed('native'), js: routed('js') },
  targets: [{ ours: 'native', rival: 'JSON.parse + EventEmitter', must: 3 }],
  bounds: [{ ours: 'native', figure: 'p50', must: 20, aim: 5 }],
  check: arrivedWhole,
})
