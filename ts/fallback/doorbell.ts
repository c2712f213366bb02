/**
 * Waits on a word of shared memory that others raise, without blocking the thread and without keeping it alive: a
 * pending `Atomics.waitAsync` does neither.
 */
export class Doorbell {
  readonly #control: Int32Array
  readonly #word: number
  readonly #wake: () => void
  #removed = false

  constructor(control: Int32Array, word: number, wake: () => void) {
    this.#control = control
    this.#word = word
    this.#wake = wake
    void this.#listen(Atomics.load(control, word))
  }

  /** Rings the doorbell at a word, whoever waits there. */
  static ring(control: Int32Array, word: number): void {
    Atomics.add(control, word, 1)
    Atomics.notify(control, word)
  }

  /** Stops listening. It rings itself, since what waits is only let go of when it is rung. */
  remove(): void {
    this.#removed = true
    Doorbell.ring(this.#control, this.#word)
  }

  async #listen(heard: number): Promise<void> {
    for (;;) {
      await this.#rung(heard)
      if (this.#removed) return
      heard = Atomics.load(this.#control, this.#word)
      this.#wake()
    }
  }

  /** Resolves in a turn of the event loop after the word has moved on from `heard`. */
  #rung(heard: number): Promise<string> | string {
    const wait = Atomics.waitAsync(this.#control, this.#word, heard)
    if (wait.async) return wait.value
    // Rung already. To go on at once, in this turn, would let two threads that ring each other starve their timers.
    const turn = Atomics.waitAsync(this.#control, this.#word, Atomics.load(this.#control, this.#word))
    Atomics.notify(this.#control, this.#word)
    return turn.value
  }
}
