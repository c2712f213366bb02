import test from 'ava'
import { fc } from '@fast-check/ava'
import { VirtualClock } from 'tickbus/testing'

test('time stands still until the clock is moved', (t) => {
  const clock = new VirtualClock()
  t.is(clock.nowNs(), 1e9)
  clock.turn()
  t.is(clock.nowNs(), 1e9)
  clock.advance(1.5)
  t.is(clock.nowNs(), 1_001_500_000)
})

test('timers run when they fall due, in that order, and see the time at which they do', (t) => {
  const clock = new VirtualClock(1)
  const seen: [string, number][] = []
  for (const [name, ms] of Object.entries({ c: 30, a: 10, b: 20, d: 31 })) {
    clock.setTimer(() => seen.push([name, clock.nowNs() / 1e6 - 1]), ms)
  }
  t.is(clock.advance(30), 3)
  t.deepEqual(seen, [
    ['a', 10],
    ['b', 20],
    ['c', 30],
  ])
  t.is(clock.timers, 1)
})

test('timers of one moment run in the order in which they were set', (t) => {
  const clock = new VirtualClock()
  const seen: number[] = []
  for (let i = 0; i < 10; i += 1) clock.setTimer(() => seen.push(i), 5)
  clock.advance(5)
  t.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('a timer that a timer sets runs in the same move if it falls due in it', (t) => {
  const clock = new VirtualClock()
  const seen: number[] = []
  const tick = (): void => {
    seen.push(clock.nowNs() / 1e6 - 1_000)
    clock.setTimer(tick, 10)
  }
  clock.setTimer(tick, 10)
  clock.advance(35)
  t.deepEqual(seen, [10, 20, 30])
})

test('a timer that is cleared does not run, and one that ran can be cleared', (t) => {
  const clock = new VirtualClock()
  const timer = clock.setTimer(() => t.fail(), 1)
  const first = clock.setTimer(() => clock.clearTimer(second), 1)
  const second = clock.setTimer(() => t.fail(), 1)
  clock.clearTimer(timer)
  t.is(clock.advance(5), 1)
  clock.clearTimer(first)
  t.is(clock.timers, 0)
})

test('a timer of no time, or less, runs with the next move, and not at once', (t) => {
  const clock = new VirtualClock()
  let ran = 0
  clock.setTimer(() => (ran += 1), 0)
  clock.setTimer(() => (ran += 1), -5)
  t.is(ran, 0)
  clock.advance(0)
  t.is(ran, 2)
})

test('a turn runs what was deferred before it; what that defers waits for the next', (t) => {
  const clock = new VirtualClock()
  const seen: string[] = []
  clock.defer(() => {
    seen.push('first')
    clock.defer(() => seen.push('third'))
  })
  clock.defer(() => seen.push('second'))
  t.is(clock.turn(), 2)
  t.deepEqual(seen, ['first', 'second'])
  t.is(clock.deferred, 1)
  t.is(clock.turn(), 1)
  t.is(clock.turn(), 0)
  t.deepEqual(seen, ['first', 'second', 'third'])
})

test('an error of something deferred leaves the turn, and what came after it still waits, before what was added', (t) => {
  const clock = new VirtualClock()
  const seen: string[] = []
  clock.defer(() => {
    clock.defer(() => seen.push('added'))
    throw new Error('broken')
  })
  clock.defer(() => seen.push('after'))
  t.throws(() => clock.turn(), { message: 'broken' })
  clock.turn()
  t.deepEqual(seen, ['after', 'added'])
})

test('moving the clock runs nothing deferred', (t) => {
  const clock = new VirtualClock()
  clock.setTimer(() => clock.defer(() => t.fail()), 1)
  clock.advance(10)
  t.is(clock.deferred, 1)
})

test('settling runs promise jobs and turns until nothing is deferred, and takes no time', async (t) => {
  const clock = new VirtualClock()
  const turn = (): Promise<void> => new Promise((resolve) => clock.defer(resolve))
  let rounds = 0
  const work = async (): Promise<void> => {
    for (; rounds < 5; rounds += 1) {
      await turn()
      await Promise.resolve()
    }
  }
  void work()
  await clock.settle()
  t.is(rounds, 5)
  t.is(clock.nowNs(), 1e9)
})

test('what defers itself for ever is told from what settles', async (t) => {
  const clock = new VirtualClock()
  const again = (): void => clock.defer(again)
  again()
  await t.throwsAsync(clock.settle(), { code: 'TICKBUS_UNSETTLED' })
})

test('to run is to settle before, between and after the timers', async (t) => {
  const clock = new VirtualClock()
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimer(resolve, ms))
  const seen: number[] = []
  const poll = async (): Promise<void> => {
    for (;;) {
      await sleep(10)
      await new Promise<void>((resolve) => clock.defer(resolve))
      seen.push(clock.nowNs() / 1e6 - 1_000)
    }
  }
  void poll()
  await clock.run(35)
  t.deepEqual(seen, [10, 20, 30])
  t.is(clock.nowNs() / 1e6, 1_035)
})

test('time never falls, also if somebody moves the clock while somebody else runs it', async (t) => {
  const clock = new VirtualClock()
  clock.defer(() => clock.advance(100))
  await clock.run(10)
  t.is(clock.nowNs() / 1e6, 1_100)
})

test('moves that make no sense are refused', async (t) => {
  const clock = new VirtualClock()
  for (const ms of [-1, NaN, Infinity, '5' as unknown as number]) {
    t.throws(() => clock.advance(ms), { code: 'TICKBUS_ARGUMENT' })
    await t.throwsAsync(clock.run(ms), { code: 'TICKBUS_ARGUMENT' })
  }
  t.throws(() => clock.setTimer(() => {}, NaN), { code: 'TICKBUS_ARGUMENT' })
  for (const startMs of [0, -1, NaN]) t.throws(() => new VirtualClock(startMs), { code: 'TICKBUS_ARGUMENT' })
})

test('any timers run in order of their times, then of their setting, however the time is cut', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 30 }), fc.array(fc.nat(20), { maxLength: 10 }), (delays, moves) => {
      const clock = new VirtualClock()
      const seen: number[] = []
      delays.forEach((ms, i) => clock.setTimer(() => seen.push(i), ms))
      for (const ms of [...moves, 50]) clock.advance(ms)
      const wanted = delays.map((ms, i) => ({ ms, i })).sort((a, b) => a.ms - b.ms || a.i - b.i)
      t.deepEqual(
        seen,
        wanted.map(({ i }) => i),
      )
    }),
  )
})
