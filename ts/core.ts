/**
 * What a backend does for the rest of the package. The native backend answers from Rust (src/), the JavaScript one
 * from ts/fallback/; everything above this interface is the same code on both, and so are the bytes in shared memory.
 */

/** `native`: the Rust addon. `js`: the pure-JavaScript fallback; slower, not smaller. */
export type Backend = 'native' | 'js'

/** One loaded backend. Stateless but for what it opens. */
export interface Core {
  readonly backend: Backend

  /**
   * Whether `pattern` matches all of `topic`. Both are taken as UTF-8 bytes (a lone surrogate counts as U+FFFD):
   * `*` is any run of bytes, `?` is exactly one.
   */
  isMatching(topic: string, pattern: string): boolean

  /** Opens an empty pattern table. */
  openRoutes(): Routes

  /**
   * Makes this thread reachable as one member of a bus.
   *
   * @throws {TickbusError} `TICKBUS_TICKET` if `roster` is not the page that the other members joined with.
   */
  join(options: JoinOptions): Membership
}

/**
 * Which patterns match which topics: a table of patterns and one of the topics that are in use. Texts are taken as UTF-8
 * bytes and must be well-formed. Ids are small; one that was removed is given again, the smallest first.
 *
 * Calls that answer with a list write as much of it as fits into `out`, in no particular order, and return its whole
 * length: if that is more than fits, ask `resolve` or `affected` with a longer array.
 */
export interface Routes {
  /**
   * Adds a pattern; the same text gives the same id again. Writes the id to `out[0]` and, from `out[1]` on, the ids of
   * the topics that it matches. Returns how many those are.
   */
  addPattern(pattern: string, out: Uint32Array): number
  /** Forgets a pattern. An unknown id changes nothing. */
  removePattern(id: number): void
  /**
   * Adds a topic; the same text gives the same id again. Writes the id to `out[0]` and, from `out[1]` on, the ids of
   * the patterns that match it. Returns how many those are.
   */
  addTopic(topic: string, out: Uint32Array): number
  /** Forgets a topic. An unknown id changes nothing. */
  removeTopic(id: number): void
  /** Writes the ids of all patterns that match `topic`, known or not, into `out`. Returns how many match. */
  resolve(topic: string, out: Uint32Array): number
  /** Writes the ids of all topics that `pattern`, known or not, matches into `out`. Returns how many there are. */
  affected(pattern: string, out: Uint32Array): number
}

export interface JoinOptions {
  /** View of the whole roster page (see layout.ts), over a SharedArrayBuffer. */
  roster: Uint8Array
  /** This member's slot, 0 to 63, claimed by the caller. */
  slot: number
  /** The slot's generation at the claim. */
  generation: number
  /** Called on this thread's event loop after another thread rang, once or more for each ring. Must not throw. */
  wake: () => void
}

/** A thread's place on a bus. It never keeps the event loop alive by itself. */
export interface Membership {
  /**
   * Wakes the member in `slot`. Safe from any turn; a slot that nobody uses is ignored.
   * The caller has already swapped the member's sleep flag for `WAKE_BUSY`.
   */
  ring(slot: number): void
  /**
   * Stops listening and frees what the backend holds for this thread. May be called twice. A thread that ends without
   * it is marked dead in the roster, and the others are rung: by the addon's clean-up hook on the native backend, by
   * the thread that created it on the JavaScript backend.
   */
  leave(): void
}
