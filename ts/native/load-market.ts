import type { ArbitrageCore } from '../arbitrage-core.js'
import type { Backend } from '../core.js'
import { jsArbitrageCore, jsMarketCore } from '../fallback/index.js'
import type { MarketCore } from '../market-core.js'
import { nativeArbitrageCore } from './arbitrage-core.js'
import { loadCore, loadNative } from './load.js'
import { nativeMarketCore } from './market-core.js'

// Apart from the core, so that threads which only work on groups load nothing of markets.

/**
 * What decodes market data.
 *
 * @throws {TickbusError} `TICKBUS_BACKEND` if that backend cannot be had.
 */
export function loadMarketCore(wanted?: Backend): MarketCore {
  return loadCore(wanted).backend === 'native' ? nativeMarketCore(loadNative().binding) : jsMarketCore
}

/**
 * What finds arbitrage.
 *
 * @throws {TickbusError} `TICKBUS_BACKEND` if that backend cannot be had.
 */
export function loadArbitrageCore(wanted?: Backend): ArbitrageCore {
  return loadCore(wanted).backend === 'native' ? nativeArbitrageCore(loadNative().binding) : jsArbitrageCore
}
