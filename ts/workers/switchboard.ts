import { type Calls, type Endpoint, isThenable, type PendingRequest, type RemoteEndpoint } from '../bus/index.js'
import { TickbusError } from '../errors.js'
import { errorOf, type Fault, faultOf } from './fault.js'
import type { Outbox } from './outbox.js'
import type { MemberId } from './roster.js'

/** A message for an endpoint; the number is the asking thread's own for the request that waits for a reply, if one does. */
export type Call = readonly [message: unknown, number?: number]
/** What became of a request. */
export type Reply = readonly [number: number, value: unknown, fault?: Fault]

/** A message for an endpoint arrived after the endpoint had gone. */
export interface Undeliverable {
  endpoint: string
  message: unknown
}

export interface SwitchboardOptions {
  readonly outbox: Outbox
  /** The endpoints and requests of this thread. */
  readonly calls: Calls
  readonly onEndpointError: (name: string, error: unknown) => void
  readonly onUndeliverable: (undeliverable: Undeliverable) => void
  /** Whether a thread is still there: its slot may be another one's by now. */
  readonly isHere: (member: MemberId) => boolean
}

/** Connects the endpoints and requests of this thread with those of the others. Others are named by their slots. */
export class Switchboard {
  readonly #options: SwitchboardOptions
  /** Who answers to a name; several only if they registered it at the same moment. */
  readonly #slots = new Map<string, number[]>()
  /** The requests that are under way, and where they went. Numbers are never used twice, so that no reply comes too late. */
  readonly #asked = new Map<number, { readonly request: PendingRequest; readonly slot: number }>()
  #numbers = 0

  constructor(options: SwitchboardOptions) {
    this.#options = options
  }

  names(): string[] {
    return [...this.#slots.keys()]
  }

  registered(name: string, slot: number): void {
    this.#slots.set(name, [...(this.#slots.get(name) ?? []), slot])
  }

  deregistered(name: string, slot: number): void {
    const left = (this.#slots.get(name) ?? []).filter((other) => other !== slot)
    if (left.length > 0) this.#slots.set(name, left)
    else this.#slots.delete(name)
  }

  /** A thread has gone, and with it its endpoints and the replies that it owed. */
  forget(slot: number): void {
    for (const name of this.names()) this.deregistered(name, slot)
    for (const { request, slot: asked } of [...this.#asked.values()]) {
      if (asked === slot) request.fail(new TickbusError('TICKBUS_ENDPOINT_LOST', { endpoint: request.endpoint }))
    }
  }

  /** The endpoint in another thread that answers to a name. */
  endpoint(name: string): RemoteEndpoint | undefined {
    const slot = this.#slots.get(name)?.[0]
    if (slot === undefined) return undefined
    const { outbox } = this.#options
    return {
      send: (message) => outbox.sendCall(name, slot, [message]),
      request: (request, message) => {
        this.#numbers += 1
        const number = this.#numbers
        outbox.sendCall(name, slot, [message, number])
        this.#asked.set(number, { request, slot })
        request.onSettled(() => this.#asked.delete(number))
      },
    }
  }

  /** Takes a message for an endpoint of this thread. */
  receiveCall(name: string, from: MemberId, [message, number]: Call): void {
    const endpoint = this.#options.calls.get(name)
    if (endpoint === undefined) {
      this.#options.onUndeliverable({ endpoint: name, message })
      const unknown = new TickbusError('TICKBUS_ENDPOINT_UNKNOWN', { endpoint: name })
      if (number !== undefined) this.#reply(from, [number, undefined, faultOf(unknown)])
    } else if (number === undefined) {
      this.#deliver(endpoint, message)
    } else {
      this.#answer(endpoint, message, from, number)
    }
  }

  receiveReply([number, value, fault]: Reply): void {
    // One that has timed out is no longer there.
    const request = this.#asked.get(number)?.request
    if (fault === undefined) request?.succeed(value)
    else request?.fail(errorOf(fault))
  }

  #deliver(endpoint: Endpoint, message: unknown): void {
    try {
      this.#options.calls.deliver(endpoint, message)
    } catch (error) {
      this.#options.onEndpointError(endpoint.name, error)
    }
  }

  #answer(endpoint: Endpoint, message: unknown, from: MemberId, number: number): void {
    const succeed = (value: unknown): void => this.#reply(from, [number, value])
    const fail = (error: unknown): void => this.#reply(from, [number, undefined, faultOf(error)])
    try {
      const answer = endpoint.handler(message)
      if (isThenable(answer)) answer.then(succeed, fail)
      else succeed(answer)
    } catch (error) {
      fail(error)
    }
  }

  #reply(to: MemberId, reply: Reply): void {
    if (!this.#options.isHere(to)) return
    try {
      this.#options.outbox.sendReply(to.slot, reply)
    } catch (refusal) {
      const [number, , fault] = reply
      // A reply that cannot be sent is a reason to tell, in words that can be.
      if (fault === undefined) this.#reply(to, [number, undefined, faultOf(refusal)])
      else this.#options.onEndpointError('reply', refusal)
    }
  }
}
