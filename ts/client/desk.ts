import { threadId } from 'node:worker_threads'
import { TickbusError } from '../errors.js'
import type { MessageBus } from '../workers/index.js'
import { GroupNames } from './group-names.js'

/** Ids of one thread, 4.4 million million; then it goes on with those of the next. */
const IDS_PER_THREAD = 2 ** 42

/** What all clients of one bus share in this thread. */
export class Desk {
  /** Groups of this thread, and whether their names were given by a user, so that other threads can mean them. */
  readonly #groups = new Map<string, boolean>()
  readonly #names: GroupNames
  #lastId = threadId * IDS_PER_THREAD
  #sequence = 0

  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
  private constructor(bus: MessageBus<any>) {
    this.#names = new GroupNames(bus.names, (thread) => bus.hasThread(thread))
  }

  /** The desk of a bus. */
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
  static of(bus: MessageBus<any>): Desk {
    let desk = desks.get(bus)
    if (desk === undefined) {
      desk = new Desk(bus)
      desks.set(bus, desk)
    }
    return desk
  }

  /**
   * Takes a name for a group.
   *
   * @throws {TickbusError} `TICKBUS_GROUP_CONFLICT` if another client of the bus has it, in this thread or another one.
   */
  open(group: string): void {
    if (this.#groups.has(group)) {
      throw new TickbusError('TICKBUS_GROUP_CONFLICT', { group, reason: 'opened by another client' })
    }
    const thread = this.#names.claim(group)
    if (thread >= 0) {
      throw new TickbusError('TICKBUS_GROUP_CONFLICT', { group, reason: `opened by a client in thread ${thread}` })
    }
    this.#groups.set(group, true)
  }

  /** Makes a name up, with a number from `first` on. */
  openUnnamed(first: number): string {
    for (let number = first; ; number += 1) {
      const group = `#${number}`
      if (this.#groups.has(group)) continue
      this.#groups.set(group, false)
      return group
    }
  }

  /** The name is free again. */
  close(group: string): void {
    if (this.#groups.get(group) === true) this.#names.release(group)
    this.#groups.delete(group)
  }

  /** The id of the next message. */
  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  /** Ids of this thread go on after `id`, if that is one of them: a journal has it already. */
  goOnFrom(id: number): void {
    const first = threadId * IDS_PER_THREAD
    if (id > this.#lastId && id < first + IDS_PER_THREAD) this.#lastId = id
  }

  /** The number of the next group. */
  nextSequence(): number {
    this.#sequence += 1
    return this.#sequence
  }
}

const desks = new WeakMap<object, Desk>()
