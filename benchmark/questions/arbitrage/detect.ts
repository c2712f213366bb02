import { bruteForce, incremental, type Load, loads, ours } from '../../arbitrage/detecting.js'
import { arrivedWhole, question } from '../../question.js'

export default question<Load>({
  name: 'arbitrage/detect',
  asks: 'What does it cost to look for arbitrage at each quote, of 5 venues and 10 symbols?',
  how: 'Quotes as 64-byte records, of which all have to find the same openings and closings: one quote in 1,000 is 8 basis points away from the others of its symbol. Ours also keeps the best bid and offer, the peak, the size and the age of each episode, refuses bad quotes, decides in integers where doubles are too close, and calls a listener for each event. The rivals do none of that. What Rust takes by itself says cargo bench.',
  figures: { update: { unit: 'ns', better: 'less' } },
  rows: loads,
  rivals: { 'brute force': bruteForce, 'incremental, bare': incremental },
  ours: { native: ours('native'), js: ours('js') },
  targets: [
    { ours: 'native', rival: 'brute force', must: 20 },
    { ours: 'native', rival: 'incremental, bare', must: 3 },
  ],
  check: arrivedWhole,
})
