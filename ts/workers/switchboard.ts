import { type Calls, isThenable, type RemoteEndpoint } from '../bus/index.js'
import { TickbusError } from '../errors.js'
import { errorOf, type Fault, faultOf } from './fault.js'
import type { Outbox } from './outbox.js'

/** A message for an endpoint; the id is that of the request that waits for a reply, if one does. */
export type Call = readonly [message: unknown, id?: string]
/** What became of a request. */
export type Reply = readonly [id: string, value: unknown, fault?: Fault]

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
}

/** Connects the endpoints and requests of this thread with those of the others. Others are named by their slots. */
export class Switchboard {
  readonly #options: SwitchboardOptions
  /** Who answers to a name; several only if they registered it at the same moment. */
  readonly #slots = new Map<string, number[]>()
  /** Where the requests that are under way went. */
  readonly #asked = new Map<string, number>()

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
    for (const [id, asked] of this.#asked) {
      if (asked !== slot) continue
      const request = this.#options.calls.requests.get(id)
      request?.fail(new TickbusError('TICKBUS_ENDPOINT_LOST', { endpoint: request.endpoint }))
    }
  }

  /** The endpoint in another thread that answers to a name. */
  endpoint(name: string): RemoteEndpoint | undefined {
    const slot = this.#slots.get(name)?.[0]
    if (slot === undefined) return undefined
    const send = (...call: Call): void => this.#options.outbox.sendCall(name, slot, call)
    return {
      send: (message) => send(message),
      request: (request, message) => {
        send(message, request.id)
        this.#asked.set(request.id, slot)
        request.onSettled(() => this.#asked.delete(request.id))
      },
    }
  }

  /** Takes a message for an endpoint of this thread. */
  receiveCall(name: string, slot: number, [message, id]: Call): void {
    const endpoint = this.#options.calls.get(name)
    if (endpoint === undefined) {
      this.#options.onUndeliverable({ endpoint: name, message })
      if (id !== undefined)
        this.#reply(slot, id, undefined, new TickbusError('TICKBUS_ENDPOINT_UNKNOWN', { endpoint: name }))
      return
    }
    if (id === undefined) this.#deliver(name, () => this.#options.calls.deliver(endpoint, message))
    else this.#answer(slot, id, () => endpoint.handler(message))
  }

  receiveReply([id, value, fault]: Reply): void {
    const request = this.#options.calls.requests.get(id)
    // One that has timed out is no longer there.
    if (fault === undefined) request?.succeed(value)
    else request?.fail(errorOf(fault))
  }

  #deliver(name: string, deliver: () => void): void {
    try {
      deliver()
    } catch (error) {
      this.#options.onEndpointError(name, error)
    }
  }

  #answer(slot: number, id: string, ask: () => unknown): void {
    const fail = (error: unknown): void => this.#reply(slot, id, undefined, error ?? new Error(String(error)))
    try {
      const answer = ask()
      if (isThenable(answer)) answer.then((value) => this.#reply(slot, id, value), fail)
      else this.#reply(slot, id, answer)
    } catch (error) {
      fail(error)
    }
  }

  #reply(slot: number, id: string, value: unknown, error?: unknown): void {
    const reply: Reply = error === undefined ? [id, value] : [id, undefined, faultOf(error)]
    try {
      this.#options.outbox.sendReply(slot, reply)
    } catch (refusal) {
      // A reply that cannot be sent is a reason to tell, in words that can be.
      if (error === undefined) this.#reply(slot, id, undefined, refusal)
      else this.#options.onEndpointError('reply', refusal)
    }
  }
}
