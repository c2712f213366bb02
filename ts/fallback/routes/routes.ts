import type { Routes } from '../../core.js'
import { Anchored } from './anchored.js'
import { Candidates } from './candidates.js'
import { classify, type PatternClass } from './classify.js'
import { Exact } from './exact.js'
import { type Name, Names } from './names.js'
import { Scan } from './scan.js'
import { Segments } from './segments.js'
import { Suffixes } from './suffixes.js'
import { Topics } from './topics.js'

/** What finds the patterns of one class. */
interface PatternIndex {
  add(pattern: Name): void
  remove(pattern: Name): void
}

/** Patterns in classes, each with an index of its own, and the topics in use. */
export class JsRoutes implements Routes {
  #answer: Uint32Array
  readonly #patterns = new Names()
  readonly #topics = new Topics()
  readonly #scan = new Scan()
  readonly #classes = {
    exact: new Exact(),
    segments: new Segments(this.#scan),
    suffixes: new Suffixes(this.#scan),
    anchored: new Anchored(this.#scan),
    rest: new Candidates(),
  } satisfies Record<PatternClass, PatternIndex>
  /** How many patterns each class has: one without any is not asked. */
  readonly #sizes: Record<PatternClass, number> = { exact: 0, segments: 0, suffixes: 0, anchored: 0, rest: 0 }

  constructor(answer: Uint32Array) {
    this.#answer = answer
  }

  addPattern(pattern: string): number {
    const { id } = this.#patterns.find(pattern) ?? this.#add(pattern)
    this.affected(pattern)
    return id
  }

  removePattern(id: number): void {
    const pattern = this.#patterns.get(id)
    if (pattern === undefined) return
    const found = classify(pattern.text)
    this.#sizes[found] -= 1
    this.#classes[found].remove(pattern)
    this.#patterns.remove(pattern)
  }

  addTopic(topic: string): number {
    const id = this.#topics.add(topic)
    this.resolve(topic)
    return id
  }

  removeTopic(id: number): void {
    this.#topics.remove(id)
  }

  resolve(topic: string): void {
    const answer = this.#answer
    answer[0] = this.#find(topic, answer, 1) - 1
  }

  affected(pattern: string): void {
    const answer = this.#answer
    answer[0] = this.#topics.affected(pattern, answer, 1) - 1
  }

  answerIn(answer: Uint32Array): void {
    this.#answer = answer
  }

  #add(text: string): Name {
    const pattern = this.#patterns.add(text)
    const found = classify(text)
    this.#sizes[found] += 1
    this.#classes[found].add(pattern)
    return pattern
  }

  #find(topic: string, out: Uint32Array, count: number): number {
    const { exact, segments, suffixes, anchored, rest } = this.#classes
    const sizes = this.#sizes
    if (sizes.exact > 0) count = exact.resolve(topic, out, count)
    if (sizes.segments + sizes.suffixes + sizes.anchored > 0) this.#scan.read(topic)
    if (sizes.segments > 0) count = segments.resolve(out, count)
    if (sizes.suffixes > 0) count = suffixes.resolve(out, count)
    if (sizes.anchored > 0) count = anchored.resolve(out, count)
    if (sizes.rest > 0) count = rest.resolve(topic, out, count)
    return count
  }
}
