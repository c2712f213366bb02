/** Frames that wait to be decoded, with their receive times; bounded by number and by bytes. */
export class FrameQueue {
  bytes = 0
  readonly #framesMost: number
  readonly #bytesMost: number
  #frames: Buffer[] = []
  #receivedNs: number[] = []
  #first = 0

  constructor(framesMost: number, bytesMost: number) {
    this.#framesMost = framesMost
    this.#bytesMost = bytesMost
  }

  get size(): number {
    return this.#frames.length - this.#first
  }

  /** Whether so much waits that no more should be read: a quarter of what there is room for. */
  get isHigh(): boolean {
    return this.size * 4 >= this.#framesMost || this.bytes * 4 >= this.#bytesMost
  }

  /** Says whether there was room. A frame that is longer than all the room is taken if nothing else waits. */
  push(frame: Buffer, receivedNs: number): boolean {
    const isFull = this.size >= this.#framesMost || this.bytes + frame.length > this.#bytesMost
    if (isFull && this.size > 0) return false
    this.#frames.push(frame)
    this.#receivedNs.push(receivedNs)
    this.bytes += frame.length
    return true
  }

  /** Takes the oldest frames, at most so many. */
  take(most: number): { frames: Buffer[]; receivedNs: Float64Array } {
    const end = Math.min(this.#first + most, this.#frames.length)
    const isAll = this.#first === 0 && end === this.#frames.length
    const frames = isAll ? this.#frames : this.#frames.slice(this.#first, end)
    const receivedNs = new Float64Array(isAll ? this.#receivedNs : this.#receivedNs.slice(this.#first, end))
    for (const frame of frames) this.bytes -= frame.length
    this.#first = end
    if (end === this.#frames.length) this.clear()
    return { frames, receivedNs }
  }

  clear(): void {
    this.#frames = []
    this.#receivedNs = []
    this.#first = 0
    this.bytes = 0
  }
}
