/** The writer of the JavaScript backend: see crates/journal/src/writer.rs. Its thread is Node's pool. */
import { join } from 'node:path'
import {
  JOURNAL_LONG_BYTES,
  JOURNAL_LONG_FULL,
  JOURNAL_LONG_LOST,
  JOURNAL_LONG_SEGMENTS,
  JOURNAL_LONG_SYNCED,
  JOURNAL_LONG_SYNCS,
  JOURNAL_LONG_TAKEN,
  JOURNAL_LONG_WRITES,
  JOURNAL_LONG_WRITTEN,
  JOURNAL_STATE_CLOSED,
  JOURNAL_STATE_FAILED,
  JOURNAL_STATE_FULL,
  JOURNAL_STATE_RUNNING,
  JOURNAL_WORD_STATE,
  JOURNAL_WORD_WANTS,
  JOURNAL_WORD_WANTS_SYNC,
} from '../../layout.js'
import type { JournalWriter, JournalWriterOptions, SequenceRange } from '../../journal-core.js'
import type { System } from '../../system.js'
import { inDirectory, MARK } from './directory.js'
import { JsLog } from './log.js'

const FULL_RETRY_MS = 20
const LEAST_BYTES = 2 ** 16

export class JsJournalWriter implements JournalWriter {
  readonly #options: JournalWriterOptions
  readonly #system: System
  readonly #log: JsLog
  readonly #longs: BigUint64Array
  readonly #words: Int32Array
  /** What was submitted and not taken yet is the first `#filled` bytes. */
  #queue = new Uint8Array(LEAST_BYTES)
  #spare = new Uint8Array(LEAST_BYTES)
  #filled = 0
  #taken = 0
  #below = 0
  #isSyncAsked = false
  #isClosing = false
  #failure: string | null = null
  /** On the system's clock, when the first record that is not synced was written. */
  #since: number | undefined
  #rouse: () => void = () => {}

