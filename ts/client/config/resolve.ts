import { environmentLayer, environmentWarnings, logLevel } from './environment.js'
import { configError } from './fault.js'
import { type Layer, layer, merge } from './layer.js'
import { envelopeBytes, requireMemory } from './memory.js'
import type { ClientConfig, PresetName } from './options.js'
import { type Preset, presets } from './presets.js'
import { memoryFaults, ruleFaults } from './rules.js'
import { complete, type Settings } from './settings.js'
import { checkShape } from './shape.js'
import { warningsOf } from './warnings.js'

/** What a client runs by: complete and frozen. */
export interface ClientSettings extends Settings {
  /** What is allowed and hardly meant, for the log. */
  readonly warnings: readonly string[]
}

/** What layers say together: as sparse as they are, and complete. */
export interface Resolved {
  readonly config: ClientConfig
  readonly settings: ClientSettings
}

const DEFAULT_PRESET: PresetName = 'development'

/**
 * The settings of a client: what code says over what the environment says, over the preset.
 *
 * @throws {TickbusError} `TICKBUS_CONFIG` with all faults at once; `TICKBUS_MEMORY_LIMIT` if all is well but that the lanes
 * take more than `memoryMb`.
 */
export function resolveSettings(options: ClientConfig = {}, env: NodeJS.ProcessEnv = process.env): ClientSettings {
  return resolve([environmentLayer(env), layer(options, 'the options')], env).settings
}

/** Puts layers together, a later one over an earlier one, all of them over the preset that they choose. */
export function resolve(unchecked: readonly Layer[], env: NodeJS.ProcessEnv): Resolved {
  const checked = unchecked.map(({ values, origin, shape }) => ({ origin, ...checkShape(values, shape) }))
  const given = checked.map(({ values, origin }) => ({ values, origin }))
  const config = merge(given)
  const preset = config.preset ?? DEFAULT_PRESET
  const layers = [layer(presets[preset], `preset ${preset}`), ...given]
  const settings = complete({ ...(merge(layers) as Preset), ...impliedBy(config) }, preset, logLevel(env))

  const faults = checked.flatMap(({ faults, origin }) =>
    faults.map((fault) => ({ ...fault, origin: origin(fault.path) })),
  )
  faults.push(...ruleFaults(settings, layers, faults))
  if (faults.length > 0) throw configError([...faults, ...memoryFaults(settings, layers, faults)])
  requireMemory(settings, envelopeBytes(settings.lanes, settings.workers.max))

  const warnings = [...environmentWarnings(env), ...warningsOf(settings, given)]
  return { config: { ...config, preset }, settings: freeze({ ...settings, warnings }) }
}

/** Who gives a range of workers means it to be used, unless somebody says otherwise. */
function impliedBy({ workers, autoscale }: ClientConfig): Partial<Preset> {
  const isRange = Number(workers?.min) < Number(workers?.max)
  return isRange && autoscale === undefined ? { autoscale: true } : {}
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze)
  return Object.freeze(value)
}
