/**
 * What a backend does for the rest of the package. The native backend answers from Rust (src/), the JavaScript one
 * from ts/fallback/; everything above this interface is the same code on both, and so are the bytes in shared memory.
 */

import type { Autoscaler, AutoscalerOptions, StandIn, StandInOptions } from './autoscale-core.js'
import type {
  Schedule,
  ScheduleOptions,
  SharedGroup,
  SharedGroupOptions,
  SharedPort,
  SharedPortOptions,
} from './lane-core.js'

export type { Schedule, ScheduleOptions } from './lane-core.js'

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

  /** Opens empty tables that leave their lists in `answer`: see {@link Routes}. */
  openRoutes(answer: Uint32Array): Routes

  /**
   * Opens the queue of a consumer group; it fills the port's free list. See {@link Schedule}.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT`
   */
  openSchedule(options: ScheduleOptions): Schedule

  /**
   * Opens the law that sizes a pool.
   *
   * @throws {TickbusError} `TICKBUS_AUTOSCALE` if the options cannot be; it lists all that is wrong with them.
   */
  openAutoscaler(options: AutoscalerOptions): Autoscaler

  /**
   * Opens a consumer group that several threads run; undefined where the backend has none: the thread that owns the group
   * runs it then.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_SHARED_GROUP`
   */
  readonly openSharedGroup?: (options: SharedGroupOptions) => SharedGroup

  /**
   * Takes this thread's seat in such a group. A thread that ends without leaving has to be adopted from.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT`; `TICKBUS_SHARED_GROUP` if the group is not there any more, was opened with
   * other memory, or the seat is taken.
   */
  readonly joinSharedGroup?: (options: SharedPortOptions) => SharedPort

  /**
   * Opens the law of such a group, once; this thread sits in the roster.
   *
   * @throws {TickbusError} `TICKBUS_AUTOSCALE`; `TICKBUS_SHARED_GROUP` if the group is not there any more, was opened with other
   * memory, or has a law.
   */
  readonly openStandIn?: (options: StandInOptions) => StandIn

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
 * A call that answers with a list leaves it in memory that it was given before: how many there are in `answer[0]`, and from
 * `answer[1]` on as many of them as fit, in no particular order.
 */
export interface Routes {
  /** Adds a pattern and returns its id; the same text has the same id. Lists the topics that it matches. */
  addPattern(pattern: string): number
  /** Forgets a pattern. An unknown id changes nothing. */
  removePattern(id: number): void
  /** Adds a topic and returns its id; the same text has the same id. Lists the patterns that match it. */
  addTopic(topic: string): number
  /** Forgets a topic. An unknown id changes nothing. */
  removeTopic(id: number): void
  /** Lists the patterns that match `topic`, known or not. */
  resolve(topic: string): void
  /** Lists the topics that `pattern`, known or not, matches. */
  affected(pattern: string): void
  /**
   * Makes calls leave their lists in `answer` from now on: an even number of elements, 2 or more, over a SharedArrayBuffer
   * from its beginning.
   */
  answerIn(answer: Uint32Array): void
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
