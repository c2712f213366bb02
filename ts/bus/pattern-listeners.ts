import { loadCore } from '../native/index.js'

/** Called with the name of the event, then with what was emitted. `this` is the emitter. */
// oxlint-disable-next-line typescript/no-explicit-any -- events of many names carry arguments of many types
export type PatternListener = (name: string, ...args: any[]) => unknown

/** Names whose listeners are remembered; the one that was first seen the longest ago makes room. */
const MOST_NAMES = 4_096
const NOBODY: readonly PatternListener[] = []
/** What an emitter says about itself: it says so only where somebody listens to the literal name. */
const OWN_EVENTS = new Set(['newListener', 'removeListener'])

interface Entry {
  readonly pattern: string
  readonly listener: PatternListener
}

/** The listeners of an emitter that asked for a pattern, in the order in which they came. */
export class PatternListeners {
  /** Whether the emitter turns a rejected promise of a listener into an `error` event. */
  captures: boolean
  #entries: readonly Entry[] = []
  readonly #byName = new Map<string, readonly PatternListener[]>()

  constructor(captures = false) {
    this.captures = captures
  }

  /** Those that hear the event `name`. The list is replaced, never changed, when listeners come and go. */
  of(name: string): readonly PatternListener[] {
    if (this.#entries.length === 0) return NOBODY
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const listeners = this.#match(name)
    if (this.#byName.size === MOST_NAMES) this.#byName.delete(this.#byName.keys().next().value!)
    this.#byName.set(name, listeners)
    return listeners
  }

  add(pattern: string, listener: PatternListener): void {
    this.#replace([...this.#entries, { pattern, listener }])
  }

  /** Takes away the pair that was added last, if there is one. */
  remove(pattern: string, listener: PatternListener): void {
    const last = this.#entries.findLastIndex((entry) => entry.pattern === pattern && entry.listener === listener)
    if (last >= 0) this.#replace(this.#entries.toSpliced(last, 1))
  }

  clear(): void {
    this.#replace([])
  }

  #match(name: string): readonly PatternListener[] {
    if (OWN_EVENTS.has(name)) return NOBODY
    const { isMatching } = loadCore()
    return this.#entries.filter(({ pattern }) => isMatching(name, pattern)).map(({ listener }) => listener)
  }

  #replace(entries: readonly Entry[]): void {
    this.#entries = entries
    this.#byName.clear()
  }
}
