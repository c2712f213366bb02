import { isParameter } from './template.js'

/**
 * Finds the most specific of many templates that fits a topic: a tree with a floor for each segment. Each node is looked
 * at once at most, however the templates overlap.
 */
export class TemplateIndex<T> {
  readonly #root = new Node<T>()
  #isEmpty = true

  /** Adds a template without a fault, and whose shape is not there yet. */
  add(template: string, value: T): void {
    let node = this.#root
    for (const segment of template.split('.')) node = isParameter(segment) ? node.openParameter() : node.open(segment)
    node.value = value
    this.#isEmpty = false
  }

  find(topic: string): T | undefined {
    return this.#isEmpty ? undefined : find(this.#root, topic.split('.'), 0)
  }
}

class Node<T> {
  readonly literals = new Map<string, Node<T>>()
  parameter: Node<T> | undefined
  /** Of the template that ends here. */
  value: T | undefined

  open(segment: string): Node<T> {
    const known = this.literals.get(segment)
    if (known !== undefined) return known
    const node = new Node<T>()
    this.literals.set(segment, node)
    return node
  }

  openParameter(): Node<T> {
    return (this.parameter ??= new Node())
  }
}

/** Text before a parameter, a longer template before a parameter that takes all the rest. */
function find<T>(node: Node<T>, segments: readonly string[], depth: number): T | undefined {
  if (depth === segments.length) return node.value
  const segment = segments[depth]!
  const literal = node.literals.get(segment)
  const bySegment = literal === undefined ? undefined : find(literal, segments, depth + 1)
  if (bySegment !== undefined || node.parameter === undefined) return bySegment
  // A parameter takes at least one character; the last one may begin with a dot if more follows.
  const byParameter = segment === '' ? undefined : find(node.parameter, segments, depth + 1)
  return byParameter ?? (depth + 1 < segments.length ? node.parameter.value : undefined)
}
