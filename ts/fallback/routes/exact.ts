import type { Name } from './names.js'

/** Patterns without a wildcard: each matches the topic of the same text. */
export class Exact {
  readonly #ids = new Map<string, number>()

  add({ text, id }: Name): void {
    this.#ids.set(text, id)
  }

  remove({ text }: Name): void {
    this.#ids.delete(text)
  }

  resolve(topic: string, out: Uint32Array, count: number): number {
    const id = this.#ids.get(topic)
    if (id !== undefined) out[count++] = id
    return count
  }
}
