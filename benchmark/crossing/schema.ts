/** What both ends of a Tickbus crossing agree on. Everything that fits no entry goes as MessagePack. */
import { quote, topics } from 'tickbus'

/** A reader that is held up delays the rest instead of losing it: a measurement counts every message. */
export const schema = topics({ 'data.quotes.{venue}.{symbol}': quote({ slowReader: 'wait' }) })

export const QUOTE_TOPIC = 'data.quotes.BINANCE.BTCUSDT'
export const SIGNAL_TOPIC = 'data.signals.BINANCE.BTCUSDT'
