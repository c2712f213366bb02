import test from 'ava'
import { drawWorkload, run, type Scaler, spans, type Trace } from '../../dist/simulation/index.js'
import { scenario } from './scenarios.js'

const trace: Trace = {
  cores: 2,
  spawnMs: 25,
  service: { kind: 'lognormal', meanMs: 1, cv: 0, cpuShare: 0 },
  arrivals: [{ untilMs: 100, ratePerS: 1_000 }],
  seed: 1,
}
const computing: Trace = { ...trace, service: { ...trace.service, cpuShare: 1 } }

function fixed(size: number): Scaler {
  return { tickMs: Infinity, start: size, decide: () => size }
}

/** So many messages at the beginning, of 1 ms each. */
function heap(messages: number) {
  return { arrivesMs: new Float64Array(messages), takesMs: new Float64Array(messages).fill(1) }
}

test('one worker takes one message after the other', (t) => {
  const { waitMs, workerSeconds, lengthMs } = run(trace, heap(5), fixed(1))
  t.deepEqual(waitMs, { p50: 2, p99: 4, p999: 4 })
  t.is(workerSeconds, 0.1)
  t.is(lengthMs, 100)
})

test('handlers that wait do not slow each other', (t) => {
  t.deepEqual(run(trace, heap(100), fixed(50)).waitMs, { p50: 0, p99: 1, p999: 1 })
})

test('handlers that compute share the cores, and lose a hundredth for each that has none', (t) => {
  // Four on two cores take twice as long, and 2 x 1 % more.
  const { waitMs } = run(computing, heap(8), fixed(4))
  t.true(Math.abs(waitMs.p99 - 2 * 1.02) < 1e-9, `${waitMs.p99}`)
  t.is(run(computing, heap(4), fixed(2)).waitMs.p99, 1)
})

test('a worker takes its first message when it has started, and costs from the decision on', (t) => {
  const scaler: Scaler = { tickMs: 20, start: 1, decide: () => 2 }
  const workload = { arrivesMs: new Float64Array(2), takesMs: new Float64Array([1_000, 1]) }
  const result = run(trace, workload, scaler)
  t.is(result.waitMs.p99, 45)
  t.is(result.actionsPerMinute, 60)
  t.is(result.peakWorkers, 2)
  t.true(Math.abs(result.workerSeconds - (1 + 0.98)) < 1e-9, `${result.workerSeconds}`)
})

test('a worker that is sent home ends its message first', (t) => {
  const scaler: Scaler = { tickMs: 20, start: 2, decide: () => 1 }
  const workload = { arrivesMs: new Float64Array(3), takesMs: new Float64Array([60, 30, 1]) }
  // The one that ends at 30 ms goes; the third message waits for the other.
  t.is(run(trace, workload, scaler).waitMs.p99, 60)
})

test('the law is told what happened since the last tick', (t) => {
  const told: unknown[] = []
  const scaler: Scaler = {
    tickMs: 20,
    start: 2,
    decide({ nowMs, ratePerS, serviceMs, depth, oldestMs, cpuShare, utilisation, inFlight, size }) {
      if (nowMs <= 40) told.push([ratePerS, serviceMs, depth, oldestMs, cpuShare, utilisation, inFlight, size])
      return 2
    },
  }
  run(computing, { arrivesMs: new Float64Array([0, 0, 5]), takesMs: new Float64Array([10, 30, 30]) }, scaler)
  t.deepEqual(told, [
    [150, 10, 0, 0, 1, 1, 2, 2],
    [0, 30, 0, 0, 1, 0.75, 0, 2],
  ])
})

test('bursts end the periods of their stretch', (t) => {
  const list = [
    ...spans([
      { untilMs: 58, ratePerS: 1, burst: { everyMs: 20, forMs: 5, ratePerS: 9 } },
      { untilMs: 60, ratePerS: 2 },
    ]),
  ]
  const rates = list.map(({ fromMs, untilMs, ratePerS }) => [fromMs, untilMs, ratePerS])
  t.deepEqual(rates, [
    [0, 15, 1],
    [15, 20, 9],
    [20, 35, 1],
    [35, 40, 9],
    [40, 55, 1],
    [55, 58, 9],
    [58, 60, 2],
  ])
})

test('what is drawn has the rate, the mean and the spread of the trace, and is the same for a seed', (t) => {
  const slow = scenario('d-slow')
  const { arrivesMs, takesMs } = drawWorkload(slow, 1)
  const near = (value: number, expected: number, share: number): boolean => Math.abs(value / expected - 1) < share
  t.true(near(arrivesMs.length, 120_000, 0.01), `${arrivesMs.length} messages`)
  t.true(arrivesMs.every((at, i) => i === 0 || at >= arrivesMs[i - 1]!))
  const mean = takesMs.reduce((sum, ms) => sum + ms, 0) / takesMs.length
  const deviation = Math.sqrt(takesMs.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / takesMs.length)
  t.true(near(mean, 8, 0.02), `mean ${mean}`)
  t.true(near(deviation / mean, 1.5, 0.05), `cv ${deviation / mean}`)
  t.deepEqual(drawWorkload(slow, 1).arrivesMs.slice(0, 100), arrivesMs.slice(0, 100))
  t.notDeepEqual(drawWorkload(slow, 2).arrivesMs.slice(0, 100), arrivesMs.slice(0, 100))
})
