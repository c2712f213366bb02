import test from 'ava'
import { disturbanceOf, isQuiet, parseCpuTimes, readCpuTimes, startSpan } from '../../benchmark/foreign-cpu.js'

const stat = `cpu  100 20 30 5000 40 5 6 7 90 9
cpu0 50 10 15 2500 20 2 3 3 45 4
intr 12345 0 0
`

test('busy is everything but idle, waiting, steal and guests; ticks are 10 ms', (t) => {
  t.deepEqual(parseCpuTimes(stat), { busyMs: 1_610, stealMs: 70 })
})

test('a text without the line, or an old and short one, tells nothing', (t) => {
  t.is(parseCpuTimes('intr 1 2 3\n'), undefined)
  t.is(parseCpuTimes('cpu  1 2 3 4\n'), undefined)
})

test('a system without /proc/stat tells nothing, and counts as quiet', (t) => {
  const read = () => readCpuTimes('/nowhere/stat')
  const span = startSpan(read)(5)
  t.is(span, undefined)
  t.is(disturbanceOf([span]), undefined)
  t.true(isQuiet(undefined))
})

test('foreign is what is left of busy without our own', (t) => {
  const readings = [
    { busyMs: 1_000, stealMs: 50 },
    { busyMs: 1_180, stealMs: 60 },
  ]
  const span = startSpan(() => readings.shift())(130)
  t.like(span, { foreignMs: 50, stealMs: 10 })
})

test('disturbance is the average over all spans, in cores', (t) => {
  const spans = [
    { wallMs: 100, foreignMs: 80, stealMs: 10 },
    { wallMs: 300, foreignMs: 120, stealMs: 10 },
  ]
  t.deepEqual(disturbanceOf(spans), { foreignCores: 0.5, stealCores: 0.05 })
})

test('coarse ticks do not make less than nothing', (t) => {
  t.deepEqual(disturbanceOf([{ wallMs: 20, foreignMs: -4, stealMs: 0 }]), { foreignCores: 0, stealCores: 0 })
})

test('a fifth of a core is too much, whoever took it', (t) => {
  t.true(isQuiet({ foreignCores: 0.1, stealCores: 0.05 }))
  t.false(isQuiet({ foreignCores: 0.1, stealCores: 0.1 }))
})
