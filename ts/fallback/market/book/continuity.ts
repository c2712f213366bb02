import { judgeBinanceFutures } from './continuity/binance-futures.js'
import { judgeBinanceSpot } from './continuity/binance-spot.js'
import { judgePlusOne } from './continuity/plus-one.js'
import { judgePrevious } from './continuity/previous.js'
import { type Judge, NEXT } from './continuity/verdict.js'

/**
 * How a venue says that no update is missing:
 * - `binance-spot`: `U` and `u`, with a snapshot that is fetched apart from the stream;
 * - `binance-futures`: `U`, `u` and `pu`, with such a snapshot too;
 * - `plus-one`: each update's number is one more than the one before: Bybit `u`, Coinbase Advanced `sequence_num`;
 * - `previous`: each update names the one before: OKX `prevSeqId`;
 * - `checksum`: no numbers, only checksums tell: Kraken, and OKX before it had `seqId`;
 * - `unverified`: nothing tells: Coinbase Exchange.
 */
export type Continuity = 'binance-spot' | 'binance-futures' | 'plus-one' | 'previous' | 'checksum' | 'unverified'

/** The rule by which updates follow each other. */
export const judges: Readonly<Record<Continuity, Judge>> = {
  'binance-spot': judgeBinanceSpot,
  'binance-futures': judgeBinanceFutures,
  'plus-one': judgePlusOne,
  previous: judgePrevious,
  checksum: () => NEXT,
  unverified: () => NEXT,
}

/** Whether snapshots do not come in the stream, so that they have to be fitted in among its updates. */
export function hasSnapshotApart(continuity: Continuity): boolean {
  return continuity === 'binance-spot' || continuity === 'binance-futures'
}
