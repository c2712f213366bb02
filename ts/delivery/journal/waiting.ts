/**
 * Who waits for the log to reach a sequence. What is handed to the writer together is safe together, so all who wait for
 * one such batch share a promise: a message costs none of its own.
 */

interface Group {
  /** The sequences of it, as far as somebody waits for them. */
  readonly first: number
  last: number
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** What is wrong with sequences from `first` to `last`, if anything. */
export type FaultOf = (first: number, last: number) => unknown

export class Waiting {
  /** In order of the sequences. */
  #groups: Group[] = []
  /** Up to here everything was handed over; what is later goes together. */
  #handed = Infinity

  /** Up to here everybody was answered. */
  settled = 0

  get size(): number {
    return this.#groups.length
  }

  /** The first sequence at which somebody is to be answered. */
  get next(): number {
    return this.#groups.length === 0 ? Infinity : this.#groups[0].last
  }

  /** Whoever begins to wait for a sequence beyond this one waits for all that he is handed over with. */
  handOver(last: number): void {
    this.#handed = last
  }

  /** The promise of a group that a sequence belongs to, if it waits already. */
  joined(sequence: number): Promise<void> | undefined {
    const last = this.#groups.at(-1)
    if (last === undefined) return undefined
    if (sequence > last.last) {
      if (last.first <= this.#handed) return undefined
      last.last = sequence
      return last.promise
    }
    const group = this.#groups[this.#placeOf(sequence)]
    return sequence >= group.first ? group.promise : undefined
  }

  /** The promise of a new group, where there is none to join. */
  begun(sequence: number): Promise<void> {
    const { promise, resolve, reject } = withResolvers()
    const group = { first: Math.min(sequence, this.#handed + 1), last: sequence, promise, resolve, reject }
    this.#groups.splice(this.#placeOf(sequence), 0, group)
    return promise
  }

  /** Answers the groups that end at `sequence` or before. */
  settle(sequence: number, faultOf: FaultOf): void {
    this.settled = sequence
    if (this.next > sequence) return
    // None ends at a fraction: this is the place behind all that end at the sequence.
    for (const { first, last, resolve, reject } of this.#groups.splice(0, this.#placeOf(sequence + 0.5))) {
      const fault = faultOf(first, last)
      if (fault === undefined) resolve()
      else reject(fault)
    }
  }

  /** Place of the first group that ends at a sequence or behind it. */
  #placeOf(sequence: number): number {
    let [low, high] = [0, this.#groups.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#groups[middle].last < sequence) low = middle + 1
      else high = middle
    }
    return low
  }
}

function withResolvers(): Pick<Group, 'promise' | 'resolve' | 'reject'> {
  let [resolve, reject]: [() => void, (error: unknown) => void] = [() => {}, () => {}]
  const promise = new Promise<void>((resolved, rejected) => ([resolve, reject] = [resolved, rejected]))
  return { promise, resolve, reject }
}
