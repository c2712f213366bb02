/** Everything is known. */
export const WHOLE = -Infinity

/** Up to so many places a loop moves memory faster than the call that is made for it. */
const FEW = 48

/** Levels that there is room for at first. */
const ROOM_AT_FIRST = 64

/**
 * One side of a book: prices in order, each with its size, by a key that grows towards the best: the price of a bid, the
 * negative price of an ask. The best lies last, so that a change near the top moves little memory, and the worst one is
 * given up by moving the start. Memory grows with the levels up to a limit; a side that is full keeps the best it can.
 */
export class Levels {
  #keys: Float64Array
  #sizes: Float64Array
  #start = 0
  #end = 0
  /** Where the last change was. */
  #last = 0
  readonly #limit: number
  #reach = WHOLE

  /** Memory for at most `limit` levels. */
  constructor(limit: number) {
    const room = Math.min(ROOM_AT_FIRST, roomFor(limit))
    this.#keys = new Float64Array(room)
    this.#sizes = new Float64Array(room)
    this.#limit = limit
  }

  get length(): number {
    return this.#end - this.#start
  }

  /** Memory taken, in bytes. */
  get bytes(): number {
    return this.#keys.byteLength + this.#sizes.byteLength
  }

  /** From this key on up no level is missing; below, some may be. */
  get reach(): number {
    return this.#reach
  }

  /** The key of the level at a place below the length, 0 being the best. */
  key(place: number): number {
    return this.#keys[this.#end - 1 - place]
  }

  size(place: number): number {
    return this.#sizes[this.#end - 1 - place]
  }

  /** Says that levels below the worst one may be missing from now on. */
  cutOff(): void {
    if (this.length > 0) this.#reach = Math.max(this.#reach, this.#keys[this.#start])
  }

  clear(): void {
    this.#start = 0
    this.#end = 0
    this.#reach = WHOLE
  }

  /** Puts a level in, changes its size, or takes it out with a size of 0. Returns how many levels were given up. */
  set(key: number, size: number): number {
    const at = this.#position(key)
    if (at < this.#end && this.#keys[at] === key) {
      if (size === 0) this.#remove(at)
      else this.#sizes[at] = size
      return 0
    }
    return size === 0 ? 0 : this.#insert(at, key, size)
  }

  /** Gives up the worst levels beyond the best `count`, which stays as much as is known. */
  truncate(count: number): void {
    if (this.length > count) this.#start = this.#end - count
  }

  /** How many levels are known without a gap; no more than `most` are looked for. */
  known(most: number): number {
    const length = Math.min(most, this.length)
    let known = 0
    while (known < length && this.key(known) >= this.#reach) known += 1
    return known
  }

  /**
   * The first place whose key is not less. Looked for from where the last change was, in steps of growing width: venues
   * list the changes of an update in order.
   */
  #position(key: number): number {
    const keys = this.#keys
    let low = this.#start
    let high = this.#end
    let last = this.#last
    if (last < low) last = low
    if (last > high) last = high
    let step = 1
    if (last < high && keys[last] < key) {
      low = last + 1
      for (; low + step < high && keys[low + step] < key; step *= 2) low += step + 1
      if (high > low + step) high = low + step
    } else {
      high = last
      for (; high >= low + step && keys[high - step] >= key; step *= 2) high -= step
      if (low < high + 1 - step) low = high + 1 - step
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (keys[middle] < key) low = middle + 1
      else high = middle
    }
    this.#last = low
    return low
  }

  #remove(at: number): void {
    const end = this.#end
    const [keys, sizes] = [this.#keys, this.#sizes]
    if (end - at > FEW) {
      keys.copyWithin(at, at + 1, end)
      sizes.copyWithin(at, at + 1, end)
    } else {
      for (let i = at + 1; i < end; i += 1) {
        keys[i - 1] = keys[i]
        sizes[i - 1] = sizes[i]
      }
    }
    this.#end = end - 1
  }

  #insert(place: number, key: number, size: number): number {
    const isFull = this.length === this.#limit
    if (isFull && place === this.#start) {
      this.cutOff()
      return 1
    }
    if (isFull) {
      this.#start += 1
      this.cutOff()
    }
    const at = this.#end === this.#keys.length ? this.#makeRoom(place) : place
    const end = this.#end
    const [keys, sizes] = [this.#keys, this.#sizes]
    if (end - at > FEW) {
      keys.copyWithin(at + 1, at, end)
      sizes.copyWithin(at + 1, at, end)
    } else {
      for (let i = end; i > at; i -= 1) {
        keys[i] = keys[i - 1]
        sizes[i] = sizes[i - 1]
      }
    }
    keys[at] = key
    sizes[at] = size
    this.#end = end + 1
    return isFull ? 1 : 0
  }

  /** Moves all levels to the beginning of the memory, or of more of it; returns where `at` is then. */
  #makeRoom(at: number): number {
    const start = this.#start
    const room = this.#keys.length
    const [keys, sizes] = [this.#keys, this.#sizes]
    if (this.length > room / 2 && room < roomFor(this.#limit)) {
      const grown = Math.min(2 * room, roomFor(this.#limit))
      this.#keys = new Float64Array(grown)
      this.#sizes = new Float64Array(grown)
    }
    this.#keys.set(keys.subarray(start, this.#end))
    this.#sizes.set(sizes.subarray(start, this.#end))
    this.#start = 0
    this.#end -= start
    this.#last = Math.max(this.#last - start, 0)
    return at - start
  }
}

/** Room to move the start in: the levels are moved back once for so many that were given up. */
function roomFor(limit: number): number {
  return limit + Math.floor(limit / 4) + 1
}
