import type { MemoryBudget } from '../memory-budget.js'
import type { SpillFile } from './spill-file.js'

/** What is written and read at once, but for records that are longer. */
const CHUNK_BYTES = 64 * 1024
/** Most bytes in memory: what the disk has not taken yet, and what was read ahead. */
const HELD_MOST = 16 * 1024 * 1024
/** The first chunks stay in memory, or come back: one is read from, the other comes next. */
const AHEAD = 2

/** Why a queue takes nothing: its file, or the memory on the way there, is full; or the disk has failed. */
export type SpillRefusal = 'full' | 'failed'

export interface SpillQueueOptions {
  readonly file: SpillFile
  readonly capacityBytes: number
  readonly budget: MemoryBudget
  /** There is something to read after there was not. */
  readonly onReadable: () => void
  /** The disk has failed: so many messages are lost by it. */
  readonly onFault: (error: unknown, lost: number) => void
}

/** Some records, one after the other. */
interface Chunk {
  /** Undefined while they are in the file alone. */
  bytes: Buffer | undefined
  /** Where the next record begins, and where the last one ends. */
  read: number
  end: number
  /** Records that were not read yet. */
  count: number
  /** In the file; -1 as long as they are not there. */
  position: number
  /** What was taken from the budget for its bytes. */
  takenBytes: number
}

/**
 * Records, first in first out, of which the middle lies in a file. The tail is collected in memory, and goes to the file in
 * chunks; the head comes back ahead of its use. So a short queue never touches the disk, and whoever adds never waits for it.
 * A record begins with its length, as a 32-bit number.
 *
 * If the disk fails to take a chunk, that stays in memory, and nothing more is added until the queue has been empty. If it
 * fails to give one back, those records are lost.
 */
export class SpillQueue {
  /** Records. */
  count = 0
  readonly #options: SpillQueueOptions
  #chunks: Chunk[] = []
  /** Of all records, wherever they lie; and of those in memory. */
  #bytes = 0
  #heldBytes = 0
  /** Where the next chunk goes. */
  #position = 0
  #isBusy = false
  #hasFailed = false
  #isClosed = false

  constructor(options: SpillQueueOptions) {
    this.#options = options
  }

  /** Why it would not take so many bytes; undefined if it would. */
  refusal(bytes: number): SpillRefusal | undefined {
    if (this.#hasFailed) return 'failed'
    const { capacityBytes, budget } = this.#options
    if (this.#bytes + bytes > capacityBytes) return 'full'
    if (this.#tailFor(bytes) !== undefined) return undefined
    const size = Math.max(CHUNK_BYTES, bytes)
    const fits = this.#heldBytes + size <= HELD_MOST && budget.usedBytes + size <= budget.limitBytes
    return fits ? undefined : 'full'
  }

  /** Adds a record that it would take. */
  push(record: Uint8Array): void {
    const tail = this.#tailFor(record.length) ?? this.#open(record.length)
    tail.bytes!.set(record, tail.end)
    tail.end += record.length
    tail.count += 1
    this.count += 1
    this.#bytes += record.length
  }

  /** The oldest record, valid until it is shifted; undefined if there is none, or it has to be read first. */
  peek(): Buffer | undefined {
    const head = this.#chunks[0]
    if (head?.bytes === undefined) return undefined
    return head.bytes.subarray(head.read, head.read + head.bytes.readUInt32LE(head.read))
  }

  /** Takes the record away that `peek` has shown. */
  shift(): void {
    const head = this.#chunks[0]!
    const length = head.bytes!.readUInt32LE(head.read)
    head.read += length
    head.count -= 1
    this.count -= 1
    this.#bytes -= length
    if (head.count > 0) return
    this.#chunks.shift()
    this.#letGo(head)
    if (this.#chunks.length === 0) this.#beginAnew()
    else this.#work()
  }

  /** Lets go of everything, and resolves when the file is removed. */
  close(): Promise<void> {
    this.#isClosed = true
    this.count = 0
    for (const chunk of this.#chunks) this.#letGo(chunk)
    this.#chunks = []
    return this.#options.file.close()
  }

  /** The last chunk, if it has room. Only those before it are ever written. */
  #tailFor(bytes: number): Chunk | undefined {
    const tail = this.#chunks.at(-1)
    return tail?.bytes !== undefined && tail.end + bytes <= tail.bytes.length ? tail : undefined
  }

  #open(bytes: number): Chunk {
    const chunk: Chunk = { bytes: undefined, read: 0, end: 0, count: 0, position: -1, takenBytes: 0 }
    this.#hold(chunk, Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes)))
    this.#chunks.push(chunk)
    this.#work()
    return chunk
  }

  #hold(chunk: Chunk, bytes: Buffer): void {
    chunk.bytes = bytes
    this.#heldBytes += bytes.length
    chunk.takenBytes = this.#options.budget.take(bytes.length) ? bytes.length : 0
  }

  /** Of its memory. */
  #letGo(chunk: Chunk): void {
    if (chunk.bytes === undefined) return
    this.#heldBytes -= chunk.bytes.length
    this.#options.budget.give(chunk.takenBytes)
    chunk.bytes = undefined
  }

  #beginAnew(): void {
    const wasUsed = this.#position > 0
    this.#position = 0
    this.#hasFailed = false
    if (wasUsed) this.#options.file.clear().catch(() => {})
  }

