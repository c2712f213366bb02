import type { VenueList } from '../venue-list.js'
import { ascendex } from './ascendex.js'
import { bequant } from './bequant.js'
import { binance } from './binance.js'
import { binanceUs } from './binance-us.js'
import { bitget } from './bitget.js'
import { bithumb } from './bithumb.js'
import { bitmex } from './bitmex.js'
import { bitstamp } from './bitstamp.js'
import { bittrex } from './bittrex.js'
import { blockchain } from './blockchain.js'
import { bybit } from './bybit.js'
import { coinbase } from './coinbase.js'
import { deribit } from './deribit.js'
import { gateio } from './gateio.js'
import { hitbtc } from './hitbtc.js'
import { huobi } from './huobi.js'
import { kraken } from './kraken.js'
import { okcoin } from './okcoin.js'
import { okx } from './okx.js'
import { poloniex } from './poloniex.js'
import { probit } from './probit.js'

/** Every venue whose list is read, by its code. A new one is its own file and a line here. */
export const lists: ReadonlyMap<string, VenueList> = new Map(
  [
    ascendex,
    bequant,
    binance,
    binanceUs,
    bitget,
    bithumb,
    bitmex,
    bitstamp,
    bittrex,
    blockchain,
    bybit,
    coinbase,
    deribit,
    gateio,
    hitbtc,
    huobi,
    kraken,
    okcoin,
    okx,
    poloniex,
    probit,
  ].map((list) => [list.venue, list]),
)
