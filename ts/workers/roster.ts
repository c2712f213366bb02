import { TickbusError } from '../errors.js'
import {
  LAYOUT_HASH,
  MEMBER_STATE_DEAD,
  MEMBER_STATE_FREE,
  MEMBER_STATE_JOINING,
  MEMBER_STATE_LEAVING,
  MEMBER_STATE_LIVE,
  MEMBER_WORD_GENERATION,
  MEMBER_WORD_STATE,
  MEMBER_WORD_THREAD,
  MEMBER_WORD_WAKE,
  MEMBER_WORDS,
  MEMBERS,
  ROSTER_HEADER_WORDS,
  ROSTER_MAGIC,
  ROSTER_WORD_CLOSED,
  ROSTER_WORD_DEATHS,
  ROSTER_WORD_HASH,
  ROSTER_WORD_MAGIC,
  ROSTER_WORD_TOKEN_HIGH,
  ROSTER_WORD_TOKEN_LOW,
  ROSTER_WORDS,
  WAKE_BUSY,
  WAKE_POLLING,
} from '../layout.js'

/** The name of one thread's stay on a bus: slots are reused, generations are not. */
export interface MemberId {
  readonly slot: number
  readonly generation: number
}

/** The page in shared memory on which all threads of a bus are written down. */
export class Roster {
  readonly memory: SharedArrayBuffer
  readonly control: Int32Array

  /** @throws {TickbusError} `TICKBUS_TICKET` if the memory is no roster of this layout. */
  constructor(memory: SharedArrayBuffer) {
    const words =
      memory instanceof SharedArrayBuffer && memory.byteLength === 4 * ROSTER_WORDS
        ? new Uint32Array(memory)
        : undefined
    if (words?.[ROSTER_WORD_MAGIC] !== ROSTER_MAGIC) {
      throw new TickbusError('TICKBUS_TICKET', {
        reason: 'its shared memory is missing; it may come from another process',
      })
    }
    if (words[ROSTER_WORD_HASH] !== LAYOUT_HASH) {
      throw new TickbusError('TICKBUS_TICKET', { reason: 'it was made by another version of tickbus' })
    }
    this.memory = memory
    this.control = new Int32Array(memory)
  }

  static create(): Roster {
    const memory = new SharedArrayBuffer(4 * ROSTER_WORDS)
    const words = new Uint32Array(memory)
    words[ROSTER_WORD_HASH] = LAYOUT_HASH
    crypto.getRandomValues(words.subarray(ROSTER_WORD_TOKEN_LOW, ROSTER_WORD_TOKEN_HIGH + 1))
    words[ROSTER_WORD_MAGIC] = ROSTER_MAGIC
    return new Roster(memory)
  }

  /** Sixteen hexadecimal digits that name the bus in this process. */
  get token(): string {
    const half = (word: number) => (this.control[word] >>> 0).toString(16).padStart(8, '0')
    return half(ROSTER_WORD_TOKEN_HIGH) + half(ROSTER_WORD_TOKEN_LOW)
  }

  get closed(): boolean {
    return Atomics.load(this.control, ROSTER_WORD_CLOSED) === 1
  }

  /** Nobody can attach any more. */
  close(): void {
    Atomics.store(this.control, ROSTER_WORD_CLOSED, 1)
  }

  /** How many members have ended without leaving. */
  get deaths(): number {
    return Atomics.load(this.control, ROSTER_WORD_DEATHS)
  }

