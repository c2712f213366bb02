import type { Journal, JournalRecord } from '../../delivery/index.js'
import { TickbusError } from '../../errors.js'
import type { Desk } from '../desk.js'
import type { KnownGroups } from '../journal/known-groups.js'
import { type ReplayOptions, type ReplaySettings, replaySettings } from './options.js'
import { Replay, type ReplayHost, type ReplayStart } from './replay.js'

export interface ReplaysHost extends Omit<ReplayHost, 'group' | 'passedOver' | 'ended'> {
  readonly desk: Desk
  readonly known: KnownGroups
  passedOver(group: string, record: JournalRecord, error: unknown): void
  /** Which names there are, or where they are wanted, has changed. */
  changed(): void
  /** A replay has ended. */
  ended(): void
}

/** The replays of a client that are under way, and who may have which name. */
export class Replays {
  readonly #host: ReplaysHost
  readonly #journal: Journal
  readonly #replays = new Set<Replay>()

  constructor(host: ReplaysHost) {
    this.#host = host
    this.#journal = host.journal
  }

  /** Whether no replay that ends has handlers under way. */
  get isIdle(): boolean {
    for (const { isEnding } of this.#replays) if (isEnding) return false
    return true
  }

  /** Whether none is under way. */
  get isEmpty(): boolean {
    return this.#replays.size === 0
  }

  /** @throws {TickbusError} as `client.replay`; nothing is begun then. */
  start(options: ReplayOptions): Replay {
    const settings = replaySettings(options)
    const group = this.#takeName(settings)
    try {
      const start = this.#startOf(settings)
      const { name, topics } = settings
      if (name !== undefined) this.#host.known.setReplay(name, topics)
      const replay = new Replay(settings, start, this.#hostOf(group))
      // One whose signal has aborted before has ended before.
      if (!replay.hasEnded) this.#replays.add(replay)
      this.#host.changed()
      return replay
    } catch (error) {
      this.#host.desk.close(group)
      throw error
    }
  }

  /** Whether a name belongs to a replay that is under way, or to the cursor of one in the journal. */
  has(name: string): boolean {
    for (const replay of this.#replays) if (replay.name === name) return true
    return this.#host.known.isReplay(name) && this.#journal.knows(name)
  }

  /** A message was appended. */
  appended(): void {
    for (const replay of this.#replays) replay.appended()
  }

  /** They begin nothing more: the process drains. */
  drain(): void {
    for (const replay of this.#replays) replay.drain()
  }

  /** They begin nothing more: the client closes. */
  close(reason: unknown): void {
    for (const replay of this.#replays) replay.close(reason)
  }

  /** They end now. */
  abandon(): void {
    for (const replay of this.#replays) replay.abandon()
  }

  /** A name belongs to one group or replay of the bus, and in the journal to one of them for good. */
  #takeName({ name }: ReplaySettings): string {
    const { desk, known } = this.#host
    if (name === undefined) return desk.openUnnamed(1)
    const refused = (reason: string, cause?: unknown): TickbusError =>
      new TickbusError('TICKBUS_REPLAY_NAME', { name, reason }, cause)
    for (const replay of this.#replays) if (replay.name === name) throw refused('a replay of that name is under way')
    if (this.#journal.knows(name) && !known.isReplay(name)) throw refused('a group of that name reads the journal')
    try {
      desk.open(name)
    } catch (error) {
      throw refused('a group of the bus has it', error)
    }
    return name
  }

  #startOf({ name, from }: ReplaySettings): ReplayStart {
    const { oldest, nextSequence } = this.#journal
    const isKnown = name !== undefined && this.#journal.knows(name)
    if (isKnown) return { sequence: this.#journal.acknowledged(name) + 1, fromTimeNs: 0n }
    if (from === undefined || from === 0n) return { sequence: oldest, fromTimeNs: 0n }
    if (typeof from === 'bigint') {
      const sequence = this.#journal.beginOf(from)
      if (sequence !== undefined) return { sequence, fromTimeNs: from }
      throw new TickbusError('TICKBUS_REPLAY_FROM', { from, reason: 'what was appended then is perhaps gone' })
    }
    if (from > nextSequence) {
      throw new TickbusError('TICKBUS_REPLAY_FROM', { from, reason: `the next sequence is ${nextSequence}` })
    }
    if (from >= oldest) return { sequence: from, fromTimeNs: 0n }
    throw new TickbusError('TICKBUS_REPLAY_FROM', { from, reason: `the oldest that is there is ${oldest}` })
  }

  #hostOf(group: string): ReplayHost {
    const host = this.#host
    return {
      ...host,
      group,
      passedOver: (record, error) => host.passedOver(group, record, error),
      ended: (replay) => {
        this.#replays.delete(replay)
        host.desk.close(group)
        host.ended()
      },
    }
  }
}
