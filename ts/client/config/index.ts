export { readConfig } from './file.js'
export type {
  ClientConfig,
  JournalConfig,
  LaneConfig,
  LoadConfigOptions,
  OwnLaneConfig,
  PresetName,
  Route,
  ShedConfig,
} from './options.js'
export { presets } from './presets.js'
export { type ClientSettings, resolveSettings } from './resolve.js'
export type { LaneSettings } from './settings.js'
