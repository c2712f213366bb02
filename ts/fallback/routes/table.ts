/** Integers in a cell. */
const CELL = 3
/** The value of a cell whose pair was taken away. */
const TOMBSTONE = -1

/**
 * Hash table from pairs of 32-bit integers to integers from 1 on, in one flat array. Open addressing, linear probing; the
 * place of a pair is the top of its product with a constant (D. Knuth, The Art of Computer Programming 6.4).
 */
export class Table {
  /** For each cell the pair and its value; 0 where the cell was never used. */
  #cells = new Int32Array(CELL * 8)
  #shift = 29
  #size = 0
  /** Cells that a search does not stop at: those in use and the tombstones. */
  #taken = 0

  /** The value of a pair; 0 if it has none. */
  get(a: number, b: number): number {
    const cells = this.#cells
    for (let at = this.#home(a, b); ; at = at + CELL === cells.length ? 0 : at + CELL) {
      const value = cells[at + 2]
      if (value === 0) return 0
      if (cells[at] === a && cells[at + 1] === b && value !== TOMBSTONE) return value
    }
  }

  /** Gives a pair a value; 0 takes it away. */
  set(a: number, b: number, value: number): void {
    const at = this.#find(a, b)
    const cells = this.#cells
    if (cells[at + 2] !== 0) {
      cells[at + 2] = value === 0 ? TOMBSTONE : value
      if (value === 0) this.#size -= 1
    } else if (value !== 0) {
      this.#add(a, b, value)
    }
  }

  /** The cell of a pair, or the free one that its search ends at. */
  #find(a: number, b: number): number {
    const cells = this.#cells
    let at = this.#home(a, b)
    while (cells[at + 2] !== 0 && (cells[at + 2] === TOMBSTONE || cells[at] !== a || cells[at + 1] !== b)) {
      at = at + CELL === cells.length ? 0 : at + CELL
    }
    return at
  }

  #add(a: number, b: number, value: number): void {
    if (2 * CELL * (this.#taken + 1) > this.#cells.length) this.#rehash()
    this.#place(a, b, value)
    this.#taken += 1
    this.#size += 1
  }

  #home(a: number, b: number): number {
    return CELL * (Math.imul(Math.imul(a, 0x85ebca6b) ^ b, 0x9e3779b1) >>> this.#shift)
  }

  #place(a: number, b: number, value: number): void {
    const cells = this.#cells
    const at = this.#find(a, b)
    cells[at] = a
    cells[at + 1] = b
    cells[at + 2] = value
  }

  /** Makes room for as many again as there are, and leaves the tombstones behind. */
  #rehash(): void {
    const old = this.#cells
    while (4 * (this.#size + 1) > 2 ** (32 - this.#shift)) this.#shift -= 1
    this.#cells = new Int32Array(CELL * 2 ** (32 - this.#shift))
    this.#taken = this.#size
    for (let at = 0; at < old.length; at += CELL) {
      if (old[at + 2] > 0) this.#place(old[at], old[at + 1], old[at + 2])
    }
  }
}
