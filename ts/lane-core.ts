/**
 * What a backend does for consumer groups: it orders what waits, and picks what runs next. Words and lists that a thread
 * and a schedule hand each other lie in a port (see layout.ts); messages lie in envelopes that both see.
 */

/** What happens to a message that does not fit its lane. `spill` is the client's alone: to a schedule such a lane rejects. */
export type Overflow = 'block' | 'reject' | 'dropOldest' | 'dropNewest' | 'conflate' | 'spill'

/**
 * In which order waiting messages run. Urgent lanes always come first, the highest of them foremost, but with `fifo`.
 *
 * `strict`: the highest lane that has something; but one pick in eight goes to the message that has waited longest in a lower
 * lane, if it has waited longer than the age bound. `weighted`: deficit round robin over the lanes (Shreedhar and Varghese
 * 1995), from the highest down. `deadline`: the earliest deadline first, those without one last. `fifo`: as they came,
 * whatever their lane. Where that says nothing, the one that was published first.
 */
export type Policy = 'strict' | 'weighted' | 'deadline' | 'fifo'

/** One lane of a schedule. Lanes are numbered from 0, the least urgent. */
export interface ScheduledLane {
  /** Most messages that wait. */
  readonly capacity: number
  readonly overflow: Overflow
  /** Messages in a round of `weighted`, 1 to 65,535. */
  readonly weight: number
  /**
   * Sheds the message that waited longest while every message has waited longer than `shedTargetNs` for `shedIntervalNs`:
   * controlled delay (RFC 8289). 0 for never.
   */
  readonly shedTargetNs: number
  readonly shedIntervalNs: number
}

export interface ScheduleOptions {
  /** The thread's port, `PORT_WORDS` long, over a SharedArrayBuffer, all zero. */
  readonly port: Uint8Array
  /** The group's envelopes, `ENVELOPE_BYTES` each, over a SharedArrayBuffer, all zero. */
  readonly envelopes: Uint8Array
  /** 1 to `LANES_MOST`. */
  readonly lanes: readonly ScheduledLane[]
  readonly policy: Policy
  /** The lowest urgent lane; as many as there are lanes if none is. */
  readonly urgent: number
  /** The age bound of `strict`, in nanoseconds; 0 for none. */
  readonly ageNs: number
  /** Whether messages of one key run one after the other, in the order in which they were submitted. */
  readonly ordered: boolean
}

/**
 * The queue of a consumer group that one thread runs: the same operations give the same trace on both backends.
 *
 * - A message with a key waits in the mailbox of its key. A mailbox can run while it has work and nobody works on it, and
 *   takes its turn in the lane of its most urgent message, at that message's place: so an urgent message draws those before
 *   it along, and overtakes none of its own key.
 * - Envelopes that leave the queue for good are given back by the schedule: settled ones at once, released ones at the
 *   next turn.
 * - Every count of the port is of the whole group.
 */
export interface Schedule {
  /**
   * Takes the settlement list in, then the submission list, then puts up to `PORT_WORD_WANTED` messages, and up to
   * `PORT_WORD_URGENT` more of urgent lanes, into the lease list, and what it had to let go into the release list. Both
   * incoming lists are empty afterwards.
   */
  turn(): void
  /** Writes `PORT_DOUBLE_OLDEST`. */
  inspect(): void
  /**
   * Lets go of waiting messages, as closed, as many as the release list takes; `PORT_WORD_MORE` says whether any are left.
   * Takes both incoming lists in first.
   */
  clear(): void
}

/** What makes a consumer group that several threads run. All memory is over whole SharedArrayBuffers, all zero. */
export interface SharedGroupOptions extends Omit<ScheduleOptions, 'port'> {
  /**
   * Where bytes of messages lie, in pages of 64 KiB. None if all messages are records.
   */
  readonly slab?: Uint8Array | undefined
}

/** A group, as the thread has it that made it. */
export interface SharedGroup {
  /** By what other threads of the process know it. */
  readonly token: number
  /**
   * Takes over what a member held that has ended without leaving: what it had submitted or settled counts, what else it had
   * leased ends as `OUTCOME_WORKER_LOST` or waits again, all else goes back. Its seat is free again.
   *
   * @param port The member's port, which the caller has kept.
   * @returns 1 + the slot of a member to ring, or 0.
   * @throws {TickbusError} `TICKBUS_SHARED_GROUP` if the member is still there, or was adopted already.
   */
  adopt(slot: number, port: Uint8Array): number
  /** Nobody can join or adopt any more. Members go on. */
  close(): void
}

/** Whoever takes part in a group, to publish or to consume, has a seat and a port. */
export interface SharedPortOptions {
  readonly token: number
  /** The same memory as the group was opened with. */
  readonly envelopes: Uint8Array
  readonly slab?: Uint8Array | undefined
  /** The thread's port, `PORT_WORDS` long, over a SharedArrayBuffer, all zero. */
  readonly port: Uint8Array
  /** The seat: the thread's slot on the bus, below `MEMBERS`. */
  readonly slot: number
}

/**
 * A thread's port to a group that several threads run. What differs from a {@link Schedule} of one thread:
 *
 * - `PORT_WORD_ROOM` is room that this port was promised. Where it is 0, set the lane's bit in `PORT_WORD_ASKS`, take a turn
 *   and look again; the first such turn also fills the free list. In lanes that drop the oldest or conflate it only tells.
 * - `PORT_WORD_RING` has to be looked at after each call.
 * - Before a thread that could take messages falls asleep, it takes a turn with `PORT_WORD_SLEEPS` set. It sleeps if
 *   nothing was leased and `PORT_WORD_MORE` is 0; whoever then brings work rings it. Other turns may come back with nothing
 *   although something waits.
 * - Counts are of the whole group and a moment old; `PORT_DOUBLE_SETTLED` is written by `inspect` alone.
 * - The thread never writes `ENVELOPE_WORD_GENERATION` and `ENVELOPE_WORD_OWNER`.
 */
export interface SharedPort extends Schedule {
  /**
   * Room in the slab for the bytes of an envelope that the thread has out of the port's free list. It goes back with the
   * envelope, or when it is asked for again; 0 bytes only give it back.
   *
   * @returns 1 + its position, in units of `SLAB_UNIT_BYTES`; 0 if there is no room, or more than 1 MiB is wanted.
   */
  alloc(envelope: number, bytes: number): number
  /**
   * Ends in order: what was leased goes back to where it was. Nothing happens in calls after this.
   *
   * @returns 1 + the slot of a member to ring, or 0.
   */
  leave(): number
}
