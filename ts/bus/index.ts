export { BusState, type HandlerError } from './bus-state.js'
export { Epoch } from './epoch.js'
export { LocalBus, type LocalBusOptions } from './local-bus.js'
export { isMatching } from './matching.js'
export { Quote, type QuoteLike, quoteCodec } from './quote.js'
export type { RecordCodec, Timed, Views } from './record.js'
export {
  type MessageType,
  msgpack,
  quote,
  Schema,
  type SchemaData,
  type TopicOptions,
  topics,
  trade,
} from './schema.js'
export { type Handler, type SubscribeOptions, Subscription } from './subscription.js'
export { type Outlet, type Topic, TopicHandle } from './topic.js'
export { type AggressorSide, Trade, tradeCodec, type TradeLike } from './trade.js'
