import type { Handler } from 'tickbus'

/** What a log of operations is played on: a bus, or the model of one. */
export interface Subject {
  subscribe(pattern: string, handler: Handler, options: { priority: number }): unknown
  once(pattern: string, handler: Handler, options: { priority: number }): unknown
  unsubscribe(pattern: string, handler: Handler): boolean
  publish(topic: string, message: unknown): void
  hasSubscribers(text: string): boolean
  register(name: string, handler: (message: never) => unknown): unknown
  deregister(name: string): boolean
  trySend(name: string, message: unknown): boolean
  request(name: string, message: unknown): Promise<unknown>
}

interface Listed {
  readonly pattern: string
  readonly handler: Handler
  readonly priority: number
  readonly isOnce: boolean
}

/** What a bus does, without any of its shortcuts: a list, a filter, a sort. */
export class Model implements Subject {
  #listed: Listed[] = []
  readonly #endpoints = new Map<string, (message: never) => unknown>()

  subscribe(pattern: string, handler: Handler, { priority }: { priority: number }, isOnce = false): void {
    if (this.#find(pattern, handler) === undefined) this.#listed.push({ pattern, handler, priority, isOnce })
  }

  once(pattern: string, handler: Handler, options: { priority: number }): void {
    this.subscribe(pattern, handler, options, true)
  }

  unsubscribe(pattern: string, handler: Handler): boolean {
    const known = this.#find(pattern, handler)
    this.#listed = this.#listed.filter((one) => one !== known)
    return known !== undefined
  }

  publish(topic: string, message: unknown): void {
    const route = this.#listed.filter(({ pattern }) => isMatchingNaively(topic, pattern))
    for (const one of route.sort((a, b) => b.priority - a.priority)) {
      if (one.isOnce && !this.#listed.includes(one)) continue
      if (one.isOnce) this.#listed = this.#listed.filter((other) => other !== one)
      try {
        one.handler(message, topic)
      } catch {
        // Stops nobody.
      }
    }
  }

  hasSubscribers(text: string): boolean {
    const selects = (pattern: string) =>
      /[*?]/.test(text) ? isMatchingNaively(pattern, text) : isMatchingNaively(text, pattern)
    return this.#listed.some(({ pattern }) => selects(pattern))
  }

  register(name: string, handler: (message: never) => unknown): void {
    if (this.#endpoints.has(name)) throw Object.assign(new Error(), { code: 'TICKBUS_ENDPOINT_TAKEN' })
    this.#endpoints.set(name, handler)
  }

  deregister(name: string): boolean {
    return this.#endpoints.delete(name)
  }

  trySend(name: string, message: unknown): boolean {
    const endpoint = this.#endpoints.get(name)
    endpoint?.(message as never)
    return endpoint !== undefined
  }

  async request(name: string, message: unknown): Promise<unknown> {
    const endpoint = this.#endpoints.get(name)
    if (endpoint === undefined) throw Object.assign(new Error(), { code: 'TICKBUS_ENDPOINT_UNKNOWN' })
    return endpoint(message as never)
  }

  #find(pattern: string, handler: Handler): Listed | undefined {
    return this.#listed.find((one) => one.pattern === pattern && one.handler === handler)
  }
}

/** The glob by its definition: every way to cut the text in two is tried. */
function isMatchingNaively(topic: string, pattern: string): boolean {
  const match = (t: Buffer, p: Buffer): boolean => {
    if (p.length === 0) return t.length === 0
    if (p[0] === 0x2a)
      return Array.from({ length: t.length + 1 }, (_, cut) => cut).some((cut) => match(t.subarray(cut), p.subarray(1)))
    return t.length > 0 && (p[0] === 0x3f || p[0] === t[0]) && match(t.subarray(1), p.subarray(1))
  }
  return match(Buffer.from(topic), Buffer.from(pattern))
}
