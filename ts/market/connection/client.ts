import { processClock } from '../../client/index.js'
import { badArgument, TickbusError } from '../../errors.js'
import { FRAME_BYTES_LIMIT } from '../../layout.js'
import { FeedTopics } from '../feed-topics.js'
import { KrakenBooks } from '../kraken-books.js'
import { MarketDecoder } from '../market-decoder.js'
import type { Records } from '../market-message.js'
import type { OrderBook } from '../order-book.js'
import { BackOff } from './back-off.js'
import { Connection, type ConnectionState, type StateChange } from './connection.js'
import type { Gap } from './gap.js'
import { Intake } from './intake.js'
import { checkOptions, type VenueDataClientOptions } from './options.js'
import { Outbox } from './outbox.js'
import { type Channel, isObject, type Protocol, protocols, type Stream } from './protocols/index.js'
import { Snapshots } from './snapshots.js'
import type { VenueStats } from './stats.js'
import { Subscriptions } from './subscriptions.js'
import { VenueTap, type VenueTapOptions } from './tap.js'
import { TradeNumbers } from './trade-numbers.js'
import { VenueBooks } from './venue-books.js'
import { VenueEmitter, type VenueEvents } from './venue-events.js'

/** Longer than any answer of a venue to a request. */
const ANSWER_BYTES_MOST = 65_536

/**
 * One connection to a venue for market data. What it subscribes to is decoded and published on the bus; connections that
 * are lost are made anew, what was subscribed is asked for again, and what is missing is reported.
 *
 * ```ts
 * await using client = new VenueDataClient({ protocol: 'binance-usdm', bus })
 * client.on('gap', (gap) => console.warn(gap))
 * await client.connect()
 * await client.subscribe('book', ['BTCUSDT'])
 * ```
 */
