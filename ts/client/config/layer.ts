import type { ClientConfig } from './options.js'
import type { Shape } from './shape.js'

/** What one source says: a preset, a file, the environment, the code. */
export interface Layer {
  readonly values: ClientConfig
  /** What it may say, if that is not what code may say. */
  readonly shape?: Shape
  /** Who said what stands at a path, as it is called in an error. */
  readonly origin: (path: string) => string
}

/** A layer that comes from one place. */
export function layer(values: ClientConfig, origin: string): Layer {
  return { values, origin: () => origin }
}

/** The layers as one, a later one over an earlier one. Routes add up: those of later layers are looked through first. */
export function merge(layers: readonly Layer[]): ClientConfig {
  const merged = layers.reduce<ClientConfig>((all, { values }) => over(all, values) as ClientConfig, {})
  if (merged.routes === undefined) return merged
  return { ...merged, routes: layers.toReversed().flatMap(({ values }) => values.routes ?? []) }
}

/** Who has the last word on any of these paths. */
export function originOf(layers: readonly Layer[], ...paths: readonly string[]): string {
  for (const { values, origin } of layers.toReversed()) {
    const path = paths.find((path) => at(values, path) !== undefined)
    if (path !== undefined) return origin(path)
  }
  return 'the defaults'
}

/** Whether any layer says something at a path. */
export function isGiven(layers: readonly Layer[], path: string): boolean {
  return layers.some(({ values }) => at(values, path) !== undefined)
}

function at(values: unknown, path: string): unknown {
  return path.split('.').reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], values)
}

function over(lower: unknown, upper: unknown): unknown {
  if (upper === undefined) return lower
  if (!isObject(lower) || !isObject(upper)) return upper
  const keys = new Set([...Object.keys(lower), ...Object.keys(upper)])
  return Object.fromEntries([...keys].map((key) => [key, over(lower[key], upper[key])]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
