/** What a ringing thread and the sleeper that it rings share. */
import type { Backend } from 'tickbus'

export interface SleeperData {
  /** `undefined`: woken by messages on its port. */
  backend: Backend | undefined
  roster: SharedArrayBuffer
  page: SharedArrayBuffer
  origin: bigint
}

/** Words of the page: what is rung for, what was last woken for. The doubles behind them: when. */
export const CALLED = 0
export const WOKEN = 1
export const WOKEN_DOUBLE = 1
