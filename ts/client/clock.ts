/** What `setTimer` gave out: only the clock that made it looks inside. */
export type Timer = object

/** The longest time that a timer takes, in milliseconds: 24 days. */
export const LONGEST_MS = 2 ** 31 - 1

/** Where a client gets its time and its turns from: the process's own, or a virtual one in tests. */
export interface Clock {
  /** Nanoseconds since the clock began; never falls, never 0. */
  nowNs(): number
  /** Runs once in a later turn of the loop, in the order of the calls. */
  defer(run: () => void): void
  /** Runs once after `ms` milliseconds. A weak timer does not keep the process alive. */
  setTimer(run: () => void, ms: number, isWeak?: boolean): Timer
  clearTimer(timer: Timer): void
  /** Whether it goes on by itself: only then can threads that do not run JavaScript do something on time. */
  readonly isReal?: boolean
  /** CPU time that the process has taken so far, in nanoseconds, where it is known. */
  cpuNs?(): number
}

/** The time of a bus and the turns of this thread's event loop. */
export function processClock(bus: { nowNs(): number }): Clock {
  return {
    isReal: true,
    nowNs: () => bus.nowNs(),
    defer: (run) => void setImmediate(run),
    setTimer: (run, ms, isWeak = false) => {
      const timer = setTimeout(run, ms)
      return isWeak ? timer.unref() : timer
    },
    clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    cpuNs: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) * 1e3
    },
  }
}
