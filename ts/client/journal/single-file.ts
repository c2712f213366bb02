/** A line in which everybody waits until the one before has left. */
export class SingleFile {
  #last: Promise<void> = Promise.resolve()

  /** Resolves when it is one's turn, with what ends that. */
  async enter(): Promise<() => void> {
    const before = this.#last
    let leave = (): void => {}
    this.#last = new Promise((resolve) => (leave = resolve))
    await before
    return leave
  }
}
