import { PORT_WORD_LEASED, PORT_WORD_MORE, PORT_WORD_RING, PORT_WORD_SLEEPS } from '../../layout.js'
import type { SharedPort } from '../../lane-core.js'
import type { Bell, ThreadPort } from './thread-port.js'

/** A port of a group that the backend runs for all its threads: each takes turns for itself, and wakes whom a turn names. */
export class SharedThreadPort implements ThreadPort {
  readonly #words: Int32Array
  readonly #port: SharedPort
  readonly #bell: Bell

  constructor(page: SharedArrayBuffer, port: SharedPort, bell: Bell) {
    this.#words = new Int32Array(page)
    this.#port = port
    this.#bell = bell
  }

  turn(): void {
    this.#port.turn()
    this.#ringFor(this.#words[PORT_WORD_RING])
  }

  rest(): boolean {
    this.#words[PORT_WORD_SLEEPS] = 1
    this.turn()
    return this.#words[PORT_WORD_LEASED] === 0 && this.#words[PORT_WORD_MORE] === 0
  }

  leave(): void {
    this.#ringFor(this.#port.leave())
  }

  inspect(): void {
    this.#port.inspect()
    this.#ringFor(this.#words[PORT_WORD_RING])
  }

  clear(): void {
    this.#port.clear()
    this.#ringFor(this.#words[PORT_WORD_RING])
  }

  #ringFor(ring: number): void {
    if (ring > 0) this.#bell.ring(ring - 1)
  }
}
