import { type Held, onBus, onEmitter } from '../../bus/holding.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Held>({
  name: 'bus/memory',
  asks: 'How many bytes do a topic and a subscription take?',
  how: 'Growth of the resident set for each of them, garbage collected before and after; `heap` is the part of it that V8 manages. Names and handlers belong to the user and are not counted. Topics by name are spread over ten buses, because one keeps 65,536. In the end every topic is published on, and has to deliver.',
  figures: { each: { unit: 'bytes', better: 'less' }, heap: { unit: 'bytes', better: 'less' } },
  rows: {
    'a topic with a handle': { kind: 'topic', count: 500_000 },
    'a topic by name': { kind: 'name', count: 500_000 },
    'a subscription to a topic': { kind: 'subscription', count: 500_000 },
  },
  rivals: { 'node EventEmitter': onEmitter },
  ours: { native: onBus('native'), js: onBus('js') },
  targets: [],
  freshRounds: 3,
  check: arrivedWhole,
})
