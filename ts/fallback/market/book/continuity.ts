import type { Continuity } from '../../../market-core.js'
import { judgeBinanceFutures } from './continuity/binance-futures.js'
import { judgeBinanceSpot } from './continuity/binance-spot.js'
import { judgeOkx } from './continuity/okx.js'
import { judgePlusOne } from './continuity/plus-one.js'
import { judgePrevious } from './continuity/previous.js'
import { type Judge, NEXT } from './continuity/verdict.js'

/** The rule by which updates follow each other. */
export const judges: Readonly<Record<Continuity, Judge>> = {
  'binance-spot': judgeBinanceSpot,
  'binance-futures': judgeBinanceFutures,
  'plus-one': judgePlusOne,
  previous: judgePrevious,
  okx: judgeOkx,
  checksum: () => NEXT,
  unverified: () => NEXT,
}

/** Whether snapshots do not come in the stream, so that they have to be fitted in among its updates. */
export function hasSnapshotApart(continuity: Continuity): boolean {
  return continuity === 'binance-spot' || continuity === 'binance-futures'
}
