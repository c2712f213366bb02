/**
 * Every number of the simulated market that was fitted, with where it is from. `scripts/simulator-doc.mjs` measures them
 * against the recordings; docs/simulator.md is what came out.
 */

import type { ArrivalLaw, PriceLaw } from '../../market-core.js'

/**
 * Fitted to `@bookTicker` of Binance spot BTCUSDT (recordings/2024-08-08, 346 s): the rate is that of the recording, the
 * rest the best of some 1,800 sets of a random search, judged by the logarithms of all that docs/simulator.md compares.
 */
export const quoteArrivals: ArrivalLaw = {
  perSecond: 81.1,
  fastBranching: 0.72,
  slowBranching: 0.16,
  fastNs: 4_900_000,
  slowNs: 427_000_000,
  burstTail: 2.35,
  burstMost: 14,
  gapNs: 36_600,
}

/** Fitted to `@trade` of the same recording in the same way: one order that takes many is a burst of trades. */
export const tradeArrivals: ArrivalLaw = {
  perSecond: 28.2,
  fastBranching: 0.5,
  slowBranching: 0.32,
  fastNs: 25_000_000,
  slowNs: 1_500_000_000,
  burstTail: 1.36,
  burstMost: 800,
  gapNs: 50_000,
}

/**
 * Volatilities chosen so that returns over a second have the deviation of those recordings (1.2 to 1.4 bps), and heavier
 * tails than a normal law; regimes, jumps and their sizes are those of the model, not fitted.
 */
export const priceLaw: PriceLaw = {
  volatilities: [0.45e-4, 0.85e-4, 1.8e-4],
  spreads: [1, 1.3, 2.2],
  stayNs: 60e9,
  revertNs: 20e9,
  deviation: 0.4,
  jumpNs: 600e9,
  jumpLeastBps: 5,
  jumpMostBps: 30,
}
