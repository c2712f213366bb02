import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve as absolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { badArgument, TickbusError } from '../../errors.js'
import { environmentLayer } from './environment.js'
import { type Layer, layer } from './layer.js'
import type { ClientConfig, LoadConfigOptions } from './options.js'
import { resolve } from './resolve.js'
import { fileSchema } from './schema.js'

/** Either of them, not both. */
const FILES = ['tickbus.config.mjs', 'tickbus.config.json']

/** What the file and the environment say, and `options` over both. See `loadConfig` in load-config.ts. */
export async function readConfig({
  cwd = process.cwd(),
  env = process.env,
  options = {},
}: LoadConfigOptions): Promise<ClientConfig> {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw badArgument('cwd', 'a folder', cwd)
  const file = configFile(cwd)
  const lowest = file === undefined ? [] : [await fileLayer(file)]
  const { $schema: _, ...config } = resolve([...lowest, environmentLayer(env), layer(options, 'the options')], env)
    .config as ClientConfig & { $schema?: string }
  return config
}

function configFile(cwd: string): string | undefined {
  const present = FILES.map((name) => absolute(cwd, name)).filter((path) => existsSync(path))
  if (present.length < 2) return present[0]
  throw unusable(join(absolute(cwd), FILES[1]!), `${FILES[0]} lies beside it, and nobody could tell which one counts`)
}

async function fileLayer(file: string): Promise<Layer> {
  const values = file.endsWith('.json') ? readJson(file) : await importDefault(file)
  return { ...layer(values as ClientConfig, file), shape: fileSchema }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw unusable(file, (error as Error).message, error)
  }
}

async function importDefault(file: string): Promise<unknown> {
  const module = await load(file)
  if (!('default' in module)) throw unusable(file, 'it has no default export')
  return module.default
}

async function load(file: string): Promise<object> {
  try {
    return (await import(pathToFileURL(file).href)) as object
  } catch (error) {
    throw unusable(file, error instanceof Error ? error.message : String(error), error)
  }
}

function unusable(file: string, reason: string, cause?: unknown): TickbusError {
  return new TickbusError('TICKBUS_CONFIG_FILE', { file, reason }, cause)
}
