import {
  type ArchivedLetter,
  type Journal,
  readAcknowledged,
  readMessage,
  RECORD_ACKNOWLEDGED,
  RECORD_MESSAGE,
} from '../../delivery/index.js'
import { idOf } from './group-journal.js'

/** A message of an effectively-once topic that a consumer has acknowledged. */
export interface Handled {
  /** As `GroupTopic.identity` says it. */
  readonly identity: string
  /** When that was, UNIX nanoseconds. */
  readonly atNs: bigint
}

/** What consumers had handled of effectively-once topics when a journal was opened, as far back as its records go. */
export class HandledBefore {
  readonly #handled = new Map<string, Handled[]>()
  #lastId = 0

  /** Without such topics nothing is read. What has died was acknowledged as well, and not handled. */
  constructor(journal: Journal, isWanted: boolean, letters: readonly ArchivedLetter[]) {
    const died = new Set(letters.map(({ head: { sequence, group } }) => `${sequence} ${group}`))
    const identities = new Map<number, string>()
    for (const { sequence, type, body, timeNs } of isWanted ? journal.recoveredRecords() : []) {
      if (type === RECORD_MESSAGE) {
        const { topic, id, idempotencyKey, delivery } = readMessage(body)
        this.seen(idOf(id))
        if (delivery === 'effectively-once') identities.set(sequence, `${topic}\n${idempotencyKey ?? `#${idOf(id)}`}`)
      } else if (type === RECORD_ACKNOWLEDGED) {
        const { consumer, ranges } = readAcknowledged(body)
        const handled = this.#handled.get(consumer) ?? []
        this.#handled.set(consumer, handled)
        for (const { first, last } of ranges) {
          for (let one = first; one <= last; one += 1) {
            const identity = identities.get(one)
            if (identity !== undefined && !died.has(`${one} ${consumer}`)) handled.push({ identity, atNs: timeNs })
          }
        }
      }
    }
  }

  /** The highest id that was seen; 0 for none. */
  get lastId(): number {
    return this.#lastId
  }

  seen(id: number): void {
    this.#lastId = Math.max(this.#lastId, id)
  }

  /** The oldest first. */
  by(consumer: string): readonly Handled[] {
    return this.#handled.get(consumer) ?? []
  }
}