export class VenueDataClient {
  readonly protocol: VenueDataClientOptions['protocol']
  readonly #bus: VenueDataClientOptions['bus']
  readonly #protocol: Protocol
  readonly #channels: Partial<Record<Channel, string>>
  readonly #events = new VenueEmitter()
  readonly #topics: FeedTopics
  readonly #kraken = new KrakenBooks()
  readonly #decoder: MarketDecoder
  readonly #connection: Connection
  readonly #outbox: Outbox
  readonly #subscriptions: Subscriptions
  readonly #intake: Intake
  readonly #books: VenueBooks
  readonly #trades: TradeNumbers
  readonly #snapshots: Snapshots | undefined
  readonly #taps = new Set<VenueTap>()
  readonly #url: string
  /** The symbols whose trades were subscribed. */
  readonly #traded = new Set<string>()
  readonly #waiters = new Set<{ opened(): void; closed(error: TickbusError): void }>()
  readonly #gaps = { book: 0, trades: 0, connection: 0 }
  readonly #missing = { book: 0, trades: 0, connection: 0 }
  #published = 0
  #unpublished = 0
  /** The number of the next frame, where the venue counts them. */
  #nextNumber = 0
  #isOverflown = false
  /** Frames without room that a gap has told of. */
  #overflowTold = 0

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if an option is out of range, `TICKBUS_BACKEND`. */
  constructor(options: VenueDataClientOptions) {
    const limits = checkOptions(options)
    const { protocol: name, bus, backend, random = Math.random, clock = processClock(bus) } = options
    const { ready = () => bus.ready(), fetch = globalThis.fetch } = options
    const protocol: Protocol = protocols[name]
    const { connectTimeoutMs, answerTimeoutMs, steadyMs, staleMs, frameBytesMost, queueFrames, queueBytes } = limits
    const openBackOff = () => new BackOff(limits.backOffMs, limits.backOffMostMs, random)
    this.protocol = name
    this.#bus = bus
    this.#topics = new FeedTopics(bus)
    this.#protocol = protocol
    this.#url = options.url ?? protocol.url
    this.#channels = { ...protocol.channels, ...options.channels }
    this.#decoder = new MarketDecoder({
      market: protocol.market,
      epoch: bus.epoch,
      frameBytesMost: Math.max(1_024, Math.min(frameBytesMost, FRAME_BYTES_LIMIT)),
      ...(backend && { backend }),
    })
    this.#connection = new Connection({
      url: this.#url,
      clock,
      backOff: openBackOff(),
      connectTimeoutMs,
      steadyMs,
      staleMs,
      pingMs: protocol.pingMs,
      frameBytesMost,
      ping: protocol.ping === undefined ? undefined : () => this.#outbox.push(protocol.ping!),
      onState: (change) => this.#stateChanged(change),
      onFrame: (frame) => this.#take(frame),
    })
    this.#outbox = new Outbox(clock, protocol.limits.messagesPerSecond, (text) => this.#connection.send(text))
    this.#subscriptions = new Subscriptions({
      protocol,
      name,
      clock,
      answerTimeoutMs,
      send: (text) => this.#outbox.push(text),
      onRefused: (stream, error) => {
        this.#forget([stream])
        this.#events.fault(error)
      },
      onSilence: () => this.#connection.renew('unanswered', `no answer within ${answerTimeoutMs} ms`),
    })
    this.#intake = new Intake({
      decoder: this.#decoder,
      queueFrames,
      queueBytes,
      nowNs: () => bus.nowNs(),
      ready,
      onTaken: (frame, receivedNs) => {
        for (const tap of this.#taps) tap.push(frame, receivedNs)
      },
      onOther: (frames) => this.#readOthers(frames),
      onFrame: this.#lookerAtFrames(),
      onMessage: (records, record, end) => this.#publish(records, record, end),
      onPause: () => this.#pause(),
      onResume: () => this.#resume(),
      onFault: (error) => this.#fault(error),
    })
    const onGap = (gap: Gap) => this.#gap(gap)
    this.#trades = new TradeNumbers(this.#traded, bus.epoch, onGap)
    this.#books = new VenueBooks({
      clock,
      kraken: this.#kraken,
      backend,
      steadyMs,
      openBackOff,
      resync: (symbol) => this.#resync(symbol),
      onGap,
      onResynced: (resynced) => void this.#events.emit('resynced', resynced),
    })
    const snapshotUrl = options.snapshotUrl ?? protocol.snapshotUrl
    if (protocol.snapshotUrl === undefined || snapshotUrl === undefined) return
    const timeoutMs = answerTimeoutMs
    this.#snapshots = new Snapshots({ name, url: snapshotUrl, fetch, clock, timeoutMs, bytesMost: frameBytesMost })
  }

  get state(): ConnectionState {
    return this.#connection.state
  }

  /**
   * Connects, and goes on trying until it is closed. Resolves when there is a connection.
   *
   * @throws {TickbusError} `TICKBUS_VENUE_CLOSED` if the client is closed before.
   */
  async connect(): Promise<void> {
    this.#checkOpen()
    if (this.state === 'open') return
    const opened = new Promise<void>((resolve, reject) => {
      const waiter = { opened: resolve, closed: reject }
      this.#waiters.add(waiter)
    })
    this.#connection.start()
    await opened
  }

  /**
   * Subscribes to a channel of instruments, by the venue's names, now and after every reconnect. Resolves when the venue
   * has accepted all. Before `connect` it waits for the connection.
   *
   * @throws {TickbusError} `TICKBUS_VENUE_CHANNEL` if the venue has no such channel, `TICKBUS_VENUE_LIMIT` if the connection
   * has no room for so many: nothing is asked for then; `TICKBUS_VENUE_REFUSED` if the venue refuses one,
   * `TICKBUS_VENUE_SILENT` if it does not answer: the others stay subscribed; `TICKBUS_VENUE_CLOSED`, `TICKBUS_ARGUMENT`.
   */
  async subscribe(channel: Channel, symbols: readonly string[]): Promise<void> {
    this.#checkOpen()
    const streams = this.#streamsOf(channel, symbols)
    const most = this.#protocol.limits.subscriptions
    const count = this.#subscriptions.wanted + streams.filter(({ topic }) => !this.#subscriptions.has(topic)).length
    if (count > most) throw new TickbusError('TICKBUS_VENUE_LIMIT', { venue: this.protocol, most: String(most), count })
    for (const { symbol } of streams) {
      if (channel === 'book') this.#books.add(symbol)
      if (channel === 'trades' && this.#protocol.hasConsecutiveTrades) this.#traded.add(symbol)
    }
    try {
      await this.#subscriptions.add(streams)
    } finally {
      this.#forget(streams.filter(({ topic }) => !this.#subscriptions.has(topic)))
    }
  }

  /** Ends subscriptions; those that are not there are passed over. What the venue still sends is published. */
  unsubscribe(channel: Channel, symbols: readonly string[]): void {
    this.#checkOpen()
    const streams = this.#streamsOf(channel, symbols)
    this.#subscriptions.remove(streams, this.#closedError())
    this.#forget(streams)
  }

  /**
   * The book of an instrument as it is now, by the venue's name; undefined before its first update. It stays the same object for
   * as long as it is subscribed: a lost connection makes it `stale`, and the next snapshot mends it.
   */
  book(symbol: string): OrderBook | undefined {
    return this.#books.get(symbol)
  }

  /**
   * Gives all frames from now on as they come, to be recorded; ends with the client, or when it is closed itself.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if a bound is out of range, `TICKBUS_VENUE_CLOSED`.
   */
  tap(options: VenueTapOptions = {}): VenueTap {
    this.#checkOpen()
    const connection = { market: this.#protocol.market, url: this.#url }
    const unixNsAt = (ns: number) => this.#bus.epoch.unixNsAt(ns)
    const tap = new VenueTap({ ...options, connection, unixNsAt, onClose: (closed) => void this.#taps.delete(closed) })
    this.#taps.add(tap)
    return tap
  }

  on<E extends keyof VenueEvents>(event: E, listener: (detail: VenueEvents[E]) => void): this {
    this.#events.on(event, listener)
    return this
  }

  off<E extends keyof VenueEvents>(event: E, listener: (detail: VenueEvents[E]) => void): this {
    this.#events.off(event, listener)
    return this
  }

  stats(): VenueStats {
    const { state, isPaused, connects, endings } = this.#connection
    const { frames, bytes, waiting, overflow, unread } = this.#intake
    const { wanted, accepted, refused, unanswered } = this.#subscriptions
    return {
      state,
      isPaused,
      connects,
      endings: { ...endings },
      frames,
      bytes,
      waiting,
      decoded: this.#decoder.counts,
      published: this.#published,
      unpublished: this.#unpublished,
      lost: { overflow, closed: unread },
      gaps: { ...this.#gaps },
      missing: { ...this.#missing },
      repeated: this.#trades.repeated,
      resyncs: this.#books.resyncs,
      subscriptions: { wanted, accepted, refused, unanswered },
      sent: this.#outbox.sent,
      unsent: this.#outbox.waiting,
    }
  }

  /** Ends the connection for good. Frames that wait are counted as lost. May be called again. */
  async close(): Promise<void> {
    if (this.state === 'closed') return
    this.#intake.close()
    this.#books.close()
    this.#snapshots?.close()
    this.#outbox.clear()
    this.#subscriptions.close(this.#closedError())
    for (const waiter of this.#waiters) waiter.closed(this.#closedError())
    this.#waiters.clear()
    for (const tap of this.#taps) tap.close()
    this.#connection.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #streamsOf(channel: Channel, symbols: readonly string[]): Stream[] {
    const name = this.#channels[channel]
    if (name === undefined) throw new TickbusError('TICKBUS_VENUE_CHANNEL', { venue: this.protocol, channel })
    if (!Array.isArray(symbols)) throw badArgument('symbols', 'a list of names', symbols)
    for (const symbol of symbols) {
      if (typeof symbol !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(symbol)) {
        throw badArgument('symbols', "the venue's names, 1 to 64 characters without spaces", symbol)
      }
    }
    return [...new Set(symbols)].map((symbol) => {
      return { channel, name, symbol, topic: this.#protocol.topicOf(name, symbol) }
    })
  }

  #forget(streams: readonly Stream[]): void {
    for (const { channel, symbol } of streams) {
      if (channel === 'book') this.#books.remove(symbol)
      if (channel !== 'trades') continue
      this.#traded.delete(symbol)
      this.#trades.forget(symbol)
    }
  }

  #stateChanged(change: StateChange): void {
    if (change.to === 'open') {
      this.#subscriptions.opened()
      for (const waiter of this.#waiters) waiter.opened()
      this.#waiters.clear()
    } else if (change.from === 'open') {
      this.#subscriptions.lost()
      this.#outbox.clear()
      // What came before still counts for the books as they were.
      if (change.to !== 'closed') this.#intake.mark(() => this.#lost())
    }
    this.#events.emit('state', change)
  }

  #lost(): void {
    this.#nextNumber = 0
    this.#books.lost()
    this.#gap({ ...this.#connectionGap('disconnected'), missing: undefined })
  }

  #take(frame: Buffer): void {
    // Told once the queue has been worked off, when it is known how many there were.
    if (this.#intake.push(frame) || this.#isOverflown) return
    this.#isOverflown = true
    this.#intake.mark(() => this.#overflown())
  }

  #overflown(): void {
    this.#isOverflown = false
    const missing = this.#intake.overflow - this.#overflowTold
    this.#overflowTold = this.#intake.overflow
    this.#books.doubt()
    // Where the venue counts its messages, the next one tells how many are missing.
    const isCounted = this.#protocol.numberOf !== undefined
    this.#gap({ ...this.#connectionGap('overflow'), missing: isCounted ? undefined : missing })
  }

  /** What looks at each frame itself, where its messages do not say all. */
  #lookerAtFrames(): ((frame: Buffer) => void) | undefined {
    const { market, numberOf } = this.#protocol
    if (market === 'kraken') return (frame) => this.#kraken.read(asLine(frame))
    return numberOf && ((frame) => this.#count(numberOf(frame)))
  }

  #count(number: number | undefined): void {
    if (number === undefined) return
    const expected = this.#nextNumber
    this.#nextNumber = number + 1
    if (number <= expected) return
    this.#books.doubt()
    const numbers = { after: expected === 0 ? undefined : expected - 1, before: number, missing: number - expected }
    this.#gap({ ...this.#connectionGap('number'), ...numbers })
  }

  #connectionGap(reason: Gap['reason']): Omit<Gap, 'missing'> {
    const tsInit = this.#bus.epoch.unixNsAt(this.#bus.nowNs())
    return { kind: 'connection', reason, instrument: undefined, after: undefined, before: undefined, tsInit }
  }

  #gap(gap: Gap): void {
    this.#gaps[gap.kind] += 1
    this.#missing[gap.kind] += gap.missing ?? 0
    this.#events.emit('gap', gap)
  }

  /** Publishes a message: a quote or a trade as the record that it is, so that no object is made where nobody needs one. */
  #publish(records: Records, record: number, end: number): void {
    const { epoch } = this.#bus
    const kind = records.kindOf(record)
    const number = records.instrumentOf(record)
    const instrument = this.#decoder.instruments[number]
    const message = kind === 'book' ? records.message(record, end, instrument, epoch) : undefined
    if (message?.kind === 'book') this.#books.take(message)
    if (kind === 'trade' && this.#protocol.hasConsecutiveTrades) {
      this.#trades.see(instrument, records.tradeNumberOf(record), records.receivedNs(record))
    }
    try {
      const topic = this.#topics.of(kind, number, instrument)
      if (message === undefined) topic.publishRecord(records.written(record, epoch))
      else topic.publish(message.message)
      this.#published += 1
    } catch (error) {
      this.#unpublished += 1
      this.#fault(error)
    }
  }

  /** Answers of the venue are among these frames. */
  #readOthers(frames: readonly Buffer[]): void {
    for (const frame of frames) {
      if (frame.length > ANSWER_BYTES_MOST) continue
      const message = parse(frame)
      const reply = isObject(message) ? this.#protocol.replyTo(message) : undefined
      if (reply !== undefined) this.#subscriptions.take(reply)
    }
  }

  #resync(symbol: string): void {
    const topic = this.#protocol.topicOf(this.#channels.book!, symbol)
    if (this.#snapshots === undefined) return this.#subscriptions.renew(topic)
    this.#snapshots.get(symbol).then(
      (frame) => {
        this.#intake.push(frame)
        // One that could not be read, or had no room, has not mended the book.
        this.#intake.mark(() => this.#books.failed(symbol))
      },
      (error: TickbusError) => {
        if (this.state === 'closed') return
        this.#events.fault(error)
        this.#books.failed(symbol)
      },
    )
  }

  #pause(): void {
    this.#connection.pause()
    this.#events.emit('pause', undefined)
  }

  #resume(): void {
    if (this.state === 'closed') return
    this.#connection.resume()
    this.#events.emit('resume', undefined)
  }

  /** What the bus or the consumer threw. A bus that is closed ends the client. */
  #fault(error: unknown): void {
    const fault =
      error instanceof TickbusError
        ? error
        : new TickbusError('TICKBUS_INTERNAL', { where: 'the venue client', reason: String(error) }, error)
    this.#events.fault(fault)
    if (fault.code === 'TICKBUS_CLOSED') void this.close()
  }

  #checkOpen(): void {
    if (this.state === 'closed') throw this.#closedError()
  }

  #closedError(): TickbusError {
    return new TickbusError('TICKBUS_VENUE_CLOSED', { venue: this.protocol })
  }
}

/** A frame as a line of a recording. */
function asLine(frame: Buffer): Buffer {
  return Buffer.concat([LINE_START, frame])
}

const LINE_START = Buffer.from('0 ')

/** What a frame holds; undefined if it is no JSON, which the decoder has counted. */
function parse(frame: Buffer): unknown {
  try {
    return JSON.parse(frame.toString())
  } catch {
    return undefined
  }
}
