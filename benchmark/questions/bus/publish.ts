import { EventEmitter } from 'node:events'
import { EventEmitter as EventEmitter3 } from 'eventemitter3'
import mitt from 'mitt'
import { type Emitter, type Publishing, byHandle, emitting, plainly } from '../../bus/publishing.js'
import { handlerEach, handlerShared } from '../../bus/scenes.js'
import type { Tick } from '../../bus/tick.js'
import { arrivedWhole, question } from '../../question.js'

// Its types say that it is CommonJS, and it is not.
const openMitt = mitt as unknown as typeof mitt.default

const ROWS = ['a handler for each topic']

export default question<Publishing>({
  name: 'bus/publish',
  asks: 'What does a publish cost that calls one handler in the same thread, among 500 topics?',
  how:
    'A fresh object of a text and three whole numbers for each publish, topics in turn, counters on; ours through handles, the emitters by names whose hash is known. The base calls the handlers directly: what making and counting messages costs everybody. ' +
    'For reference: measured apart on its Python packages, on a 2-vCPU AMD EPYC and as a Python caller sees it, NautilusTrader publishes in 238 ns (2.0.0rc7) and 1,260 ns (1.231.0).',
  figures: { publish: { unit: 'ns', better: 'less' } },
  rows: {
    'a handler for each topic': { messages: 2_000_000, scene: handlerEach },
    'one handler for all topics': { messages: 2_000_000, scene: handlerShared },
  },
  base: plainly,
  rivals: {
    'node EventEmitter': emitting(() => new EventEmitter()),
    eventemitter3: emitting(() => new EventEmitter3() as Emitter),
    mitt: emitting(() => openMitt<Record<string, Tick>>()),
  },
  ours: { native: byHandle('native'), js: byHandle('js') },
  targets: ['native', 'js'].flatMap((ours) => [
    { ours, rival: 'node EventEmitter', rows: ROWS, must: 1, aim: 1.6 },
    { ours, rival: 'eventemitter3', rows: ROWS, must: 2, aim: 2.5 },
    { ours, rival: 'mitt', rows: ROWS, must: 3.5, aim: 4.5 },
  ]),
  check: arrivedWhole,
})
