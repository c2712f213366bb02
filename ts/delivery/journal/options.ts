import { badArgument, checkRange } from '../../errors.js'
import type { Backend } from '../../core.js'
import type { System } from '../../system.js'

/** When what was written is synced to the disk. */
export type SyncPolicy =
  /** As soon as anything is there: in groups of what comes within 200 us, or of 64 records. */
  | 'always'
  /** Every 10 ms, or as often as `syncIntervalMs` says. */
  | 'interval'
  /** When the system does by itself, at the end of a segment, and when `sync` is called or `synced` awaited. */
  | 'os'

export interface JournalOptions {
  /** @default 'interval' */
  readonly sync?: SyncPolicy
  /** Milliseconds from the first record that is not synced to the sync of policy `interval`, up to 60,000. @default 10 */
  readonly syncIntervalMs?: number
  /** A segment ends before the record that would make it longer than so many bytes, 4 KiB to 1 GiB. @default 64 MiB */
  readonly segmentBytes?: number
  /** Most bytes of records that wait to be written, 64 KiB to 1 GiB; beyond it `append` answers that there is no room. @default 8 MiB */
  readonly queueBytes?: number
  /** Segments that everybody has acknowledged are kept up to so many bytes together, for reading back. @default 0 */
  readonly retainBytes?: number
  /** They are kept no longer than so many milliseconds, where `retainBytes` would keep them. @default no limit */
  readonly retainMs?: number
  /** @default the one that the package runs on */
  readonly backend?: Backend
  /** Takes the place of the system's clock: UNIX nanoseconds. */
  readonly nowNs?: () => bigint
  /** @internal Files and time of its own, as in a simulation; on the JavaScript backend only. @default the process's */
  readonly system?: System
}

/** All of them, checked. */
export interface JournalSettings {
  readonly syncAfterUs: number
  readonly syncRecords: number
  readonly segmentBytes: number
  readonly queueBytes: number
  readonly retainBytes: number
  readonly retainMs: number
}

const WINDOW_US = 200
const WINDOW_RECORDS = 64

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function settingsOf(options: JournalOptions): JournalSettings {
  const { sync = 'interval', syncIntervalMs = 10, segmentBytes = 2 ** 26, queueBytes = 2 ** 23 } = options
  const { retainBytes = 0, retainMs = Infinity } = options
  if (!['always', 'interval', 'os'].includes(sync)) throw badArgument('sync', "'always', 'interval' or 'os'", sync)
  checkRange('syncIntervalMs', syncIntervalMs, 0, 60_000)
  checkRange('segmentBytes', segmentBytes, 2 ** 12, 2 ** 30)
  checkRange('queueBytes', queueBytes, 2 ** 16, 2 ** 30)
  checkRange('retainBytes', retainBytes, 0, Number.MAX_SAFE_INTEGER)
  if (retainMs !== Infinity) checkRange('retainMs', retainMs, 0, Number.MAX_SAFE_INTEGER)
  const syncAfterUs = sync === 'always' ? WINDOW_US : sync === 'interval' ? 1_000 * syncIntervalMs : -1
  const syncRecords = sync === 'always' ? WINDOW_RECORDS : Number.MAX_SAFE_INTEGER
  return { syncAfterUs, syncRecords, segmentBytes, queueBytes, retainBytes, retainMs }
}
