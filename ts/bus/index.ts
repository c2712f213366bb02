export { Bar, barCodec, type BarLike } from './bar.js'
export { BusState, type HandlerError } from './bus-state.js'
export { type BookLevel, Depth, depthCodec, type DepthLike } from './depth.js'
export { Codecs, marketCodecOf } from './codecs.js'
export { Epoch } from './epoch.js'
export { Calls, type RemoteEndpoint } from './calls.js'
export { Endpoint, type EndpointHandler } from './endpoint.js'
export { EventBus, type EventBusConstructor, type PatternArguments } from './event-bus.js'
export type { Fields, FieldType, RecordOf } from './field.js'
export { HandlerWarnings } from './handler-warnings.js'
export { Listeners } from './listeners.js'
export { type BusInside, type Guest, insideOf, LocalBus, type LocalBusOptions, type LocalStats } from './local-bus.js'
export { type MessagesOptions, MessageStream } from './message-stream.js'
export { PendingRequest, type RequestOptions, type RequestStats } from './requests.js'
export type { RouteTable } from './route-table.js'
export { isMatching } from './matching.js'
export { checkPattern } from './name.js'
export {
  bar,
  bytes,
  depth,
  json,
  type MessageKind,
  MessageType,
  msgpack,
  quote,
  record,
  trade,
} from './message-type.js'
export { Priority } from './priority.js'
export {
  type Intake,
  type Queue,
  QUEUE_ACCEPTED,
  QUEUE_BACKPRESSURED,
  QUEUE_CLOSED,
  QUEUE_CONFLATED,
  QUEUE_SHED,
  QUEUE_SPILLED,
  type QueueTerms,
} from './queue.js'
export { Quote, quoteCodec, type QuoteLike } from './quote.js'
export { messageOf, type RecordCodec, type Timed, type Views, viewsOf, type WrittenRecord } from './record.js'
export { type Definition, Schema, type SchemaData, topics } from './schema.js'
export { type Handler, type SubscribeOptions, Subscription } from './subscription.js'
export { type Outlet, type Sender, type Topic, TopicHandle } from './topic.js'
export type { MessageOf, StatedOr, Unstated } from './topic-types.js'
export { isDurable, type TopicOptions } from './topic-options.js'
export { type AggressorSide, readAggressor, readTradeId, Trade, tradeCodec, type TradeLike } from './trade.js'
export { isThenable } from './thenable.js'
export { type TimeSummary, WaitTimes } from './wait-times.js'
