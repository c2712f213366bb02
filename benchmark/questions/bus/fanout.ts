import { type FanOut, byBroadcast, byPorts, onBus } from '../../bus/fan-out.js'
import { arrivedWhole, question } from '../../question.js'

export default question<FanOut>({
  name: 'bus/fanout',
  asks: 'What does one quote cost on its way from one thread to four, fresh object in and four fresh objects out?',
  how: 'As many as go, from the first send until the last thread has the last one; figures are for each publish, not for each copy. Ours awaits `bus.ready()` every 1,000 messages; the queues of the rivals have no bound.',
  figures: { endToEnd: { unit: 'ns', better: 'less' }, sender: { unit: 'ns', better: 'less' } },
  rows: { '1 to 4 threads': { messages: 40_000, threads: 4 } },
  rivals: { 'postMessage to each': byPorts, BroadcastChannel: byBroadcast },
  ours: { native: onBus('native'), js: onBus('js') },
  targets: ['native', 'js'].flatMap((ours) => [
    { ours, rival: 'postMessage to each', must: 8, aim: 15 },
    { ours, rival: 'BroadcastChannel', must: 3, aim: 5 },
  ]),
  check: arrivedWhole,
})
