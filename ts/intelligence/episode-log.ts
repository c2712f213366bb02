import type { Episode } from './episode.js'

/** The open episodes, and the last that have closed, by their numbers. */
export class EpisodeLog {
  readonly #open = new Map<number, Episode>()
  /** From the oldest on. */
  readonly #closed = new Map<number, Episode>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** Keeps what is known of an episode now. */
  put(number: number, episode: Episode): void {
    if (episode.closedAt === null) {
      this.#open.set(number, episode)
      return
    }
    this.#open.delete(number)
    this.#closed.set(number, episode)
    if (this.#closed.size > this.#most) this.#closed.delete(this.#closed.keys().next().value!)
  }

  get(id: string): Episode | undefined {
    const number = Number(id.slice(id.lastIndexOf('.') + 1))
    const episode = this.#open.get(number) ?? this.#closed.get(number)
    return episode?.id === id ? episode : undefined
  }
}
