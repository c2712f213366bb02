import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Clock, processClock, type Timer } from '../../client/index.js'
import { badArgument } from '../../errors.js'
import { protocols, type VenueProtocolName, venueProtocols } from '../connection/index.js'
import type { FeedMarket } from '../feed-instrument.js'
import { type Asked, type Dialect, dialects, type Request } from './dialects/index.js'
import { framesIn, Program, type ProgramItem, readServed, type ServedFrame } from './program.js'
import { REQUEST_BYTES_MOST, Session } from './session.js'
import { TextBook } from './text-book.js'

/** Frames that are served in one turn of the loop. */
const TURN = 256
const HEARTBEAT_MS = 1_000

export interface VenueReplayServerOptions {
  /** Whose protocol is spoken. @default that of the files, where their market has one alone */
  protocol?: VenueProtocolName
  /** What is served: frames as they were received, or recordings and captures by their files. All are held in memory. */
  frames?: Iterable<ServedFrame>
  files?: readonly string[]
  /** How many times the recorded pace, 0.001 to 1,000,000; or as fast as the clients take it in. @default 1 */
  speed?: number | 'max'
  /** @default 0, any that is free */
  port?: number
  /** @default '127.0.0.1' */
  host?: string
  /** Instruments that are known besides those that occur. @default none */
  symbols?: readonly string[]
  /** Whether requests are answered; a venue that is not well may not. @default true */
  isAnswering?: boolean
  /** Pace and heartbeats. @default the process's */
  clock?: Clock
}

/** What a server has done so far. */
export interface VenueReplayStats {
  /** Connections, now and in all. */
  readonly connections: number
  readonly connected: number
  /** Requests that clients sent. */
  readonly requests: number
  /** Frames whose time has come, of all. */
  readonly position: number
  readonly total: number
  /** Frames sent, once for each client that got them. */
  readonly served: number
  /** Snapshots of books made for subscribers, and for those who fetched one. */
  readonly snapshots: number
  readonly fetched: number
  /** Messages sent of any kind: frames, snapshots, answers, heartbeats. */
  readonly messages: number
  /** Frames kept from clients, and sent to them twice, on demand. */
  readonly skipped: number
  readonly duplicated: number
  /** Frames for which nobody was subscribed. */
  readonly unheard: number
}

/**
 * A local server that plays a venue: it speaks the venue's subscribe protocol and serves recorded frames at any pace, with
 * cuts, gaps and stalls on demand. It is simulated: what it knows of a venue is in its recordings and the public documentation.
 *
 * ```ts
 * await using server = await VenueReplayServer.open({ protocol: 'binance-spot', files: ['spot_btcusdt.gz'], speed: 10 })
 * const client = new VenueDataClient({ protocol: 'binance-spot', bus, url: server.url, snapshotUrl: server.snapshotUrl })
 * ```
 */
export class VenueReplayServer {
  readonly protocol: VenueProtocolName
  readonly #dialect: Dialect
  readonly #program: Program
  readonly #speed: number
  readonly #isAnswering: boolean
  readonly #clock: Clock
  readonly #http: Server
  readonly #sockets: WebSocketServer
  readonly #host: string
  readonly #symbols: Set<string>
  readonly #kept: Map<string, string>
  readonly #books = new Map<string, TextBook>()
  readonly #sessions = new Set<Session>()
  readonly #heartbeat: Timer[] = []
  #position = 0
  #playing: Promise<void> | undefined
  #isStalled = false
  #isClosed = false
  #hasSubscriber = false
  readonly #waiters: (() => void)[] = []
  #wake: () => void = () => {}
  #toSkip = 0
  #toRepeat = 0
  #connected = 0
  #requests = 0
  #served = 0
  #snapshots = 0
  #fetches = 0
  /** Messages that were sent on connections that have ended. */
  #ended = 0
  #skipped = 0
  #duplicated = 0
  #unheard = 0