  /** Reads what is next, or writes what is far from it; one at a time. */
  #work(): void {
    if (this.#isBusy || this.#isClosed) return
    const wanted = this.#chunks.slice(0, AHEAD).find(({ bytes }) => bytes === undefined)
    if (wanted !== undefined) return this.#run(this.#load(wanted))
    if (this.#hasFailed) return
    for (let i = AHEAD; i < this.#chunks.length - 1; i += 1) {
      if (this.#chunks[i]!.bytes !== undefined) return this.#run(this.#save(this.#chunks[i]!))
    }
  }

  #run(work: Promise<void>): void {
    this.#isBusy = true
    void work.then(() => {
      this.#isBusy = false
      this.#work()
    })
  }

  async #save(chunk: Chunk): Promise<void> {
    if (chunk.position < 0) {
      chunk.position = this.#position
      this.#position += chunk.end
    }
    try {
      await this.#options.file.write(chunk.bytes!.subarray(0, chunk.end), chunk.position)
    } catch (error) {
      if (this.#isClosed) return
      this.#hasFailed = this.count > 0
      return this.#options.onFault(error, 0)
    }
    if (this.#chunks.indexOf(chunk) >= AHEAD) this.#letGo(chunk)
  }

  async #load(chunk: Chunk): Promise<void> {
    const bytes = Buffer.allocUnsafeSlow(chunk.end)
    try {
      await this.#options.file.read(bytes, chunk.position)
      if (!isWhole(bytes, chunk.count)) throw new Error('the file does not hold what was written to it')
    } catch (error) {
      if (this.#isClosed) return
      this.#chunks.splice(this.#chunks.indexOf(chunk), 1)
      this.count -= chunk.count
      this.#bytes -= chunk.end
      if (this.#chunks.length === 0) this.#beginAnew()
      this.#options.onFault(error, chunk.count)
      return
    }
    if (this.#isClosed) return
    this.#hold(chunk, bytes)
    if (chunk === this.#chunks[0]) this.#options.onReadable()
  }
}

/** Whether bytes are so many records: those of a file that somebody cut off are not. */
function isWhole(bytes: Buffer, count: number): boolean {
  let at = 0
  for (let left = count; left > 0; left -= 1) {
    if (at + 4 > bytes.length) return false
    const length = bytes.readUInt32LE(at)
    if (length < 4) return false
    at += length
  }
  return at === bytes.length
}
