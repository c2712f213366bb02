import { openSync, readSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** In it Linux tells each thread its CPU time, as the first of its numbers. */
const SCHEDSTAT = '/proc/thread-self/schedstat'

/**
 * How long this thread has computed so far, in nanoseconds: its CPU time where the kernel tells it cheaply; elsewhere the time
 * for which its event loop did not wait, in which it may have stood still for others on the machine.
 */
export const threadBusyNs: () => number = cpuTime() ?? loopTime

function cpuTime(): (() => number) | undefined {
  try {
    // The file of this thread, even if another one reads it; it is closed with the thread.
    const file = openSync(SCHEDSTAT, 'r')
    const text = Buffer.alloc(64)
    const read = (): number => Number.parseInt(text.toString('latin1', 0, readSync(file, text, 0, 64, 0)), 10)
    return read() > 0 ? read : undefined
  } catch {
    return undefined
  }
}

function loopTime(): number {
  return performance.eventLoopUtilization().active * 1e6
}
