import { existsSync, readFileSync } from 'node:fs'

const FILE = '/proc/thread-self/schedstat'

/** CPU time of this thread, where it can be told: what a handler computes, whatever else the machine does. */
export function computedMs() {
  return existsSync(FILE) ? Number.parseInt(readFileSync(FILE, 'latin1'), 10) / 1e6 : performance.now()
}
