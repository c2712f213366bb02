import { WebSocket } from 'ws'
import type { Clock, Timer } from '../../client/index.js'
import type { BackOff } from './back-off.js'

/** `idle` until `start`; `waiting` is between two attempts. */
export type ConnectionState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed'

/**
 * Why a connection ended: the venue closed it (`ended`), it could not be had or broke (`failed`), nothing came (`stale`), a frame
 * was too long (`tooLong`), or what was subscribed before was not answered (`unanswered`).
 */
export type Ending = 'ended' | 'failed' | 'stale' | 'tooLong' | 'unanswered'

export interface StateChange {
  readonly from: ConnectionState
  readonly to: ConnectionState
  /** Why the connection ended, if it did. */
  readonly reason?: Ending
  /** How long it waits before the next attempt, in ms; of `waiting` alone. */
  readonly delayMs?: number
  /** What went wrong, in words; of `waiting` alone. */
  readonly detail?: string
}

export interface ConnectionOptions {
  readonly url: string
  readonly clock: Clock
  readonly backOff: BackOff
  readonly connectTimeoutMs: number
  readonly steadyMs: number
  readonly staleMs: number
  readonly pingMs: number
  readonly frameBytesMost: number
  onState(change: StateChange): void
  onFrame(frame: Buffer): void
  /** Sends a ping in band; undefined where the WebSocket's own is sent. */
  readonly ping: (() => void) | undefined
}

/** One WebSocket after the other to the same address, for as long as it is not closed. */
export class Connection {
  state: ConnectionState = 'idle'
  isPaused = false
  connects = 0
  readonly endings: Record<Ending, number> = { ended: 0, failed: 0, stale: 0, tooLong: 0, unanswered: 0 }
  readonly #options: ConnectionOptions
  #socket: WebSocket | undefined
  #timer: Timer | undefined
  #openedNs = 0
  #hasHeard = false
  #quietPings = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  start(): void {
    if (this.state === 'idle') this.#connect()
  }

  send(text: string): void {
    if (this.state === 'open') this.#socket?.send(text)
  }

  /** Stops taking from the socket, so that the venue has to wait. */
  pause(): void {
    this.isPaused = true
    this.#socket?.pause()
  }

  resume(): void {
    this.isPaused = false
    this.#hasHeard = true
    this.#socket?.resume()
  }

  /** Ends this connection, and makes another. */
  renew(reason: Ending, detail: string): void {
    if (this.state !== 'connecting' && this.state !== 'open') return
    this.#drop()
    this.endings[reason] += 1
    const { clock, backOff, steadyMs } = this.#options
    if (this.state === 'open' && clock.nowNs() - this.#openedNs >= steadyMs * 1e6) backOff.reset()
    const delayMs = backOff.nextMs()
    this.#setTimer(() => this.#connect(), delayMs)
    this.#change('waiting', { reason, delayMs, detail })
  }

  close(): void {
    if (this.state === 'closed') return
    this.#drop()
    this.#change('closed')
  }

  #connect(): void {
    const { url, connectTimeoutMs, frameBytesMost } = this.#options
    // Bytes that are no UTF-8 are the decoder's to reject: they are no reason to lose the connection.
    const socket = new WebSocket(url, {
      maxPayload: frameBytesMost,
      skipUTF8Validation: true,
      perMessageDeflate: false,
      followRedirects: false,
    })
    this.#socket = socket
    this.connects += 1
    let failure: Error | undefined
    socket.on('error', (error) => void (failure = error))
    socket.on('close', (code) => {
      if (socket === this.#socket) this.#ended(code, failure)
    })
    socket.on('open', () => {
      if (socket === this.#socket) this.#opened()
    })
    socket.on('message', (frame: Buffer) => {
      this.#hasHeard = true
      if (socket === this.#socket) this.#options.onFrame(frame)
    })
    socket.on('ping', () => void (this.#hasHeard = true))
    socket.on('pong', () => void (this.#hasHeard = true))
    this.#setTimer(() => this.renew('failed', `no connection within ${connectTimeoutMs} ms`), connectTimeoutMs)
    this.#change('connecting')
  }

  #opened(): void {
    this.#openedNs = this.#options.clock.nowNs()
    this.#quietPings = 0
    this.#hasHeard = true
    if (this.isPaused) this.#socket!.pause()
    this.#setTimer(this.#watch, this.#options.pingMs)
    this.#change('open')
  }

  /** Pings, and ends a connection on which nothing came for so long. While we do not read there is nothing to hear. */
  readonly #watch = (): void => {
    const { pingMs, staleMs, ping } = this.#options
    this.#quietPings = this.#hasHeard || this.isPaused ? 0 : this.#quietPings + 1
    this.#hasHeard = false
    if (this.#quietPings * pingMs >= staleMs) return this.renew('stale', `nothing came for ${staleMs} ms`)
    this.#setTimer(this.#watch, pingMs)
    if (ping === undefined) this.#socket!.ping()
    else ping()
  }

  #ended(code: number, failure: Error | undefined): void {
    const isTooLong = failure !== undefined && 'code' in failure && failure.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    if (isTooLong) this.renew('tooLong', `a frame is longer than ${this.#options.frameBytesMost} bytes`)
    else if (failure !== undefined) this.renew('failed', failure.message)
    else this.renew('ended', `the venue closed it with code ${code}`)
  }

  /** Lets go of the socket, which may still say something that nobody hears. */
  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer)
    this.#timer = undefined
    socket?.terminate()
  }

  #setTimer(run: () => void, ms: number): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer)
    this.#timer = this.#options.clock.setTimer(run, ms)
  }

  #change(to: ConnectionState, why: Omit<StateChange, 'from' | 'to'> = {}): void {
    const from = this.state
    this.state = to
    this.#options.onState({ from, to, ...why })
  }
}
