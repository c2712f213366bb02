import type { JournalOptions } from '../../delivery/index.js'
import type { Overflow, Policy } from '../../lane-core.js'

export type PresetName = 'development' | 'production' | 'highFrequency'

/** One lane of each consumer group. What is left out comes from the preset. */
export interface LaneConfig {
  /** Most messages that wait, 1 to 16,777,216. @default 10_000 */
  capacity?: number
  /** What happens to a message that does not fit. @default 'block' for critical and above, 'reject' otherwise */
  overflow?: Overflow
  /** Longest wait of `block`, in milliseconds, 0 to 60,000. @default 50 */
  timeoutMs?: number
  /** Largest file of `spill`, in MiB, 0.1 to 1,048,576; one for each group. @default 256 */
  spillMb?: number
  /** Share of the capacity, 0 to 1, from which on the lane is behind. @default 0.8 */
  highWater?: number
  /** Share of the capacity, below `highWater`, from which on it has caught up again. @default 0.2 */
  lowWater?: number
  /** Messages in a round of policy `weighted`, 1 to 65,535. @default 1, 2, 10 and 20 from low to critical */
  weight?: number
  /** Lets go of messages while the lane is behind; only for lanes that may lose. `{}` for the defaults. @default never */
  shed?: ShedConfig
}

/** Controlled delay (RFC 8289). */
export interface ShedConfig {
  /** The wait that is acceptable, in milliseconds, 0.001 to 60,000. @default 5 */
  targetMs?: number
  /** How long every message must have waited longer before one is shed, in milliseconds, 0.001 to 60,000. @default 100 */
  intervalMs?: number
}

/** A lane of one's own. */
export interface OwnLaneConfig extends LaneConfig {
  /**
   * Its place among the lanes, 0 to 15, different for each: low 0, normal 1, high 2 and critical 3 are taken, 2.5 lies
   * between high and critical. From 3 on a lane is urgent.
   */
  priority: number
}

/** Which lane a topic takes, if neither its schema nor the publisher says so. */
export interface Route {
  /** Topics that it is for, with `*` and `?`. */
  pattern: string
  /** Name of a lane. */
  lane: string
}

/** The journal of a client: the directory, and what {@link JournalOptions} says of the rest. */
export interface JournalConfig extends Omit<JournalOptions, 'backend' | 'nowNs' | 'system'> {
  /** Made if only it is missing, and not the folder above it. */
  readonly dir: string
}

/** What code, or a configuration file, says about a client. */
export interface ClientConfig {
  /** Where everything comes from that is not given. @default TICKBUS_ENV, or else 'development' */
  preset?: PresetName
  /** `low`, `normal`, `high`, `critical`, and up to 12 lanes of one's own by name. */
  lanes?: {
    low?: LaneConfig
    normal?: LaneConfig
    high?: LaneConfig
    critical?: LaneConfig
    [name: string]: LaneConfig | OwnLaneConfig | undefined
  }
  /** In which order waiting messages run. @default 'strict' */
  policy?: Policy
  /** How long a message of a lower lane waits before `strict` lets it through, in milliseconds, up to a day; 0 for ever. */
  ageMs?: number
  /** Concurrency slots of each group, 1 to 1,024. @default from 1 to 10, 20 or 50, by preset */
  workers?: { min?: number; max?: number }
  /** Whether slots follow the load between `min` and `max`. @default true if both are given and differ, else as the preset says */
  autoscale?: boolean
  /** Most memory for everything that waits, in MiB, 1 to 65,536. @default 256, or 512 for highFrequency */
  memoryMb?: number
  /** Longest encoded payload, in bytes, 64 to 16,777,216. @default 1_048_576 */
  payloadBytes?: number
  /** Folder for the files of lanes that spill. @default the system's folder for temporary files */
  spillDir?: string
  /** Where messages of topics that may not lose any are written before anybody gets them. @default no journal */
  journal?: JournalConfig
  /** Looked through in order before the preset's own; the first that matches decides. */
  routes?: Route[]
}

export interface LoadConfigOptions {
  /** The folder with the file. @default the process's own */
  cwd?: string
  /** @default process.env */
  env?: NodeJS.ProcessEnv
  /** What code says over file and environment. */
  options?: ClientConfig
}
