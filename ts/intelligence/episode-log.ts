import type { Episode } from './episode.js'

/** The open episodes, and the last that have closed. */
export class EpisodeLog {
  readonly #open = new Map<string, Episode>()
  /** From the oldest on. */
  readonly #closed = new Map<string, Episode>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** Keeps what is known of an episode now. */
  put(episode: Episode): void {
    const { id, closedAt } = episode
    if (closedAt === null) {
      this.#open.set(id, episode)
      return
    }
    this.#open.delete(id)
    this.#closed.set(id, episode)
    if (this.#closed.size > this.#most) this.#closed.delete(this.#closed.keys().next().value!)
  }

  get(id: string): Episode | undefined {
    return this.#open.get(id) ?? this.#closed.get(id)
  }
}
