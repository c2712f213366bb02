import { checkPattern, Priority } from '../../bus/index.js'
import { TickbusError } from '../../errors.js'
import { ENVELOPES_MOST, LANES_MOST } from '../../layout.js'
import { count } from './field.js'
import { type Fault, isWithin } from './fault.js'
import { type Layer, originOf } from './layer.js'
import { envelopeBytes, envelopeCount, memoryLimit } from './memory.js'
import type { Route } from './options.js'
import type { LaneSettings, Settings } from './settings.js'
import { suggestion } from './suggestion.js'

/** A fault in how options go together. */
interface Clash {
  readonly path: string
  readonly problem: string
  /** The options that clash, if one of them can be faulty by itself. */
  readonly about: readonly string[]
  /** Who is to blame, if it is not who had the last word on one of them. */
  readonly origin?: string
}

/** Overflows that let go of messages that were accepted before. */
const LOSSY: ReadonlySet<string> = new Set(['dropOldest', 'dropNewest', 'conflate'])

/** What no value shows by itself. One that is faulty by itself, as `known` says, is not judged again in company. */
export function ruleFaults(settings: Settings, layers: readonly Layer[], known: readonly Fault[]): Fault[] {
  const clashes = [
    ...workers(settings, layers),
    ...settings.lanes.flatMap(lane),
    ...places(settings.lanes),
    ...envelopes(settings),
    ...layers.flatMap((layer) => routes(layer, settings.lanes)),
  ]
  return sound(clashes, known).map((clash) => blame(clash, layers))
}

/** `TICKBUS_MEMORY_LIMIT` as one fault among others. */
export function memoryFaults(settings: Settings, layers: readonly Layer[], known: readonly Fault[]): Fault[] {
  const error = memoryLimit(settings, envelopeBytes(settings.lanes, settings.workers.max))
  if (error === undefined) return []
  const clash = { path: 'memoryMb', problem: error.message, about: ['memoryMb', 'lanes', 'workers'] }
  return sound([clash], known).map((clash) => blame(clash, layers))
}

function sound(clashes: readonly Clash[], known: readonly Fault[]): Clash[] {
  const isFaulty = (path: string): boolean =>
    known.some((fault) => isWithin(fault.path, path) || isWithin(path, fault.path))
  return clashes.filter(({ about }) => !about.some(isFaulty))
}

function blame({ path, problem, about, origin }: Clash, layers: readonly Layer[]): Fault {
  return { path, problem, origin: origin ?? originOf(layers, path, ...about) }
}

function workers({ workers: { min, max } }: Settings, layers: readonly Layer[]): Clash[] {
  if (min <= max) return []
  const about = ['workers.min', 'workers.max']
  const [minOrigin, maxOrigin] = about.map((path) => originOf(layers, path))
  return [{ path: 'workers', problem: `min ${min} (${minOrigin}) is more than max ${max} (${maxOrigin})`, about }]
}

function lane({ name, priority, overflow, highWater, lowWater, shed }: LaneSettings): Clash[] {
  const at = (option: string): string => `lanes.${name}.${option}`
  const clashes: Clash[] = []
  const isUrgent = priority >= Priority.CRITICAL
  if (lowWater >= highWater) {
    const problem = `lowWater ${lowWater} is not below highWater ${highWater}`
    clashes.push({ path: `lanes.${name}`, problem, about: [at('lowWater'), at('highWater')] })
  }
  if (isUrgent && LOSSY.has(overflow)) {
    const problem = `an urgent lane loses nothing: expected "block" or "reject", got "${overflow}"`
    clashes.push({ path: at('overflow'), problem, about: [at('overflow'), at('priority')] })
  }
  if (isUrgent && overflow === 'spill') {
    const problem = 'an urgent lane waits for no disk: expected "block" or "reject", got "spill"'
    clashes.push({ path: at('overflow'), problem, about: [at('overflow'), at('priority')] })
  }
  if (isUrgent && shed !== null) {
    clashes.push({ path: at('shed'), problem: 'an urgent lane never sheds', about: [at('shed'), at('priority')] })
  }
  if (!isUrgent && shed !== null && !LOSSY.has(overflow)) {
    const problem = `a lane that sheds is one that may lose: "dropOldest", "dropNewest" or "conflate", not "${overflow}"`
    clashes.push({ path: at('shed'), problem, about: [at('shed'), at('overflow')] })
  }
  return clashes
}

function places(lanes: readonly LaneSettings[]): Clash[] {
  const twice = lanes.filter(({ priority }, i) => priority === lanes[i - 1]?.priority)
  const clashes = twice.map(({ name, priority }) => {
    const others = lanes.filter((lane) => lane.priority === priority && lane.name !== name)
    const problem = `${priority} is the place of ${others.map((lane) => `"${lane.name}"`).join(' and ')}`
    return { path: `lanes.${name}.priority`, problem, about: [`lanes.${name}.priority`] }
  })
  if (lanes.length <= LANES_MOST) return clashes
  const problem = `there are ${lanes.length} lanes, and ${LANES_MOST} at most, low, normal, high and critical included`
  return [...clashes, { path: 'lanes', problem, about: ['lanes'] }]
}

function envelopes(settings: Settings): Clash[] {
  const needed = envelopeCount(settings.lanes, settings.workers.max)
  if (needed <= ENVELOPES_MOST) return []
  const problem = `a group holds ${count(ENVELOPES_MOST)} messages, those in its workers included, and not ${count(needed)}: lower the capacities`
  return [{ path: 'lanes', problem, about: ['lanes', 'workers'] }]
}

/** Routes of all layers add up, so that each layer answers for its own. */
function routes({ values, origin }: Layer, lanes: readonly LaneSettings[]): Clash[] {
  const clashes = (values.routes ?? []).flatMap((route) => routing(route, lanes))
  return clashes.map((clash) => ({ path: 'routes', origin: origin('routes'), ...clash }))
}

function routing({ pattern, lane }: Route, lanes: readonly LaneSettings[]): Omit<Clash, 'path'>[] {
  const names = lanes.map(({ name }) => name)
  const clashes: Omit<Clash, 'path'>[] = []
  if (!names.includes(lane)) {
    const problem = `"${pattern}" goes to lane "${lane}", which is not there${suggestion(lane, names)}`
    clashes.push({ problem, about: [`lanes.${lane}`] })
  }
  const problem = patternFault(pattern)
  return problem === undefined ? clashes : [...clashes, { problem, about: [] }]
}

function patternFault(pattern: string): string | undefined {
  try {
    checkPattern(pattern)
    return undefined
  } catch (error) {
    if (error instanceof TickbusError) return error.message
    throw error
  }
}
