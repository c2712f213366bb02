import { producersByHand, producing, type Producing, tickbusProducers } from '../../lanes/producers.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Producing>({
  name: 'lanes/producers',
  asks: 'What does a message cost from end to end that one of two threads publishes and one of two others handles?',
  how: 'As `lanes/threads`, quotes; each publisher sends every other one. With ours one publisher owns the group, and the other one is a thread of the bus whose messages go through the ring of the owner first. Nobody is refused: the lane has room for all.',
  figures: { endToEnd: { unit: 'ns', better: 'less' }, sender: { unit: 'ns', better: 'less' } },
  rows: { 'quotes, two to two': { messages: 100_000 } },
  rivals: {
    'postMessage of the object': producing(producersByHand('port')),
    'postMessage of arrays of 100': producing(producersByHand('batches')),
    BroadcastChannel: producing(producersByHand('broadcast')),
  },
  ours: { native: producing(tickbusProducers('native')), js: producing(tickbusProducers('js')) },
  targets: ['native', 'js'].flatMap((ours) => [
    { ours, rival: 'postMessage of the object', must: 15, aim: 30 },
    { ours, rival: 'postMessage of arrays of 100', must: 4, aim: 8 },
    { ours, rival: 'BroadcastChannel', must: 12, aim: 30 },
  ]),
  check: arrivedWhole,
})
