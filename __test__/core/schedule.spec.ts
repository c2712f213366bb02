import type { Overflow, Policy } from '../../dist/lane-core.js'
import { ENVELOPE_BYTES, ENVELOPES_MOST, LANES_MOST, PORT_FREES, PORT_WORDS } from '../../dist/layout.js'
import { forEachCore } from './cores.js'
import { Desk, lane, outcomes, runAll, submitAll, times } from './schedule.js'

forEachCore('schedule', (test, core) => {
  test('at first the free list holds the lowest envelopes, and every lane has all its room', (t) => {
    const desk = new Desk(core, { envelopes: 200, lanes: [lane('reject', { capacity: 7 }), lane()] })
    const { free, room, waiting, runnable, leased, released } = desk.answer()
    t.deepEqual(
      free,
      times(PORT_FREES, (nth) => nth),
    )
    t.deepEqual([room, waiting, runnable, leased, released], [[7, 1_000], [0, 0], 0, [], []])
    t.deepEqual(new Desk(core, { envelopes: 3 }).answer().free, [0, 1, 2])
  })

  test('a turn fills the free list up with the lowest numbers that are free', (t) => {
    const desk = new Desk(core, { envelopes: 132 })
    const [a, b, c] = submitAll(desk, [{}, {}, {}])
    t.deepEqual([a, b, c], [127, 126, 125])
    t.deepEqual(desk.turn({ wanted: 3 }).free.slice(-4), [124, 128, 129, 130])
    desk.settle(b!)
    desk.settle(a!)
    desk.settle(c!)
    for (const number of [130, 129, 128, 124]) t.is(desk.take(), number)
    t.deepEqual(desk.turn().free.slice(-5), [123, c!, b!, a!, 131])
    t.is(desk.take(), 131)
    t.deepEqual(desk.turn().free.length, PORT_FREES - 1, 'there are no more')
  })

  test('a submitted message waits until it is wanted, then is leased and settled', (t) => {
    const desk = new Desk(core)
    const number = desk.submit({ lane: 1 })
    let answer = desk.turn()
    t.deepEqual([answer.leased, answer.waiting, answer.room, answer.runnable], [[], [0, 1, 0], [1_000, 999, 1_000], 1])
    answer = desk.turn({ wanted: 5 })
    t.deepEqual(
      [answer.leased, answer.waiting, answer.room, answer.runnable],
      [[number], [0, 0, 0], [1_000, 1_000, 1_000], 0],
    )
    desk.settle(number, 'failed')
    answer = desk.turn({ wanted: 5 })
    t.deepEqual([answer.leased, answer.settled[outcomes.failed]], [[], 1])
    t.is(desk.generation(number), 1)
  })

  test('both incoming lists are empty after a turn, so that nothing is taken in twice', (t) => {
    const desk = new Desk(core)
    submitAll(desk, [{}, {}])
    desk.turn()
    t.deepEqual(desk.turn().waiting, [2, 0, 0])
  })

  test('every outcome that is an end is counted and gives the envelope back', (t) => {
    const desk = new Desk(core, { envelopes: 11 })
    for (const outcome of times(11, (nth) => nth + 1)) {
      const number = desk.submit()
      desk.turn({ wanted: 1 })
      desk.settle(number, outcome)
      const { settled, runnable } = desk.turn({ wanted: 1 })
      t.is(settled[outcome], 1)
      t.is(desk.generation(number), 1)
      t.is(runnable, 0)
      t.is(desk.take(), number)
    }
    t.is(
      desk.answer().settled.reduce((sum, count) => sum + count),
      11,
    )
  })

  test('a settlement of what is not in flight, or of another generation, is ignored', (t) => {
    const desk = new Desk(core)
    const [a, b] = submitAll(desk, [{}, {}])
    desk.turn({ wanted: 1 })
    desk.settle(b!)
    desk.settle(a!, 'delivered', 1)
    desk.settle(a!, 'returned', -1)
    desk.settle(3)
    const answer = desk.turn()
    t.deepEqual(
      answer.settled,
      times(16, () => 0),
    )
    t.deepEqual(answer.waiting, [1, 0, 0])
    desk.settle(a!)
    desk.settle(a!, 'delivered', 0)
    t.is(desk.turn().settled[outcomes.delivered], 1)
    desk.settle(a!, 'delivered', 0)
    t.is(desk.turn().settled[outcomes.delivered], 1, 'it has been given back')
  })

  test('an envelope that is used again fences off who had it before', (t) => {
    const desk = new Desk(core, { envelopes: 1 })
    for (const generation of times(5, (nth) => nth)) {
      const number = desk.submit()
      desk.turn({ wanted: 1 })
      if (generation > 0) {
        desk.settle(number, 'delivered', generation - 1)
        t.is(desk.turn().settled[outcomes.delivered], 0)
      }
      desk.settle(number, 'failed', generation)
      t.is(desk.turn().settled[outcomes.failed], generation + 1)
    }
  })

  test('the generation wraps', (t) => {
    const desk = new Desk(core)
    const number = desk.submit()
    desk.envelopeWords[number * 32 + 13] = -1
    desk.turn({ wanted: 1 })
    desk.settle(number)
    desk.turn()
    t.is(desk.generation(number), 0)
  })

  test('what is returned waits at its old place, uncounted', (t) => {
    const desk = new Desk(core)
    const [a, b, c, d] = submitAll(desk, [{}, {}, {}, {}])
    t.deepEqual(desk.turn({ wanted: 3 }).leased, [a!, b!, c!])
    desk.settle(c!, 'returned')
    desk.settle(a!, 'returned')
    const answer = desk.turn()
    t.deepEqual([answer.waiting, answer.settled.some((count) => count > 0)], [[3, 0, 0], false])
    t.is(desk.generation(a!), 0)
    t.deepEqual(runAll(desk), [a!, c!, d!])
    desk.settle(b!)
    t.is(desk.turn().settled[outcomes.delivered], 4)
  })

  test('what is retried waits at its old place too, one attempt later, and is counted', (t) => {
    const desk = new Desk(core)
    const [a, b] = submitAll(desk, [{ lane: 1 }, { lane: 1 }])
    for (const attempt of [1, 2]) {
      desk.turn({ wanted: 1 })
      desk.settle(a!, 'retried')
      t.is(desk.turn().settled[outcomes.retried], attempt)
      t.is(desk.attempt(a!), attempt)
    }
    t.deepEqual(runAll(desk), [a!, b!])
  })

  test('a turn stops when the release list is full, and the next goes on', (t) => {
    const desk = new Desk(core, { envelopes: 300 })
    const numbers = times(4, () => {
      const some = times(50, () => desk.submit({ deadline: 5 }))
      desk.turn()
      return some
    }).flat()
    const last = desk.submit()
    let answer = desk.turn({ wanted: 1, now: 5 })
    t.deepEqual([answer.released.length, answer.isMore, answer.leased, answer.waiting[0]], [128, true, [], 73])
    answer = desk.turn({ wanted: 1 })
    t.deepEqual([answer.released.length, answer.isMore, answer.leased], [72, false, [last]])
    t.is(answer.settled[outcomes.expired], numbers.length)
  })

  test('released envelopes are given back at the next turn, with settled ones', (t) => {
    const desk = new Desk(core, { envelopes: 6 })
    const [a, b, c] = submitAll(desk, [{ deadline: 1 }, { deadline: 1 }, {}])
    let answer = desk.turn({ wanted: 1, now: 1 })
    t.deepEqual([answer.free, desk.generation(a!)], [[0, 1, 2], 0])
    desk.settle(c!)
    answer = desk.turn()
    t.deepEqual(answer.free, [0, 1, 2, c!, b!, a!], 'the lowest numbers first')
    t.deepEqual([desk.generation(a!), answer.released], [1, []])
  })

  test('clearing releases what waits as closed, the highest lane first, those of busy keys too', (t) => {
    const desk = new Desk(core, { urgent: 2 })
    const busy = desk.submit({ key: 1 })
    desk.turn({ wanted: 1 })
    const numbers = submitAll(desk, [{ key: 1 }, {}, { lane: 2 }, { lane: 1, key: 1 }, { key: 2 }, { lane: 1 }])
    const { released, leased, waiting, room, runnable, runnableUrgent, isMore, settled } = desk.clear()
    t.deepEqual(
      released,
      [2, 3, 5, 0, 1, 4].map((nth) => [numbers[nth]!, outcomes.closed] as const),
    )
    t.deepEqual([leased, waiting, room], [[], [0, 0, 0], [1_000, 1_000, 1_000]])
    t.deepEqual([runnable, runnableUrgent, isMore, settled[outcomes.closed]], [0, 0, false, 6])
    desk.settle(busy)
    t.is(desk.clear().settled[outcomes.delivered], 1, 'what is in flight can still be settled')
  })

  test('clearing goes on where the release list was full', (t) => {
    const desk = new Desk(core, { envelopes: 300 })
    const numbers = times(4, () => {
      const some = times(50, () => desk.submit())
      desk.turn()
      return some
    }).flat()
    let answer = desk.clear()
    t.deepEqual([answer.released.length, answer.isMore, answer.waiting[0]], [128, true, 72])
    const cleared = answer.released.map(([number]) => number)
    answer = desk.clear()
    t.deepEqual([answer.released.length, answer.isMore, answer.waiting[0]], [72, false, 0])
    t.deepEqual([...cleared, ...answer.released.map(([number]) => number)], numbers)
    t.deepEqual(desk.clear().released, [])
    t.is(desk.answer().free.length, PORT_FREES)
  })

  test('an inspection says when the first-submitted waiting message of each lane was published', (t) => {
    const desk = new Desk(core)
    const a = desk.submit({ key: 1, queued: 5 })
    desk.turn({ wanted: 1 })
    submitAll(desk, [{ key: 1, queued: 6 }, { queued: 7 }, { lane: 2, queued: 9 }, { lane: 2, queued: 8 }])
    desk.turn()
    t.deepEqual(desk.answer().oldest, [0, 0, 0], 'not before it is asked for')
    t.deepEqual(desk.inspect().oldest, [6, 0, 9])
    desk.settle(a, 'returned')
    desk.turn()
    t.deepEqual(desk.inspect().oldest, [5, 0, 9])
    desk.clear()
    t.deepEqual(desk.inspect().oldest, [0, 0, 0])
  })

  test('a lane that does not exist is taken as the lowest', (t) => {
    const desk = new Desk(core)
    submitAll(desk, [{ lane: 3 }, { lane: 255 }])
    t.deepEqual(desk.turn().waiting, [2, 0, 0])
    t.is(desk.turn({ wanted: 2 }).leased.length, 2)
  })

  test('envelopes that the thread was not given, or that are queued already, are ignored', (t) => {
    const desk = new Desk(core, { envelopes: 200 })
    const number = desk.submit()
    for (const nonsense of [number, 199, 200, 0xff_ffff, 0x7fff_ffff, -1]) desk.append(nonsense)
    t.deepEqual(desk.turn().waiting, [1, 0, 0])
    t.deepEqual(desk.turn({ wanted: 9 }).leased, [number])
    desk.append(number)
    t.deepEqual(desk.turn({ wanted: 9 }).leased, [], 'it is in flight')
    desk.settle(number)
    desk.turn()
    t.is(desk.turn().settled[outcomes.delivered], 1)
  })

  test('nonsense in the settlement list is ignored', (t) => {
    const desk = new Desk(core, { envelopes: 200 })
    const number = desk.submit()
    desk.turn({ wanted: 1 })
    for (const outcome of [0, 14, 15, 16, 255]) desk.settle(number, outcome)
    for (const nonsense of [199, 200, 0xff_ffff]) desk.settle(nonsense)
    const { settled, waiting } = desk.turn()
    t.deepEqual([settled, waiting], [times(16, () => 0), [0, 0, 0]])
    desk.settle(number)
    t.is(desk.turn().settled[outcomes.delivered], 1)
  })

  test('counts that no list can hold are cut to what it holds', (t) => {
    const desk = new Desk(core, { urgent: 2 })
    const numbers = times(64, () => desk.submit({ lane: 2 }))
    desk.words[0] = -1
    desk.words[1] = 0x7fff_ffff
    t.is(desk.turn({ wanted: -1, urgent: -1 }).leased.length, 64)
    t.deepEqual(desk.answer().leased, numbers)
    desk.words[6] = -1
    t.is(desk.turn().free.length, PORT_FREES)
  })

  test('what is overwritten while it waits confuses nobody but its owner', (t) => {
    const desk = new Desk(core, { lanes: [lane('conflate'), lane('conflate', { capacity: 3 })] })
    const numbers = submitAll(
      desk,
      times(12, (nth) => ({ key: nth % 5, lane: nth % 2, topic: nth })),
    )
    desk.turn({ wanted: 2 })
    for (const number of numbers) desk.write(number, { lane: 9, key: [number * 7, 3], topic: 99, deadline: NaN })
    for (const number of desk.answer().leased) desk.settle(number)
    const before = desk.turn().waiting.reduce((sum, count) => sum + count)
    t.is(runAll(desk).length, before)
    t.deepEqual(desk.turn().waiting, [0, 0])
  })

  test('bad options are refused', (t) => {
    const bytes = (length: number) => new Uint8Array(new SharedArrayBuffer(length))
    const good = {
      port: bytes(4 * PORT_WORDS),
      envelopes: bytes(4 * ENVELOPE_BYTES),
      lanes: [lane()],
      policy: 'strict',
      urgent: 0,
      ageNs: 0,
      ordered: true,
    } as const
    t.notThrows(() => core.openSchedule(good))
    for (const bad of [
      { port: bytes(4 * PORT_WORDS - 4) },
      { port: bytes(4 * PORT_WORDS + 8).subarray(4, 4 * PORT_WORDS + 4) },
      { port: new Uint8Array(4 * PORT_WORDS) },
      { envelopes: bytes(0) },
      { envelopes: bytes(100) },
      { envelopes: new Uint8Array(ENVELOPE_BYTES) },
      { lanes: [] },
      { lanes: times(LANES_MOST + 1, () => lane()) },
      { lanes: [lane('reject', { capacity: 0 })] },
      { lanes: [lane('reject', { capacity: ENVELOPES_MOST + 1 })] },
      { lanes: [lane('reject', { capacity: 1.5 })] },
      { lanes: [lane('spill' as Overflow)] },
      { lanes: [lane('reject', { weight: 0 })] },
      { lanes: [lane('reject', { weight: 65_536 })] },
      { lanes: [lane('reject', { shedTargetNs: -1 })] },
      { lanes: [lane('reject', { shedTargetNs: 1, shedIntervalNs: 0 })] },
      { lanes: [lane('reject', { shedIntervalNs: NaN })] },
      { policy: 'random' as Policy },
      { urgent: 2 },
      { urgent: -1 },
      { ageNs: -1 },
      { ageNs: Infinity },
    ]) {
      t.throws(
        () => core.openSchedule({ ...good, ...bad }),
        { code: 'TICKBUS_ARGUMENT' },
        JSON.stringify(Object.keys(bad)),
      )
    }
  })
})
