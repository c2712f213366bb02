import eventemitter2 from 'eventemitter2'
import { type Emitter, type Publishing, byHandle, emitting } from '../../bus/publishing.js'
import { listeningTo, onePattern, tenThousandPatterns, thousandPatterns } from '../../bus/scenes.js'
import { arrivedWhole, question } from '../../question.js'

const ONE = '1 pattern'
const THOUSAND = '1,000 patterns'
const TEN_THOUSAND = '10,000 patterns'

const openEventEmitter2 = () => new eventemitter2.EventEmitter2({ wildcard: true, maxListeners: 0 }) as Emitter

export default question<Publishing>({
  name: 'bus/wildcards',
  asks: 'What does a publish cost when the listeners came by pattern, among 500 topics?',
  how: 'A handler for each pattern; 1, 1.6 and 16 of them get a message. Stars stand for whole segments, because those of EventEmitter2 end at dots; both sides are counted against the same matches.',
  figures: { publish: { unit: 'ns', better: 'less' } },
  rows: {
    [ONE]: { messages: 300_000, scene: listeningTo(onePattern) },
    [THOUSAND]: { messages: 300_000, scene: listeningTo(thousandPatterns) },
    [TEN_THOUSAND]: { messages: 150_000, scene: listeningTo(tenThousandPatterns) },
  },
  rivals: { 'eventemitter2, wildcard': emitting(openEventEmitter2) },
  ours: { native: byHandle('native'), js: byHandle('js') },
  targets: ['native', 'js'].flatMap((ours) => [
    { ours, rival: 'eventemitter2, wildcard', rows: [ONE], must: 10, aim: 20 },
    { ours, rival: 'eventemitter2, wildcard', rows: [THOUSAND], must: 12, aim: 20 },
    { ours, rival: 'eventemitter2, wildcard', rows: [TEN_THOUSAND], must: 3, aim: 4.5 },
  ]),
  check: arrivedWhole,
})
