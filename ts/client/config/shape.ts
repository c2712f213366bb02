import * as v from 'valibot'
import { below, type Fault, isWithin } from './fault.js'
import type { ClientConfig } from './options.js'
import { configSchema, type fileSchema, LANE_NAME, standardLanes } from './schema.js'
import { closest, suggestion } from './suggestion.js'

export type Shape = typeof configSchema | typeof fileSchema

/** What valibot's object schemas, their parts and their wrappers look like from here. */
interface Part {
  readonly type: string
  readonly entries?: Record<string, Part>
  readonly rest?: Part
  readonly item?: Part
  readonly wrapped?: Part
}

/** The sound part of what was said, and what is wrong with the rest. */
export interface Checked {
  readonly values: ClientConfig
  readonly faults: readonly Omit<Fault, 'origin'>[]
}

/** Options that somebody may well write, and why they are refused. */
const REFUSALS: Record<string, string> = {
  priority: 'low 0, normal 1, high 2 and critical 3 stay what they are; make a lane of your own for another place',
}

/** Looks at every value by itself. All faults are found at once, and do not hide those that rules find in the rest. */
export function checkShape(given: unknown, shape: Shape = configSchema): Checked {
  const unknown = unknownKeys(shape as unknown as Part, given, '')
  const faults = [...unknown, ...badValues(shape, given, unknown)]
  return { values: (prune(given, '', faults) ?? {}) as ClientConfig, faults }
}

/** valibot names the first unknown key of an object only, and takes an array for an object. */
function unknownKeys(part: Part, value: unknown, path: string): Checked['faults'] {
  const inner = part.wrapped ?? part
  if (inner.type === 'array') {
    const items = Array.isArray(value) ? value : []
    return items.flatMap((item, i) => unknownKeys(inner.item!, item, below(path, i)))
  }
  if (inner.entries === undefined || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return [{ path, problem: `expected an object, got a list` }]
  return Object.keys(value).flatMap((key) => {
    const inside = (part: Part) => unknownKeys(part, value[key as keyof typeof value], below(path, key))
    if (Object.hasOwn(inner.entries!, key)) return inside(inner.entries![key]!)
    if (inner.rest === undefined) return [{ path: below(path, key), problem: unknownOption(key, inner.entries!) }]
    const problem = laneFault(key, value[key as keyof typeof value])
    return problem === undefined ? inside(inner.rest) : [{ path: below(path, key), problem }]
  })
}

function unknownOption(key: string, entries: Record<string, Part>): string {
  if (Object.hasOwn(REFUSALS, key)) return REFUSALS[key]!
  return `there is no such option${suggestion(key, Object.keys(entries))}`
}

/** A lane that is none of the four is one's own if it has a place, and a slip of the keyboard otherwise. */
function laneFault(name: string, lane: unknown): string | undefined {
  // What every object has by itself could not be told from a lane of that name.
  if (!LANE_NAME.test(name) || name in {} || name === 'prototype') {
    return 'a lane is called by 1 to 32 letters, digits, - and _, the first a small letter'
  }
  // A lane that is no object is refused by the schema.
  if (typeof lane !== 'object' || lane === null || 'priority' in lane) return undefined
  return closest(name, standardLanes) === undefined
    ? 'a lane of your own needs a priority from 0 to 15'
    : `there is no such lane${suggestion(name, standardLanes)} A lane of your own needs a priority from 0 to 15`
}

function badValues(shape: Shape, value: unknown, unknown: Checked['faults']): Checked['faults'] {
  const { issues = [] } = v.safeParse(shape, value)
  const faults = issues.map((issue) => {
    const path = (issue.path ?? []).reduce((path, { key }) => below(path, key as string | number), '')
    const isMissing = issue.path?.at(-1)?.origin === 'key'
    return { path, problem: isMissing ? 'is missing' : issue.message }
  })
  const isNews = (path: string): boolean => !unknown.some((fault) => isWithin(path, fault.path))
  // A value that breaks several bounds is one fault.
  const isFirst = (path: string, i: number): boolean => faults.findIndex((other) => other.path === path) === i
  return faults.filter(({ path }, i) => isNews(path) && isFirst(path, i))
}

/** The value without what has a fault, and without what is undefined. An item of a list goes as a whole. */
function prune(value: unknown, path: string, faults: Checked['faults']): unknown {
  if (faults.some((fault) => fault.path === path)) return undefined
  if (Array.isArray(value)) {
    const isSound = (i: number): boolean => !faults.some((fault) => isWithin(fault.path, below(path, i)))
    return value.filter((_, i) => isSound(i)).map((item) => prune(item, path, []))
  }
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.entries(value).map(([key, part]) => [key, prune(part, below(path, key), faults)] as const)
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined))
}
