import { Candidates } from './candidates.js'
import { hashOf } from './hash.js'
import { Lengths } from './lengths.js'
import type { Name } from './names.js'
import type { Scan } from './scan.js'
import { Table } from './table.js'

/** How many units a gram may have. */
const GRAM_LENGTHS = [8, 4, 2, 1]

interface Gram {
  readonly length: number
  readonly hash: number
}

/** Patterns that have one gram in common. */
class Bucket extends Candidates {
  readonly length: number
  readonly hash: number
  /** The last search that came here. */
  search = 0

  constructor(length: number, hash: number) {
    super()
    this.length = length
    this.hash = hash
  }
}

/**
 * Patterns with a literal run somewhere, each filed under one gram of its runs, the rarest at the time. A topic is looked
 * up gram by gram: what is filed under one that it does not have cannot match, the rest is tried.
 */
export class Anchored {
  /** How often each gram is in a pattern, by its length and hash. */
  readonly #uses = new Table()
  /** From a gram's length and hash to the number of its bucket. Grams of one hash share a bucket. */
  readonly #table = new Table()
  readonly #buckets: (Bucket | undefined)[] = [undefined]
  readonly #free: number[] = []
  /** The number of each pattern's bucket. */
  readonly #numbers = new Map<Name, number>()
  readonly #lengths = new Lengths()
  readonly #scan: Scan
  #search = 0

  constructor(scan: Scan) {
    this.#scan = scan
  }

  add(pattern: Name): void {
    const grams = gramsOf(pattern.text)
    const { length, hash } = this.#rarest(grams)
    const number = this.#table.get(length, hash) || this.#open(length, hash)
    this.#buckets[number]!.add(pattern)
    this.#numbers.set(pattern, number)
    this.#count(grams, 1)
  }

  remove(pattern: Name): void {
    const number = this.#numbers.get(pattern)!
    const bucket = this.#buckets[number]!
    this.#count(gramsOf(pattern.text), -1)
    this.#numbers.delete(pattern)
    bucket.remove(pattern)
    if (bucket.size === 0) this.#close(number, bucket)
  }

  resolve(out: Uint32Array, count: number): number {
    const scan = this.#scan
    this.#search += 1
    for (const length of this.#lengths.values) {
      const last = scan.length - length
      for (let start = 0; start <= last; start += 1) {
        const number = this.#table.get(length, scan.hash(start, start + length))
        if (number !== 0) count = this.#try(this.#buckets[number]!, out, count)
      }
    }
    return count
  }

  /** Tries the patterns of a bucket, once in a search: a gram may come more than once in a topic. */
  #try(bucket: Bucket, out: Uint32Array, count: number): number {
    if (bucket.search === this.#search) return count
    bucket.search = this.#search
    return bucket.resolve(this.#scan.text, out, count)
  }

  /** The gram that the fewest other patterns have, and so, one hopes, the fewest topics. */
  #rarest(grams: readonly Gram[]): Gram {
    const usesOf = ({ length, hash }: Gram) => this.#uses.get(length, hash)
    return grams.reduce((rarest, gram) => (usesOf(gram) < usesOf(rarest) ? gram : rarest))
  }

  #count(grams: readonly Gram[], change: 1 | -1): void {
    for (const { length, hash } of grams) this.#uses.set(length, hash, this.#uses.get(length, hash) + change)
  }

  #open(length: number, hash: number): number {
    const number = this.#free.pop() ?? this.#buckets.length
    this.#buckets[number] = new Bucket(length, hash)
    this.#table.set(length, hash, number)
    this.#lengths.add(length)
    return number
  }

  #close(number: number, { length, hash }: Bucket): void {
    this.#buckets[number] = undefined
    this.#free.push(number)
    this.#table.set(length, hash, 0)
    this.#lengths.remove(length)
  }
}

/** All grams of all literal runs of a pattern, those of a run as long as it has room for. */
function gramsOf(pattern: string): Gram[] {
  return pattern.split(/[*?]+/).flatMap((run) => {
    const length = GRAM_LENGTHS.find((length) => length <= run.length)
    if (length === undefined) return []
    return Array.from({ length: run.length - length + 1 }, (_, start) => ({
      length,
      hash: hashOf(run.slice(start, start + length)),
    }))
  })
}
