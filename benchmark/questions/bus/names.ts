import { EventEmitter } from 'node:events'
import { type Publishing, byName, emitting } from '../../bus/publishing.js'
import { concatenated, handlerEach } from '../../bus/scenes.js'
import { arrivedWhole, question } from '../../question.js'

const INTERNED = 'names that are held'
const CONCATENATED = 'names put together at each call'

export default question<Publishing>({
  name: 'bus/names',
  asks: 'What does a publish by name cost, one handler, 500 topics?',
  how: 'As `bus/publish` with a handler for each topic, but by name. A name that is held keeps its hash; one that is put together is flattened and hashed at each call, whoever looks it up.',
  figures: { publish: { unit: 'ns', better: 'less' } },
  rows: {
    [INTERNED]: { messages: 2_000_000, scene: handlerEach },
    [CONCATENATED]: { messages: 500_000, scene: concatenated },
  },
  rivals: { 'node EventEmitter': emitting(() => new EventEmitter()) },
  ours: { native: byName('native'), js: byName('js') },
  targets: ['native', 'js'].flatMap((ours) => [
    { ours, rival: 'node EventEmitter', rows: [INTERNED], must: 0.65, aim: 0.9 },
    { ours, rival: 'node EventEmitter', rows: [CONCATENATED], must: 0.9, aim: 1 },
  ]),
  check: arrivedWhole,
})
