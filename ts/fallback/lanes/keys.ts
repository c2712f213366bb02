/** No key has this number. */
const FREE = 0

/**
 * Numbers from 1 on for the 64-bit hashes that are in use. Open addressing with linear probing; whoever leaves is followed
 * up by those behind (D. Knuth, The Art of Computer Programming 6.4, algorithm R), so that keys which come and go leave
 * nothing behind. Numbers that were given back are given out first.
 */
export class Keys {
  /** How many numbers there are, those that were given back included. */
  numbers = 0
  #cells = new Int32Array(16)
  #shift = 28
  #size = 0
  /** For each number the halves of its hash. */
  #low = new Int32Array(16)
  #high = new Int32Array(16)
  #back = new Int32Array(16)
  #backs = 0

  /** The number of a hash, a new one if it is not in use. */
  open(low: number, high: number): number {
    const mask = this.#cells.length - 1
    let cell = this.#home(low, high)
    for (;;) {
      const number = this.#cells[cell]
      if (number === FREE) break
      if (this.#low[number] === low && this.#high[number] === high) return number
      cell = (cell + 1) & mask
    }
    return this.#add(cell, low, high)
  }

  close(number: number): void {
    const cells = this.#cells
    const mask = cells.length - 1
    let hole = this.#home(this.#low[number], this.#high[number])
    while (cells[hole] !== number) hole = (hole + 1) & mask
    for (let cell = (hole + 1) & mask; cells[cell] !== FREE; cell = (cell + 1) & mask) {
      const home = this.#home(this.#low[cells[cell]], this.#high[cells[cell]])
      if (((cell - home) & mask) < ((cell - hole) & mask)) continue
      cells[hole] = cells[cell]
      hole = cell
    }
    cells[hole] = FREE
    this.#size -= 1
    this.#back[this.#backs] = number
    this.#backs += 1
  }

  #add(cell: number, low: number, high: number): number {
    const number = this.#number()
    this.#low[number] = low
    this.#high[number] = high
    this.#cells[cell] = number
    this.#size += 1
    if (2 * this.#size > this.#cells.length) this.#spread()
    return number
  }

  #number(): number {
    if (this.#backs > 0) return this.#back[(this.#backs -= 1)]
    this.numbers += 1
    if (this.numbers === this.#low.length) {
      this.#low = longer(this.#low)
      this.#high = longer(this.#high)
      this.#back = longer(this.#back)
    }
    return this.numbers
  }

  #spread(): void {
    const old = this.#cells
    this.#cells = new Int32Array(2 * old.length)
    this.#shift -= 1
    const mask = this.#cells.length - 1
    for (const number of old) {
      if (number === FREE) continue
      let cell = this.#home(this.#low[number], this.#high[number])
      while (this.#cells[cell] !== FREE) cell = (cell + 1) & mask
      this.#cells[cell] = number
    }
  }

  #home(low: number, high: number): number {
    return Math.imul(Math.imul(high, 0x85ebca6b) ^ low, 0x9e3779b1) >>> this.#shift
  }
}

/** The same numbers in twice the room. */
export function longer(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const room = new Int32Array(2 * numbers.length)
  room.set(numbers)
  return room
}