  /**
   * Takes a slot for a thread.
   *
   * @throws {TickbusError} `TICKBUS_MEMBERS` if all are taken.
   */
  claim(thread: number): MemberId {
    for (let slot = 0; slot < MEMBERS; slot += 1) {
      const line = lineOf(slot)
      const state = Atomics.load(this.control, line + MEMBER_WORD_STATE)
      if (state !== MEMBER_STATE_FREE && state !== MEMBER_STATE_DEAD) continue
      if (Atomics.compareExchange(this.control, line + MEMBER_WORD_STATE, state, MEMBER_STATE_JOINING) !== state)
        continue
      Atomics.store(this.control, line + MEMBER_WORD_THREAD, thread)
      Atomics.store(this.control, line + MEMBER_WORD_WAKE, WAKE_BUSY)
      return { slot, generation: Atomics.add(this.control, line + MEMBER_WORD_GENERATION, 1) + 1 }
    }
    throw new TickbusError('TICKBUS_MEMBERS', { most: String(MEMBERS) })
  }

  /** The thread listens from now on. */
  goLive(slot: number): void {
    Atomics.store(this.control, lineOf(slot) + MEMBER_WORD_STATE, MEMBER_STATE_LIVE)
  }

  /** The thread leaves of its own will. Until its slot is released it can be buried, should it end before all others know. */
  leave(slot: number): void {
    Atomics.store(this.control, lineOf(slot) + MEMBER_WORD_STATE, MEMBER_STATE_LEAVING)
  }

  /** The thread has left. */
  release(slot: number): void {
    Atomics.store(this.control, lineOf(slot) + MEMBER_WORD_STATE, MEMBER_STATE_FREE)
  }

  /** Marks what a thread left behind; returns whether it was a member. Any thread may call it, once is enough. */
  bury(thread: number): boolean {
    for (let slot = 0; slot < MEMBERS; slot += 1) {
      const line = lineOf(slot)
      const state = Atomics.load(this.control, line + MEMBER_WORD_STATE)
      if (state === MEMBER_STATE_FREE || state === MEMBER_STATE_DEAD) continue
      if (Atomics.load(this.control, line + MEMBER_WORD_THREAD) !== thread) continue
      if (Atomics.compareExchange(this.control, line + MEMBER_WORD_STATE, state, MEMBER_STATE_DEAD) !== state) continue
      Atomics.add(this.control, ROSTER_WORD_DEATHS, 1)
      return true
    }
    return false
  }

  /** Whether this very stay is still going on. */
  isLive({ slot, generation }: MemberId): boolean {
    const line = lineOf(slot)
    return (
      Atomics.load(this.control, line + MEMBER_WORD_STATE) === MEMBER_STATE_LIVE &&
      Atomics.load(this.control, line + MEMBER_WORD_GENERATION) === generation
    )
  }

  /** Everybody who listens at the moment. */
  live(): MemberId[] {
    const members = Array.from({ length: MEMBERS }, (_, slot) => {
      const generation = Atomics.load(this.control, lineOf(slot) + MEMBER_WORD_GENERATION)
      return { slot, generation }
    })
    return members.filter((member) => this.isLive(member))
  }

  /** worker_threads id of the thread in a slot. */
  threadOf(slot: number): number {
    return Atomics.load(this.control, lineOf(slot) + MEMBER_WORD_THREAD)
  }

  /** Whether a thread is a member. */
  hasThread(thread: number): boolean {
    return this.live().some(({ slot }) => this.threadOf(slot) === thread)
  }

  /** How many members but the one in `slot` look for work without finding any. Asked often: it makes nothing. */
  othersPolling(slot: number): number {
    let count = 0
    for (let other = 0; other < MEMBERS; other += 1) {
      const line = lineOf(other)
      if (other === slot || Atomics.load(this.control, line + MEMBER_WORD_WAKE) !== WAKE_POLLING) continue
      if (Atomics.load(this.control, line + MEMBER_WORD_STATE) === MEMBER_STATE_LIVE) count += 1
    }
    return count
  }

  /** Index of a member's sleep flag in `control`. */
  wakeWord(slot: number): number {
    return lineOf(slot) + MEMBER_WORD_WAKE
  }
}

function lineOf(slot: number): number {
  return ROSTER_HEADER_WORDS + slot * MEMBER_WORDS
}
