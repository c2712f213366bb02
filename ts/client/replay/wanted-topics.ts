/** So many topics are remembered. */
const KNOWN_MOST = 65_536

/** The topics that a replay is about, by its patterns. */
export class WantedTopics {
  readonly #patterns: readonly string[]
  readonly #isMatching: (topic: string, pattern: string) => boolean
  readonly #known = new Map<string, boolean>()

  constructor(patterns: readonly string[], isMatching: (topic: string, pattern: string) => boolean) {
    this.#patterns = patterns
    this.#isMatching = isMatching
  }

  has(topic: string): boolean {
    let isWanted = this.#known.get(topic)
    if (isWanted === undefined) {
      isWanted = this.patternOf(topic) !== undefined
      if (this.#known.size >= KNOWN_MOST) this.#known.clear()
      this.#known.set(topic, isWanted)
    }
    return isWanted
  }

  /** The first pattern that a topic matches. */
  patternOf(topic: string): string | undefined {
    return this.#patterns.find((pattern) => this.#isMatching(topic, pattern))
  }
}
