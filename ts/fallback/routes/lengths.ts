/** Which lengths are in use, and how often. */
export class Lengths {
  /** In rising order. */
  readonly values: number[] = []
  readonly #uses: number[] = []

  add(length: number): void {
    let at = this.values.findIndex((value) => value >= length)
    if (at < 0) at = this.values.length
    if (this.values[at] !== length) {
      this.values.splice(at, 0, length)
      this.#uses.splice(at, 0, 0)
    }
    this.#uses[at] += 1
  }

  remove(length: number): void {
    const at = this.values.indexOf(length)
    this.#uses[at] -= 1
    if (this.#uses[at] > 0) return
    this.values.splice(at, 1)
    this.#uses.splice(at, 1)
  }
}
