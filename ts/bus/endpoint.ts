/** Called with what is sent to an endpoint. For a request, what it returns, or what its promise resolves to, is the reply. */
// oxlint-disable-next-line typescript/no-explicit-any -- an endpoint names the type that it expects; the bus cannot know it
export type EndpointHandler<T = any, R = unknown> = (message: T) => R

/** A name that this thread answers to. */
export class Endpoint {
  readonly name: string
  /** @internal */
  readonly handler: EndpointHandler
  #end: ((endpoint: Endpoint) => void) | undefined

  /** @internal */
  constructor(name: string, handler: EndpointHandler, end: (endpoint: Endpoint) => void) {
    this.name = name
    this.handler = handler
    this.#end = end
  }

  /** Whether messages still arrive. */
  get active(): boolean {
    return this.#end !== undefined
  }

  /** Ends it. A second call changes nothing. */
  deregister(): void {
    const end = this.#end
    this.#end = undefined
    end?.(this)
  }

  [Symbol.dispose](): void {
    this.deregister()
  }
}
