import { show, TickbusError } from '../errors.js'
import { spans, type Trace } from './trace.js'

/** One thing that is wrong with a trace. */
export interface TraceFault {
  /** Where, such as `arrivals[1].untilMs`; empty for the whole. */
  readonly path: string
  readonly problem: string
}

/** Longest trace, in milliseconds: an hour. */
const LENGTH_MOST_MS = 3_600_000
/** Most messages, which bounds memory, and most work, which bounds how long the slowest law takes. */
const MESSAGES_MOST = 20_000_000
const WORK_MOST_S = 100_000

/**
 * The trace that a parsed file is.
 *
 * @param file What to call it in the message.
 * @throws {TickbusError} `TICKBUS_TRACE`, which lists all that is wrong; `details.faults` has it as data.
 */
export function readTrace(given: unknown, file: string): Trace {
  const faults = traceFaults(given)
  if (faults.length === 0) return given as Trace
  const listing = faults.map(({ path, problem }) => (path === '' ? `\n  - ${problem}` : `\n  - ${path}: ${problem}`))
  throw new TickbusError('TICKBUS_TRACE', { file, faults, listing: listing.join('') })
}

function traceFaults(given: unknown): TraceFault[] {
  const trace = new Part(given, '')
  trace.keys(['cores', 'spawnMs', 'service', 'arrivals', 'seed'], ['about'])
  trace.whole('cores', 1, 1_024)
  trace.number('spawnMs', 0, 60_000)
  trace.whole('seed', 0, 2 ** 32 - 1)
  const { about } = trace.values
  if (about !== undefined && typeof about !== 'string') trace.fault('about', `expected a text, got ${show(about)}`)
  const all = [...trace.faults, ...serviceFaults(trace), ...arrivalsFaults(trace)]
  return all.length > 0 ? all : sizeFaults(given as Trace)
}

function serviceFaults(trace: Part): TraceFault[] {
  if (trace.values.service === undefined) return []
  const service = trace.part('service')
  service.keys(['kind', 'meanMs', 'cv', 'cpuShare'])
  const { kind } = service.values
  if (kind !== undefined && kind !== 'lognormal') service.fault('kind', `expected "lognormal", got ${show(kind)}`)
  service.number('meanMs', 0.001, 60_000)
  service.number('cv', 0, 10)
  service.number('cpuShare', 0, 1)
  return service.faults
}

function arrivalsFaults(trace: Part): TraceFault[] {
  const { arrivals } = trace.values
  if (arrivals === undefined) return []
  if (!Array.isArray(arrivals) || arrivals.length === 0) {
    return [
      {
        path: 'arrivals',
        problem: `expected a list of stretches, got ${Array.isArray(arrivals) ? 'none' : show(arrivals)}`,
      },
    ]
  }
  let fromMs = 0
  return arrivals.flatMap((given, i) => {
    const stretch = new Part(given, `arrivals[${i}]`)
    stretch.keys(['untilMs', 'ratePerS'], ['burst'])
    stretch.number('untilMs', 0, LENGTH_MOST_MS)
    stretch.number('ratePerS', 0, 1_000_000)
    const { untilMs } = stretch.values
    // The stretches follow each other, so one that does not go beyond the one before it leaves a gap or runs backwards.
    if (typeof untilMs === 'number' && untilMs <= fromMs) {
      stretch.fault('untilMs', `expected more than ${fromMs}, where the stretch begins, got ${untilMs}`)
    }
    if (typeof untilMs === 'number') fromMs = Math.max(fromMs, untilMs)
    return [...stretch.faults, ...burstFaults(stretch)]
  })
}

function burstFaults(stretch: Part): TraceFault[] {
  if (stretch.values.burst === undefined) return []
  const burst = stretch.part('burst')
  burst.keys(['everyMs', 'forMs', 'ratePerS'])
  burst.number('everyMs', 1, LENGTH_MOST_MS)
  burst.number('forMs', 0.001, LENGTH_MOST_MS)
  burst.number('ratePerS', 0, 1_000_000)
  const { everyMs, forMs } = burst.values
  if (typeof everyMs === 'number' && typeof forMs === 'number' && forMs > everyMs) {
    burst.fault('forMs', `expected at most everyMs, which is ${everyMs}, got ${forMs}`)
  }
  return burst.faults
}

/** What no value shows by itself. */
function sizeFaults({ arrivals, service }: Trace): TraceFault[] {
  let messages = 0
  for (const { fromMs, untilMs, ratePerS } of spans(arrivals)) messages += ((untilMs - fromMs) * ratePerS) / 1_000
  const workS = (messages * service.meanMs) / 1_000
  const tell = (value: number): string => Math.round(value).toLocaleString('en-US')
  if (messages === 0) return [{ path: 'arrivals', problem: 'nothing arrives: give a stretch a rate' }]
  if (messages > MESSAGES_MOST) {
    return [
      { path: 'arrivals', problem: `${tell(messages)} messages, and ${tell(MESSAGES_MOST)} at most: make it shorter` },
    ]
  }
  if (workS <= WORK_MOST_S) return []
  return [{ path: '', problem: `${tell(workS)} s of work, and ${tell(WORK_MOST_S)} at most: make it shorter` }]
}

/** One object of the file, and what is wrong with it. */
class Part {
  readonly values: Record<string, unknown>
  readonly faults: TraceFault[] = []
  readonly #path: string

  constructor(given: unknown, path: string) {
    this.#path = path
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
    this.values = isObject ? (given as Record<string, unknown>) : {}
    if (!isObject) this.faults.push({ path, problem: `expected an object, got ${show(given)}` })
  }

  part(name: string): Part {
    return new Part(this.values[name], this.#below(name))
  }

  keys(required: readonly string[], optional: readonly string[] = []): void {
    // What is no object has been said to be none.
    if (this.faults.length > 0) return
    for (const name of required) if (this.values[name] === undefined) this.fault(name, 'is missing')
    const known = [...required, ...optional]
    for (const name of Object.keys(this.values)) {
      if (!known.includes(name)) this.fault(name, `there is no such field; there are ${known.join(', ')}`)
    }
  }

  number(name: string, least: number, most: number): void {
    this.#check(name, `a number from ${least} to ${most}`, (value) => value >= least && value <= most)
  }

  whole(name: string, least: number, most: number): void {
    const isWhole = (value: number): boolean => Number.isInteger(value) && value >= least && value <= most
    this.#check(name, `a whole number from ${least} to ${most}`, isWhole)
  }

  fault(name: string, problem: string): void {
    this.faults.push({ path: this.#below(name), problem })
  }

  #check(name: string, expected: string, isSound: (value: number) => boolean): void {
    const value = this.values[name]
    if (value === undefined || (typeof value === 'number' && isSound(value))) return
    this.fault(name, `expected ${expected}, got ${show(value)}`)
  }

  #below(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }
}
