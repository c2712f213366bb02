/** Numbers of which the smallest comes first, each with a mark: a binary heap. */
export class Earliest {
  readonly #numbers: Float64Array
  readonly #marks: Float64Array
  #length = 0

  constructor(most: number) {
    this.#numbers = new Float64Array(most)
    this.#marks = new Float64Array(most)
  }

  get length(): number {
    return this.#length
  }

  /** The smallest; infinite if there is none. */
  get first(): number {
    return this.#length === 0 ? Infinity : this.#numbers[0]!
  }

  push(number: number, mark: number): void {
    let place = this.#length++
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (this.#numbers[parent]! <= number) break
      this.#move(parent, place)
      place = parent
    }
    this.#numbers[place] = number
    this.#marks[place] = mark
  }

  /** Takes the smallest away; returns its mark. */
  shift(): number {
    const mark = this.#marks[0]!
    const length = --this.#length
    const last = this.#numbers[length]!
    let place = 0
    for (let child = 1; child < length; child = 2 * place + 1) {
      if (child + 1 < length && this.#numbers[child + 1]! < this.#numbers[child]!) child++
      if (this.#numbers[child]! >= last) break
      this.#move(child, place)
      place = child
    }
    this.#numbers[place] = last
    this.#marks[place] = this.#marks[length]!
    return mark
  }

  #move(from: number, to: number): void {
    this.#numbers[to] = this.#numbers[from]!
    this.#marks[to] = this.#marks[from]!
  }
}
