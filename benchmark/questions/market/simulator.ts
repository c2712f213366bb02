import { intoMemory, markets, ontoTheBus, type SimulatedLoad } from '../../market/simulating.js'
import { arrivedWhole, question } from '../../question.js'

export default question<SimulatedLoad>({
  name: 'market/simulator',
  asks: 'What does a message of a simulated market cost?',
  how: 'Five venues and ten symbols from one seed: 64-byte records into memory, 1,024 at a time; or objects published on their topics, where one handler in the same thread takes each. No rival makes the same.',
  figures: { message: { unit: 'ns', better: 'less' } },
  rows: markets,
  rivals: {},
  ours: {
    'native, into memory': intoMemory('native'),
    'native, onto the bus': ontoTheBus('native'),
    'js, into memory': intoMemory('js'),
  },
  targets: [],
  bounds: [
    { ours: 'native, into memory', figure: 'message', must: 1_000 },
    { ours: 'native, onto the bus', figure: 'message', must: 2_000, aim: 1_000 },
  ],
  check: arrivedWhole,
})
