import type { Observation, Range, Scaler } from './scaler.js'

/** A pool that never changes. */
export function fixed(size: number): Scaler {
  return { tickMs: Infinity, start: size, decide: () => size }
}

/** What is written at home: one more while more messages wait than there are workers, one less while half of them idle. */
export function threshold({ min, max }: Range, tickMs: number): Scaler {
  return {
    tickMs,
    start: min,
    decide({ depth, utilisation, size }) {
      if (depth > size) return Math.min(size + 1, max)
      return depth === 0 && utilisation < 0.5 ? Math.max(size - 1, min) : size
    },
  }
}

/** Kubernetes' horizontal autoscaler on utilisation: target 70 %, tolerance 10 %. */
export function utilisation(range: Range, tickMs: number): Scaler {
  return stabilised(range, tickMs, ({ utilisation, size }) => {
    const ratio = utilisation / 0.7
    return Math.abs(ratio - 1) <= 0.1 ? size : Math.ceil(size * ratio)
  })
}

/** KEDA's queue scalers: so many workers that each has 5 messages, waiting or in its hands. */
export function backlogPerWorker(range: Range, tickMs: number): Scaler {
  return stabilised(range, tickMs, ({ depth, inFlight }) => Math.ceil((depth + inFlight) / 5))
}

/** Keeps the most that was wished for in 30 s: Kubernetes' stabilisation, a tenth of its default length. */
function stabilised({ min, max }: Range, tickMs: number, wish: (observation: Observation) => number): Scaler {
  const wishes = new Float64Array(Math.ceil(STABILISATION_MS / tickMs))
  let place = 0
  return {
    tickMs,
    start: min,
    decide(observation) {
      wishes[place++ % wishes.length] = wish(observation)
      return clamp(Math.max(...wishes), min, max)
    },
  }
}

const STABILISATION_MS = 30_000

/** A PID regulator that holds the age of the oldest message at 5 ms. */
export function pidOnAge({ min, max }: Range, tickMs: number): Scaler {
  const [target, proportional, integral, derivative] = [5, 0.2, 2, 0.01]
  const seconds = tickMs / 1_000
  let [sum, last] = [min, 0]
  return {
    tickMs,
    start: min,
    decide({ oldestMs }) {
      const error = oldestMs - target
      // The integral is the size itself, kept within the limits so that it does not wind up.
      sum = clamp(sum + integral * error * seconds, min, max)
      const wanted = sum + proportional * error + (derivative * (error - last)) / seconds
      last = error
      return clamp(Math.round(wanted), min, max)
    },
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value))
}
