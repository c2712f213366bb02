import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { ClockOffset } from 'tickbus/market'

test('a window that is none is refused', (t) => {
  for (const windowSeconds of [0, NaN, -1, 86_401]) {
    t.throws(() => new ClockOffset({ windowSeconds }), { code: 'TICKBUS_ARGUMENT' })
  }
})

test('before the first frame nothing is known', (t) => {
  t.is(new ClockOffset().offsetNs, undefined)
})

testProp(
  'the offset is the least of the window, to a 64th of it',
  [fc.array(fc.tuple(fc.nat(3e9), fc.integer({ min: -1e12, max: 1e12 })), { minLength: 1, maxLength: 60 })],
  (t, steps) => {
    const clock = new ClockOffset({ windowSeconds: 6.4 })
    const seen: [number, number][] = []
    let now = -5e9
    for (const [step, laterNs] of steps) {
      now += step
      seen.push([now, laterNs])
      clock.add(now, laterNs)
      const leastSince = (ns: number) => Math.min(...seen.filter(([at]) => at >= now - ns).map(([, later]) => later))
      t.true(clock.offsetNs! >= leastSince(6.4e9))
      t.true(clock.offsetNs! <= leastSince(6.3e9))
    }
    t.is(clock.samples, steps.length)
  },
)

test('a frame counts for as long as the window is, but for a 64th of it', (t) => {
  const clock = new ClockOffset({ windowSeconds: 6.4 })
  clock.add(0.15e9, -1)
  clock.add(6.45e9, 5)
  t.is(clock.offsetNs, -1)
  clock.add(6.5e9, 6)
  t.is(clock.offsetNs, 5)
})

test('a clock that goes back by more than the window begins anew', (t) => {
  const clock = new ClockOffset({ windowSeconds: 1 })
  clock.add(10e9, 1)
  clock.add(9.5e9, 5)
  t.is(clock.offsetNs, 1)
  clock.add(2e9, 7)
  t.is(clock.offsetNs, 7)
})
