/**
 * Frames as the venues send them, which the decoders read back to the same records. Each says `"simulated":true` in its
 * envelope, where venues have nothing of the kind.
 */

import type { Quote, Trade } from '../../bus/index.js'
import type { DecodedVenue } from '../../market-core.js'
import type { MarketMessage } from '../market-message.js'

/** How a venue writes quotes and trades. */
interface FrameForm {
  quote(symbol: string, quote: Quote): string
  trade(symbol: string, trade: Trade): string
}

/** @returns JSON text; nothing for a message that is neither quote nor trade, which the simulator does not make. */
export function simulatedFrame({ kind, instrument, message }: MarketMessage): string {
  const form = forms[instrument.venue]
  if (kind === 'quote') return form.quote(instrument.symbol, message)
  return kind === 'trade' ? form.trade(instrument.symbol, message) : ''
}

const binance: FrameForm = {
  quote: (symbol, { bidPrice, bidSize, askPrice, askSize, sequence }) =>
    `{"stream":"${symbol.toLowerCase()}@bookTicker","simulated":true,"data":{"u":${sequence},"s":"${symbol}","b":"${bidPrice}","B":"${bidSize}","a":"${askPrice}","A":"${askSize}"}}`,
  trade(symbol, trade) {
    const ms = msOf(trade)
    const isBuyerMaker = trade.aggressorSide === 'SELLER'
    return `{"stream":"${symbol.toLowerCase()}@trade","simulated":true,"data":{"e":"trade","E":${ms},"s":"${symbol}","t":${trade.tradeId},"p":"${trade.price}","q":"${trade.size}","T":${ms},"m":${isBuyerMaker}}}`
  },
}

const coinbase: FrameForm = {
  quote: (symbol, quote) =>
    `{"channel":"ticker","simulated":true,"timestamp":"${isoOf(quote)}","sequence_num":${quote.sequence},"events":[{"type":"update","tickers":[{"type":"ticker","product_id":"${symbol}","best_bid":"${quote.bidPrice}","best_bid_quantity":"${quote.bidSize}","best_ask":"${quote.askPrice}","best_ask_quantity":"${quote.askSize}"}]}]}`,
  trade(symbol, trade) {
    const time = isoOf(trade)
    // The side is that of the order that waited.
    const side = trade.aggressorSide === 'BUYER' ? 'SELL' : 'BUY'
    return `{"channel":"market_trades","simulated":true,"timestamp":"${time}","sequence_num":0,"events":[{"type":"update","trades":[{"trade_id":"${trade.tradeId}","product_id":"${symbol}","price":"${trade.price}","size":"${trade.size}","side":"${side}","time":"${time}"}]}]}`
  },
}

const kraken: FrameForm = {
  quote: (symbol, quote) =>
    `{"channel":"ticker","simulated":true,"type":"update","data":[{"symbol":"${symbol}","bid":${quote.bidPrice},"bid_qty":${quote.bidSize},"ask":${quote.askPrice},"ask_qty":${quote.askSize},"timestamp":"${isoOf(quote)}"}]}`,
  trade: (symbol, trade) =>
    `{"channel":"trade","simulated":true,"type":"update","data":[{"symbol":"${symbol}","side":"${sideOf(trade)}","price":${trade.price},"qty":${trade.size},"ord_type":"market","trade_id":${trade.tradeId},"timestamp":"${isoOf(trade)}"}]}`,
}

const bybit: FrameForm = {
  quote(symbol, quote) {
    const ms = msOf(quote)
    return `{"topic":"orderbook.1.${symbol}","simulated":true,"type":"snapshot","ts":${ms},"data":{"s":"${symbol}","b":[["${quote.bidPrice}","${quote.bidSize}"]],"a":[["${quote.askPrice}","${quote.askSize}"]],"u":${quote.sequence},"seq":${quote.sequence}},"cts":${ms}}`
  },
  trade(symbol, trade) {
    const ms = msOf(trade)
    const side = trade.aggressorSide === 'BUYER' ? 'Buy' : 'Sell'
    return `{"topic":"publicTrade.${symbol}","simulated":true,"type":"snapshot","ts":${ms},"data":[{"T":${ms},"s":"${symbol}","S":"${side}","v":"${trade.size}","p":"${trade.price}","i":"${trade.tradeId}","BT":false}]}`
  },
}

const okx: FrameForm = {
  quote: (symbol, quote) =>
    `{"arg":{"channel":"bbo-tbt","instId":"${symbol}"},"simulated":true,"data":[{"asks":[["${quote.askPrice}","${quote.askSize}","0","1"]],"bids":[["${quote.bidPrice}","${quote.bidSize}","0","1"]],"ts":"${msOf(quote)}","seqId":${quote.sequence}}]}`,
  trade: (symbol, trade) =>
    `{"arg":{"channel":"trades","instId":"${symbol}"},"simulated":true,"data":[{"instId":"${symbol}","tradeId":"${trade.tradeId}","px":"${trade.price}","sz":"${trade.size}","side":"${sideOf(trade)}","ts":"${msOf(trade)}","count":"1"}]}`,
}

const forms: Readonly<Record<DecodedVenue, FrameForm>> = {
  BINANCE: binance,
  BYBIT: bybit,
  COINBASE: coinbase,
  KRAKEN: kraken,
  OKX: okx,
}

const NS_PER_MS = 1_000_000n
const NS_PER_US = 1_000n

function msOf({ tsEvent }: Quote | Trade): bigint {
  return tsEvent / NS_PER_MS
}

/** ISO 8601 with microseconds. */
function isoOf({ tsEvent }: Quote | Trade): string {
  const micros = String((tsEvent / NS_PER_US) % 1_000n).padStart(3, '0')
  return `${new Date(Number(tsEvent / NS_PER_MS)).toISOString().slice(0, -1)}${micros}Z`
}

function sideOf({ aggressorSide }: Trade): string {
  return aggressorSide === 'BUYER' ? 'buy' : 'sell'
}