  private constructor(protocol: VenueProtocolName, options: VenueReplayServerOptions, program: Program) {
    const { speed = 1, host = '127.0.0.1', symbols = [], isAnswering = true } = options
    this.protocol = protocol
    this.#dialect = dialects[protocol]
    this.#program = program
    this.#speed = speed === 'max' ? 0 : speed
    this.#isAnswering = isAnswering
    this.#clock = options.clock ?? processClock({ nowNs: () => performance.now() * 1e6 + 1 })
    this.#host = host
    this.#symbols = new Set([...program.symbols, ...symbols])
    this.#kept = new Map(program.kept)
    this.#http = createServer((asking, answering) => this.#fetched(asking, answering))
    this.#sockets = new WebSocketServer({
      server: this.#http,
      maxPayload: REQUEST_BYTES_MOST,
      perMessageDeflate: false,
    })
    this.#sockets.on('connection', (socket, asking) => this.#connect(socket, asking))
  }

  /**
   * Reads what is to be served, and listens.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` for an option out of range, `TICKBUS_RECORDING` if a file cannot be read.
   * @throws {Error} if the port is taken.
   */
  static async open(options: VenueReplayServerOptions): Promise<VenueReplayServer> {
    const { speed = 1, port = 0, host = '127.0.0.1', frames = [], files = [] } = options
    if (options.protocol !== undefined && !Object.hasOwn(protocols, options.protocol)) {
      throw badArgument('protocol', `one of ${venueProtocols.join(', ')}`, options.protocol)
    }
    if (speed !== 'max' && !(speed >= 0.001 && speed <= 1_000_000)) {
      throw badArgument('speed', "0.001 to 1,000,000 or 'max'", speed)
    }
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw badArgument('port', '0 to 65,535', port)
    const recorded = await framesIn(files)
    const { protocol = protocolFor(recorded.markets) } = options
    const program = new Program([...recorded.frames, ...frames], dialects[protocol])
    const server = new VenueReplayServer(protocol, options, program)
    await server.#listen(port, host)
    return server
  }

  /** Where clients connect to. */
  get url(): string {
    return `ws://${this.#address}/stream`
  }

  /** Where snapshots of books are fetched, with `{symbol}` in it, as Binance has them. */
  get snapshotUrl(): string {
    return `http://${this.#address}/depth?symbol={symbol}&limit=1000`
  }

  /** Resolves when a client has subscribed to something, or the server is closed. */
  subscribed(): Promise<void> {
    if (this.#isClosed || this.#hasSubscriber) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  /** Serves the frames at the server's pace, from where it stands. Resolves when all are served, or the server is closed. */
  play(): Promise<void> {
    this.#playing ??= this.#play().finally(() => (this.#playing = undefined))
    return this.#playing
  }

  /** Serves the next frames at once, at most so many, whatever their time. Returns how many there were. */
  step(count = 1): number {
    if (this.#isStalled) return 0
    const end = Math.min(this.#position + count, this.#program.items.length)
    const served = end - this.#position
    while (this.#position < end) {
      this.#serve(this.#program.items[this.#position]!)
      this.#position += 1
    }
    for (const session of this.#sessions) session.flush()
    return served
  }

  /** Goes back to the first frame. What the venue had come to is forgotten. */
  rewind(): void {
    this.#position = 0
    this.#books.clear()
  }

  /** Cuts all connections off, as a broken line does. */
  cut(): void {
    for (const session of this.#sessions) {
      this.#forget(session)
      session.cut()
    }
  }

  /** Keeps the next frames from clients that are subscribed to them. The venue's numbers run on. */
  skip(count = 1): void {
    this.#toSkip += count
  }

  /** Sends the next frames twice. */
  duplicate(count = 1): void {
    this.#toRepeat += count
  }

  /** Says nothing any more, not even to pings, but keeps the connections. */
  stall(): void {
    this.#isStalled = true
  }

  resume(): void {
    this.#isStalled = false
    this.#wake()
  }

  /** Says nothing for so long. */
  delay(ms: number): void {
    this.stall()
    this.#clock.setTimer(() => this.resume(), ms)
  }

  stats(): VenueReplayStats {
    return {
      connections: this.#sessions.size,
      connected: this.#connected,
      requests: this.#requests,
      position: this.#position,
      total: this.#program.items.length,
      served: this.#served,
      snapshots: this.#snapshots,
      fetched: this.#fetches,
      messages: this.#ended + [...this.#sessions].reduce((sum, { messages }) => sum + messages, 0),
      skipped: this.#skipped,
      duplicated: this.#duplicated,
      unheard: this.#unheard,
    }
  }

  /** Cuts all connections off and listens no more. May be called again. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const resolve of this.#waiters.splice(0)) resolve()
    for (const timer of this.#heartbeat) this.#clock.clearTimer(timer)
    this.#wake()
    this.cut()
    this.#sockets.close()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
    await this.#playing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #address(): string {
    const { port } = this.#http.address() as AddressInfo
    return `${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${port}`
  }

  async #listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject)
      // ws passes the server's errors on to itself, where nobody would hear them.
      this.#sockets.on('error', reject)
      this.#http.listen(port, host, resolve)
    })
    this.#beat()
  }

  async #play(): Promise<void> {
    const startNs = this.#clock.nowNs()
    const { items } = this.#program
    const firstNs = items[this.#position]?.atNs ?? 0
    while (this.#position < items.length && !this.#isClosed) {
      if (this.#isStalled) {
        await this.#pause((wake) => void (this.#wake = wake))
        continue
      }
      const elapsedNs = this.#speed === 0 ? Infinity : (this.#clock.nowNs() - startNs) * this.#speed
      let due = 0
      while (due < TURN && (items[this.#position + due]?.atNs ?? Infinity) - firstNs <= elapsedNs) due += 1
      if (due > 0) this.step(due)
      for (const session of this.#sessions) if (session.isFull) await session.drained()
      const next = items[this.#position]
      if (next === undefined) break
      const waitMs =
        this.#speed === 0 ? 0 : ((next.atNs - firstNs) / this.#speed - (this.#clock.nowNs() - startNs)) / 1e6
      if (due === TURN || waitMs <= 0) await this.#pause((wake) => this.#clock.defer(wake))
      else await this.#sleep(waitMs)
    }
  }

  /** Until the time has gone by, or somebody wakes it. */
  async #sleep(ms: number): Promise<void> {
    let timer: Timer | undefined
    await this.#pause((wake) => {
      this.#wake = wake
      timer = this.#clock.setTimer(wake, ms)
    })
    this.#clock.clearTimer(timer!)
  }

  #pause(begin: (wake: () => void) => void): Promise<void> {
    return new Promise((resolve) => begin(resolve))
  }

  #serve(item: ProgramItem): void {
    if (item.hasMore) this.#learn(item.bytes.toString())
    const sessions = [...this.#sessions].filter((session) => session.has(item.keys))
    if (sessions.length === 0) {
      this.#unheard += 1
      return
    }
    if (this.#toSkip > 0) {
      this.#toSkip -= 1
      this.#skipped += sessions.length
      for (const session of sessions) session.withhold()
      return
    }
    for (const session of sessions) session.serve(item)
    this.#served += sessions.length
    if (this.#toRepeat === 0) return
    this.#toRepeat -= 1
    for (const session of sessions) session.serveAgain(item)
    this.#duplicated += sessions.length
  }

  /** What the venue has now: it goes on also while nobody hears of it. */
  #learn(text: string): void {
    for (const { symbol, key, book, isKept } of readServed(this.#dialect, text)) {
      if (isKept === true) this.#kept.set(key, text)
      if (book === undefined) continue
      // Books that are fetched apart belong to the instrument, whatever stream changes them.
      const place = this.#dialect.snapshot === undefined ? symbol : key
      let kept = this.#books.get(place)
      if (kept === undefined) this.#books.set(place, (kept = new TextBook()))
      kept.apply(book)
    }
  }

  #connect(socket: WebSocket, asking: IncomingMessage): void {
    const session = new Session(socket, asking.socket, this.#dialect)
    this.#sessions.add(session)
    this.#connected += 1
    // A connection that breaks is closed as well, which is all that matters here.
    socket.on('error', () => {})
    socket.on('close', () => this.#forget(session))
    socket.on('message', (data: Buffer) => this.#answer(session, data.toString()))
    const { greeting } = this.#dialect
    if (greeting !== undefined) session.send(greeting)
  }

  #forget(session: Session): void {
    if (this.#sessions.delete(session)) this.#ended += session.messages
  }

  #answer(session: Session, text: string): void {
    this.#requests += 1
    if (!this.#isAnswering || this.#isStalled) return
    const request = this.#dialect.request(text)
    if (request.kind === 'other') return
    if (request.kind === 'ping') {
      if (request.reply !== undefined) session.send(request.reply)
      return
    }
    const isKnown = ({ key, symbol }: Asked) =>
      !this.#dialect.isRefusing || this.#symbols.has(symbol) || this.#kept.has(key)
    const refused = request.asked.filter((one) => !isKnown(one))
    const accepted = this.#accepted(request, refused)
    session.take(request.kind, accepted)
    if (request.kind === 'subscribe' && accepted.length > 0) this.#heard()
    for (const answer of this.#dialect.answer(request, accepted, refused, session.all)) session.send(answer)
    if (request.kind === 'subscribe') for (const one of accepted) this.#begin(session, one)
  }

  /** Whoever waits for somebody who hears goes on. */
  #heard(): void {
    this.#hasSubscriber = true
    for (const resolve of this.#waiters.splice(0)) resolve()
  }

  /** Some venues refuse a request as a whole. */
  #accepted({ kind, asked }: Extract<Request, { asked: unknown }>, refused: readonly Asked[]): readonly Asked[] {
    if (kind === 'unsubscribe') return asked
    return this.#dialect.isWhole === true && refused.length > 0 ? [] : asked.filter((one) => !refused.includes(one))
  }

  /** Gives a new subscriber what others have had before. */
  #begin(session: Session, one: Asked): void {
    const kept = this.#kept.get(one.key)
    if (kept !== undefined) session.send(kept)
    const book = this.#books.get(one.key)
    if (this.#dialect.snapshot === undefined || book === undefined || book.isEmpty) return
    session.send(this.#dialect.snapshot(one, book))
    this.#snapshots += 1
  }

  #beat(): void {
    const { heartbeat } = this.#dialect
    this.#heartbeat[0] = this.#clock.setTimer(() => this.#beat(), heartbeat === undefined ? 20_000 : HEARTBEAT_MS)
    if (this.#isStalled) return
    for (const session of this.#sessions) {
      if (heartbeat === undefined) session.ping()
      else if (session.all.length > 0) session.send(heartbeat)
    }
  }

  /** A snapshot of a book, as Binance answers. */
  #fetched({ url = '/' }: IncomingMessage, answering: ServerResponse): void {
    const symbol = new URL(url, 'http://localhost').searchParams.get('symbol') ?? ''
    const answer = (status: number, body: object) => {
      answering.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (!this.#symbols.has(symbol)) return answer(400, { code: -1121, msg: 'Invalid symbol.' })
    const book = this.#books.get(symbol)
    if (book === undefined || book.last === 0)
      return answer(503, { code: -1000, msg: 'The recording has no book yet.' })
    this.#fetches += 1
    answer(200, { lastUpdateId: book.last, bids: book.side(false, 1_000), asks: book.side(true, 1_000) })
  }
}

/** The only protocol that frames of these markets can be of. */
function protocolFor(markets: ReadonlySet<FeedMarket>): VenueProtocolName {
  const [name, ...others] = venueProtocols.filter((known) => markets.has(protocols[known].market))
  if (name !== undefined && others.length === 0) return name
  throw badArgument(
    'protocol',
    `one of ${(name === undefined ? venueProtocols : [name, ...others]).join(', ')}`,
    undefined,
  )
}
