import { type Sharing, byHand, piscina, sharing, tickbusThreads } from '../../lanes/sharing.js'
import { arrivedWhole, question } from '../../question.js'

const RECORDS = ['quotes, one to two']
const OBJECTS = ['objects, one to two']

export default question<Sharing>({
  name: 'lanes/threads',
  asks: 'What does a message cost from end to end that one thread publishes and one of two others handles?',
  how: 'As many as go, no keys, fresh object in and fresh object out; a turn of the event loop for every 1,000. Ours waits for room; the queues of the rivals have no bound, but piscina awaits every 1,000 tasks.',
  figures: { endToEnd: { unit: 'ns', better: 'less' }, sender: { unit: 'ns', better: 'less' } },
  rows: {
    'quotes, one to two': { kind: 'quote', messages: 100_000 },
    'objects, one to two': { kind: 'signal', messages: 50_000 },
  },
  rivals: {
    'postMessage of the object': sharing(byHand('port')),
    'postMessage of arrays of 100': sharing(byHand('batches')),
    piscina: sharing(piscina),
    BroadcastChannel: sharing(byHand('broadcast')),
  },
  ours: { native: sharing(tickbusThreads('native')), js: sharing(tickbusThreads('js')) },
  targets: ['native', 'js'].flatMap((ours) => [
    { ours, rival: 'postMessage of the object', rows: RECORDS, must: 15, aim: 30 },
    { ours, rival: 'postMessage of arrays of 100', rows: RECORDS, must: 4, aim: 8 },
    { ours, rival: 'piscina', rows: RECORDS, must: 100, aim: 400 },
    { ours, rival: 'BroadcastChannel', rows: RECORDS, must: 12, aim: 30 },
    { ours, rival: 'postMessage of the object', rows: OBJECTS, must: 2, aim: 3 },
  ]),
  check: arrivedWhole,
})
