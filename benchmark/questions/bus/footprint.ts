import { type Desk, filling, heldTopics, names } from '../../bus/footprint.js'
import { arrivedWhole, question } from '../../question.js'

const HELD = '1,000,000 topics with handles and 100,000 patterns, the whole process'
const BY_NAME = '10,000,000 topics by name, growth after the first million'

export default question<Desk>({
  name: 'bus/footprint',
  asks: 'How large does the process of a very large desk become, and does it stay so?',
  how: 'Resident set, garbage collected before each look. Each of the topics that have handles is matched by three patterns. Each of the topics by name is published on once and never again.',
  figures: { memory: { unit: 'MB', better: 'less' } },
  rows: { [HELD]: { fill: heldTopics }, [BY_NAME]: { fill: names } },
  rivals: {},
  ours: { native: filling('native'), js: filling('js') },
  targets: [],
  bounds: ['native', 'js'].flatMap((ours) => [
    { ours, figure: 'memory', rows: [HELD], must: 600 },
    // Flat, but for what a collector has not given back yet.
    { ours, figure: 'memory', rows: [BY_NAME], must: 32 },
  ]),
  freshRounds: 1,
  check: arrivedWhole,
})
