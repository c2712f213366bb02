import type { TickbusError } from '../errors.js'

/** Promises of conditions that other threads bring about: looked at again whenever something was heard of them. */
export class Conditions {
  readonly #looks = new Set<() => void>()
  readonly #keepAlive: (wanted: boolean) => void
  #ended = false

  /** `keepAlive` is told when the first promise begins to wait, and when the last one has settled. */
  constructor(keepAlive: (wanted: boolean) => void) {
    this.#keepAlive = keepAlive
  }

  /** Resolves once the condition holds or `end` was called; rejects with what `late` makes after `timeoutMs`, if given. */
  async until(condition: () => boolean, timeoutMs: number | undefined, late: () => TickbusError): Promise<void> {
    if (this.#ended || condition()) return
    await new Promise<void>((resolve, reject) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => settle(() => reject(late())), timeoutMs)
      const look = (): void => {
        if (this.#ended || condition()) settle(resolve)
      }
      const settle = (how: () => void): void => {
        clearTimeout(timer)
        this.#looks.delete(look)
        if (this.#looks.size === 0) this.#keepAlive(false)
        how()
      }
      if (this.#looks.size === 0) this.#keepAlive(true)
      this.#looks.add(look)
    })
  }

  /** Something happened: looks at every condition. */
  look(): void {
    for (const look of [...this.#looks]) look()
  }

  /** Nothing more will happen. */
  end(): void {
    this.#ended = true
    this.look()
  }
}
