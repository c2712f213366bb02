import type { ClientConfig, LoadConfigOptions } from './config/index.js'

/**
 * The configuration of a client, for `BufferedMessageBusClient.open(bus, await loadConfig())`: what stands in
 * `tickbus.config.mjs` (its default export) or `tickbus.config.json` of the folder `cwd`, over that the environment
 * (`TICKBUS_ENV`, `TICKBUS_POLICY`, `TICKBUS_WORKERS_MIN`, `TICKBUS_WORKERS_MAX`, `TICKBUS_MEMORY_MB`), over that
 * `options`. Without a file it is what the others say. Only what was said is in it, and the preset.
 *
 * @throws {TickbusError} `TICKBUS_CONFIG_FILE` if the file cannot be read; `TICKBUS_CONFIG` with all faults of all sources,
 * each with its place; `TICKBUS_MEMORY_LIMIT`; `TICKBUS_ARGUMENT` if `cwd` is no folder.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<ClientConfig> {
  // Validation costs an import that only who loads or opens something should pay.
  const { readConfig } = await import('./config/index.js')
  return readConfig(options)
}
