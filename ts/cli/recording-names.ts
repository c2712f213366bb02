/** How recordings say which market they are of, for the help texts. */
export const RECORDING_NAMES =
  'named MARKET_SYMBOL_DATE.gz with MARKET one of spot, usdm, cm, or VENUE_NAME.gz with VENUE one of bybit-PRODUCT, coinbase, kraken, okx; captures of cryptofeed, or what "tickbus record" wrote'
