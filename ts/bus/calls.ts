import { show, TickbusError } from '../errors.js'
import { Endpoint, type EndpointHandler } from './endpoint.js'
import { checkEndpoint } from './name.js'
import { type PendingRequest, type RequestOptions, Requests } from './requests.js'
import { isThenable } from './thenable.js'

/** An endpoint in another thread. */
export interface RemoteEndpoint {
  /** @throws {TickbusError} if the message cannot be sent; nothing has happened then. */
  send(message: unknown): void
  /** Sends a request, which the reply will settle. Throws as `send` does. */
  request(request: PendingRequest, message: unknown): void
}

/** What the calls of a thread need of its bus. */
export interface CallsHost {
  /** The endpoint in another thread that answers to a name. */
  remote(name: string): RemoteEndpoint | undefined
  added(name: string): void
  removed(name: string): void
  /** The promise that an endpoint returned to `send` was rejected. */
  onRejection(name: string, error: unknown): void
}

/** Point to point: the endpoints of one thread, and what is sent and asked from it. */
export class Calls {
  readonly requests = new Requests()
  readonly #host: CallsHost
  readonly #endpoints = new Map<string, Endpoint>()
  /** Messages sent, requests included. */
  sent = 0

  constructor(host: CallsHost) {
    this.#host = host
  }

  register(name: string, handler: EndpointHandler): Endpoint {
    checkEndpoint(name)
    if (typeof handler !== 'function') throw new TickbusError('TICKBUS_HANDLER', { pattern: name, got: show(handler) })
    if (this.#endpoints.has(name) || this.#host.remote(name) !== undefined) {
      throw new TickbusError('TICKBUS_ENDPOINT_TAKEN', { endpoint: name })
    }
    const endpoint = new Endpoint(name, handler, () => {
      this.#endpoints.delete(name)
      this.#host.removed(name)
    })
    this.#endpoints.set(name, endpoint)
    this.#host.added(name)
    return endpoint
  }

  get(name: string): Endpoint | undefined {
    return this.#endpoints.get(name)
  }

  names(): string[] {
    return [...this.#endpoints.keys()]
  }

  /** Says false if nobody answers to the name. */
  trySend(name: string, message: unknown): boolean {
    const endpoint = this.#endpoints.get(name)
    if (endpoint !== undefined) {
      this.sent += 1
      this.deliver(endpoint, message)
      return true
    }
    const remote = this.#host.remote(name)
    if (remote === undefined) return false
    remote.send(message)
    this.sent += 1
    return true
  }

  /** Hands a message to an endpoint of this thread, and lets through what it throws. */
  deliver({ name, handler }: Endpoint, message: unknown): void {
    const result = handler(message)
    if (isThenable(result)) result.then(undefined, (error: unknown) => this.#host.onRejection(name, error))
  }

  /** Throws what is wrong with the request itself; the endpoint's fault rejects. */
  request(name: string, message: unknown, options: RequestOptions | undefined): Promise<unknown> {
    const endpoint = this.#endpoints.get(name)
    if (endpoint === undefined) return this.#requestRemotely(name, message, options ?? {})
    return options === undefined
      ? this.#requestNow(endpoint, message, NO_OPTIONS)
      : this.#request(endpoint, message, options)
  }

  /** Ends all endpoints and gives all requests up. */
  close(): void {
    for (const endpoint of [...this.#endpoints.values()]) endpoint.deregister()
    this.requests.close()
  }

  #request(endpoint: Endpoint, message: unknown, options: RequestOptions): Promise<unknown> {
    this.requests.check(endpoint.name, options)
    return options.id === undefined
      ? this.#requestNow(endpoint, message, options)
      : this.#requestUnderId(endpoint, message, options)
  }

  /** A reply that is there at once needs no entry, no timer and no signal. */
  #requestNow(endpoint: Endpoint, message: unknown, options: RequestOptions): Promise<unknown> {
    this.sent += 1
    let answer: unknown
    try {
      answer = endpoint.handler(message)
    } catch (error) {
      this.requests.count('failed')
      return Promise.reject(error)
    }
    if (isThenable(answer)) return this.requests.open(endpoint.name, options).settleBy(answer)
    this.requests.count('replied')
    return Promise.resolve(answer)
  }

  /** The id is taken while the endpoint runs. */
  #requestUnderId(endpoint: Endpoint, message: unknown, options: RequestOptions): Promise<unknown> {
    const request = this.requests.open(endpoint.name, options)
    this.sent += 1
    try {
      return request.settleBy(endpoint.handler(message))
    } catch (error) {
      request.fail(error)
      return request.reply
    }
  }

  #requestRemotely(name: string, message: unknown, options: RequestOptions): Promise<unknown> {
    const remote = this.#host.remote(name)
    if (remote === undefined) throw unknownEndpoint(name)
    this.requests.check(name, options)
    const request = this.requests.open(name, options)
    try {
      remote.request(request, message)
      this.sent += 1
    } catch (error) {
      request.fail(error)
    }
    return request.reply
  }
}

const NO_OPTIONS: RequestOptions = {}

export function unknownEndpoint(name: unknown): TickbusError {
  checkEndpoint(name)
  return new TickbusError('TICKBUS_ENDPOINT_UNKNOWN', { endpoint: name })
}
