import { type LogLevel, logLevels } from '../logger.js'
import type { Layer } from './layer.js'
import { closest } from './suggestion.js'

/** Which option each variable sets. */
const VARIABLES = new Map<string, { path: string; read: (text: string) => unknown }>([
  ['TICKBUS_ENV', { path: 'preset', read: (text) => (text === 'hft' ? 'highFrequency' : text) }],
  ['TICKBUS_POLICY', { path: 'policy', read: String }],
  ['TICKBUS_WORKERS_MIN', { path: 'workers.min', read: number }],
  ['TICKBUS_WORKERS_MAX', { path: 'workers.max', read: number }],
  ['TICKBUS_MEMORY_MB', { path: 'memoryMb', read: number }],
])
/** Variables of the package that other parts read. */
const OTHERS = ['TICKBUS_BACKEND', 'TICKBUS_LONG']

/** What the environment says about a client. A variable that is set to nothing counts as not set. */
export function environmentLayer(env: NodeJS.ProcessEnv): Layer {
  const values = {}
  for (const [name, { path, read }] of VARIABLES) {
    const text = env[name]?.trim()
    if (text) set(values, path.split('.'), read(text))
  }
  const variable = (path: string) => [...VARIABLES].find(([, entry]) => entry.path === path)?.[0]
  return { values, origin: (path) => variable(path) ?? 'the environment' }
}

/** How much the default logger says: `LOG_LEVEL`, as other programs read it, too. */
export function logLevel(env: NodeJS.ProcessEnv): LogLevel {
  const text = env['LOG_LEVEL']?.trim().toLowerCase()
  return logLevels.find((level) => level === text) ?? 'silent'
}

/** Variables that look like ours and do nothing. They may be somebody else's, so that they are no faults. */
export function environmentWarnings(env: NodeJS.ProcessEnv): string[] {
  const known = [...VARIABLES.keys(), ...OTHERS]
  const strange = Object.keys(env).filter((name) => name.startsWith('TICKBUS_') && !known.includes(name))
  const misspelt = strange.flatMap((name) => {
    const meant = closest(
      name.slice('TICKBUS_'.length),
      known.map((name) => name.slice('TICKBUS_'.length)),
    )
    return meant === undefined ? [] : [`${name} does nothing; did you mean TICKBUS_${meant}?`]
  })
  const level = env['LOG_LEVEL']?.trim()
  if (!level || logLevels.includes(level.toLowerCase() as LogLevel)) return misspelt
  return [...misspelt, `LOG_LEVEL=${level} is none of ${logLevels.join(', ')}: nothing is logged`]
}

/** What is no number stays text, and is refused as such. */
function number(text: string): unknown {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

function set(values: Record<string, unknown>, [key, ...deeper]: string[], value: unknown): void {
  if (deeper.length === 0) values[key!] = value
  else set((values[key!] ??= {}) as Record<string, unknown>, deeper, value)
}