  constructor(options: JournalWriterOptions, system: System) {
    const { directory, segmentBytes, last, page } = options
    this.#options = options
    this.#system = system
    const { files } = system
    this.#log = inDirectory(directory, () => {
      files.closeSync(files.openSync(join(directory, MARK), 'a'))
      return new JsLog(directory, segmentBytes, last, files)
    })
    this.#longs = new BigUint64Array(page.buffer, page.byteOffset, page.byteLength / 8)
    this.#words = new Int32Array(page.buffer, page.byteOffset, page.byteLength / 4)
    this.#tell(JOURNAL_STATE_RUNNING)
    void this.#run()
  }

  submit(frames: Uint8Array): boolean {
    const needed = this.#filled + frames.length
    if (needed > this.#options.queueBytes || this.#isClosing || this.#failure !== null) return false
    if (needed > this.#queue.length) {
      const longer = new Uint8Array(Math.max(needed, 2 * this.#queue.length))
      longer.set(this.#queue.subarray(0, this.#filled))
      this.#queue = longer
    }
    this.#queue.set(frames, this.#filled)
    this.#filled = needed
    this.#rouse()
    return true
  }

  sync(): void {
    this.#isSyncAsked = true
    this.#rouse()
  }

  removeBelow(sequence: number): void {
    this.#below = sequence
    this.#rouse()
  }

  lost(): readonly SequenceRange[] {
    return this.#log.lost
  }

  failure(): string | null {
    return this.#failure
  }

  close(): void {
    this.#isClosing = true
    this.#rouse()
  }

  end(): void {
    this.close()
  }

  async #run(): Promise<void> {
    try {
      await this.#work()
      await this.#log.close()
      this.#tell(JOURNAL_STATE_CLOSED)
    } catch (error) {
      this.#failure = (error as Error).message
      this.#tell(JOURNAL_STATE_FAILED)
      await this.#log.close().catch(() => {
        // The disk has failed; that it does not take the end of its files either is no news.
      })
    }
  }

  async #work(): Promise<void> {
    let frames = new Uint8Array(0)
    let done = 0
    let isFull = false
    for (;;) {
      await this.#wait(isFull)
      const [isClosing, isSyncAsked, below] = [this.#isClosing, this.#isSyncAsked, this.#below]
      this.#isSyncAsked = false
      this.#below = 0
      if (done === frames.length) {
        frames = this.#takeQueue()
        done = 0
      }
      const wasFull: boolean = isFull
      const before = this.#log.written
      const { taken, isFull: isFullNow } = await this.#log.append(frames, done)
      done += taken
      this.#taken += taken
      isFull = isFullNow
      if (this.#log.written > before) {
        this.#since ??= this.#system.nowMs()
        this.#publish()
      }
      if (below > 0 && !isFull) await this.#log.removeBelow(below)
      if (isSyncAsked || isClosing || this.#isSyncDue()) {
        await this.#log.sync()
        this.#since = undefined
        this.#publish()
      }
      if (isFull && !wasFull) Atomics.add(this.#longs, JOURNAL_LONG_FULL, 1n)
      if (isFull !== wasFull) this.#tell(isFull ? JOURNAL_STATE_FULL : JOURNAL_STATE_RUNNING)
      // Closing waits for nobody: what found no room is told by the sequence that was not written.
      if (isClosing && (isFull || this.#filled === 0)) return
    }
  }

  /** Resolves when there is something to do. */
  async #wait(isFull: boolean): Promise<void> {
    const hasWork = () =>
      (!isFull && this.#filled > 0) || this.#isClosing || this.#isSyncAsked || this.#below > 0 || this.#isSyncDue()
    const until = this.#system.nowMs() + FULL_RETRY_MS
    while (!hasWork()) {
      const untilSync = this.#untilSyncMs()
      const waitMs = isFull ? until - this.#system.nowMs() : untilSync
      if (isFull && waitMs! <= 0) return
      await new Promise<void>((resolve) => {
        const timer = waitMs === undefined ? undefined : this.#system.setTimeout(resolve, waitMs)
        this.#rouse = () => {
          this.#system.clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** The frames that wait; they are the writer's until it takes again. */
  #takeQueue(): Uint8Array<ArrayBuffer> {
    const frames = this.#queue.subarray(0, this.#filled)
    ;[this.#queue, this.#spare] = [this.#spare, this.#queue]
    this.#filled = 0
    return frames
  }

  #isSyncDue(): boolean {
    if (this.#since === undefined) return false
    return this.#log.written - this.#log.synced >= this.#options.syncRecords || this.#untilSyncMs()! <= 0
  }

  #untilSyncMs(): number | undefined {
    const { syncAfterUs } = this.#options
    if (this.#since === undefined || syncAfterUs < 0) return undefined
    return Math.max(0, this.#since + syncAfterUs / 1_000 - this.#system.nowMs())
  }

  /** Says how far it is, and wakes whoever waits for that. */
  #publish(): void {
    const { counts, lost, written, synced } = this.#log
    const longs = this.#longs
    const hasSynced =
      Atomics.load(longs, JOURNAL_LONG_SYNCED) !== BigInt(synced) ||
      Atomics.load(longs, JOURNAL_LONG_LOST) !== BigInt(lost.length)
    Atomics.store(longs, JOURNAL_LONG_LOST, BigInt(lost.length))
    Atomics.store(longs, JOURNAL_LONG_WRITTEN, BigInt(written))
    Atomics.store(longs, JOURNAL_LONG_SYNCED, BigInt(synced))
    Atomics.store(longs, JOURNAL_LONG_TAKEN, BigInt(this.#taken))
    Atomics.store(longs, JOURNAL_LONG_BYTES, BigInt(counts.bytes))
    Atomics.store(longs, JOURNAL_LONG_WRITES, BigInt(counts.writes))
    Atomics.store(longs, JOURNAL_LONG_SYNCS, BigInt(counts.syncs))
    Atomics.store(longs, JOURNAL_LONG_SEGMENTS, BigInt(counts.segments))
    const isWanted = Atomics.exchange(this.#words, JOURNAL_WORD_WANTS, 0) !== 0
    if ((hasSynced && Atomics.exchange(this.#words, JOURNAL_WORD_WANTS_SYNC, 0) !== 0) || isWanted) this.#options.wake()
  }

  /** Says in which state it is; everybody wants to know that, though not within the call that opens. */
  #tell(state: number): void {
    this.#publish()
    Atomics.store(this.#words, JOURNAL_WORD_STATE, state)
    this.#system.setImmediate(this.#options.wake)
  }
}
