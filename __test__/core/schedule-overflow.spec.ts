import type { Overflow } from '../../dist/lane-core.js'
import { forEachCore } from './cores.js'
import { Desk, keysOf, lane, outcomes, runAll, submitAll, submitMany, times } from './schedule.js'

forEachCore('schedule, overflow', (test, core) => {
  test('messages that are dropped leave the others in the order of their deadlines', (t) => {
    const desk = new Desk(core, { policy: 'deadline', lanes: [lane('dropOldest', { capacity: 200 })], envelopes: 600 })
    const deadlines = new Map<number, number>()
    for (let nth = 0; nth < 600; nth += 1) {
      const deadline = 1 + ((nth * 7_919) % 1_009)
      deadlines.set(desk.submit({ deadline }), deadline)
      if (nth % 60 === 59) for (const [number] of desk.turn().released) deadlines.delete(number)
    }
    t.is(deadlines.size, 200)
    t.deepEqual(
      runAll(desk).map((number) => deadlines.get(number)),
      [...deadlines.values()].toSorted((a, b) => a - b),
    )
  })

  test('conflation puts the last message of a topic and key in the place of the one that waits', (t) => {
    const desk = new Desk(core, { lanes: [lane('conflate'), lane('conflate')] })
    const [a, b, c] = submitAll(desk, [
      { key: 1, topic: 7 },
      { key: 2, topic: 7 },
      { key: 3, topic: 7 },
    ])
    t.is(desk.turn().conflated, 0)
    const [other, a2] = submitAll(desk, [
      { key: 1, topic: 8 },
      { key: 1, topic: 7 },
    ])
    const answer = desk.turn()
    t.deepEqual([answer.conflated, answer.released, answer.waiting], [1, [[a!, outcomes.conflated]], [4, 0]])
    t.is(answer.settled[outcomes.conflated], 1)
    const above = desk.submit({ key: 2, topic: 7, lane: 1 })
    t.is(desk.turn().conflated, 0, 'other lanes are another matter')
    t.deepEqual(runAll(desk), [b!, above, a2!, c!, other!])
  })

  test('conflation works in place without order and without keys too', (t) => {
    for (const [options, key] of [
      [{ ordered: false }, 5],
      [{ ordered: true }, 0],
    ] as const) {
      const desk = new Desk(core, { lanes: [lane('conflate')], ...options })
      submitAll(desk, [
        { key, topic: 1 },
        { key, topic: 2 },
        { key, topic: 3 },
      ])
      const again = submitAll(desk, [
        { key, topic: 3 },
        { key, topic: 1 },
        { key, topic: 2 },
      ])
      const { conflated, leased } = desk.turn({ wanted: 9 })
      t.deepEqual([conflated, leased], [3, [again[1]!, again[2]!, again[0]!]])
    }
  })

  test('conflation tells topics and keys apart, by both halves of the hash', (t) => {
    const desk = new Desk(core, { envelopes: 2_000, lanes: [lane('conflate')], ordered: false })
    const messages = [
      ...keysOf(200).map((key) => ({ key })),
      ...times(400, (nth) => ({ topic: Math.imul(nth + 1, 0x85ebca6b) })),
    ]
    submitMany(desk, messages)
    t.deepEqual(desk.answer().waiting, [messages.length])
    submitMany(desk, messages)
    t.deepEqual(desk.answer().waiting, [messages.length])
    t.is(desk.answer().settled[outcomes.conflated], messages.length)
  })

  test('a message replaced twice in one turn is replaced twice', (t) => {
    const desk = new Desk(core, { lanes: [lane('conflate')] })
    const [a, b, c] = submitAll(desk, [{ key: 1 }, { key: 1 }, { key: 1 }])
    const { conflated, released, leased } = desk.turn({ wanted: 9 })
    t.deepEqual([conflated, leased], [2, [c!]])
    t.deepEqual(released, [
      [a!, outcomes.conflated],
      [b!, outcomes.conflated],
    ])
  })

  test('a message in flight is not replaced', (t) => {
    const desk = new Desk(core, { lanes: [lane('conflate')] })
    const a = desk.submit({ key: 1 })
    desk.turn({ wanted: 1 })
    const b = desk.submit({ key: 1 })
    t.is(desk.turn({ wanted: 1 }).conflated, 0)
    const c = desk.submit({ key: 1 })
    t.deepEqual(desk.turn({ wanted: 1 }).released, [[b, outcomes.conflated]])
    desk.settle(a)
    t.deepEqual(desk.turn({ wanted: 1 }).leased, [c])
  })

  test('of two that wait because one was returned, the later one is replaced', (t) => {
    const desk = new Desk(core, { lanes: [lane('conflate')], ordered: false })
    const a = desk.submit({ key: 1 })
    desk.turn({ wanted: 1 })
    const b = desk.submit({ key: 1 })
    desk.turn()
    desk.settle(a, 'returned')
    desk.turn()
    const c = desk.submit({ key: 1 })
    t.deepEqual(desk.turn({ wanted: 5 }).released, [[b, outcomes.conflated]])
    t.deepEqual(desk.answer().leased, [a, c])
  })

  test('a message that replaces another brings its own deadline', (t) => {
    const desk = new Desk(core, { lanes: [lane('conflate')], policy: 'deadline' })
    submitAll(desk, [
      { key: 1, deadline: 10 },
      { topic: 1, deadline: 20 },
    ])
    const [x, y, z] = submitAll(desk, [
      { key: 2, deadline: 30 },
      { key: 1, deadline: 40 },
      { topic: 1, deadline: 35 },
    ])
    t.deepEqual(desk.turn({ wanted: 5 }).leased, [x!, z!, y!])
  })

  test('a replaced message is taken out of the middle of a mailbox', (t) => {
    const desk = new Desk(core, { lanes: [lane('conflate')] })
    const [a, , c] = submitAll(desk, [
      { key: 1, topic: 1 },
      { key: 1, topic: 2 },
      { key: 1, topic: 3 },
    ])
    const b = desk.submit({ key: 1, topic: 2 })
    t.deepEqual(runAll(desk), [a!, b, c!])
  })

  for (const overflow of ['dropOldest', 'conflate'] as Overflow[]) {
    test(`a full lane with ${overflow} lets go of the message that was submitted first`, (t) => {
      const desk = new Desk(core, { lanes: [lane(overflow, { capacity: 2 }), lane()] })
      const numbers = submitAll(
        desk,
        times(5, (nth) => ({ topic: nth })),
      )
      const { released, waiting, room, settled, leased } = desk.turn({ wanted: 9 })
      t.deepEqual(
        released,
        numbers.slice(0, 3).map((number) => [number, outcomes.overflow] as const),
      )
      t.deepEqual([waiting, room, settled[outcomes.overflow], leased], [[0, 0], [2, 1_000], 3, numbers.slice(3)])
    })
  }

  test('the oldest message is dropped out of the mailbox of a busy key', (t) => {
    const desk = new Desk(core, { lanes: [lane('dropOldest', { capacity: 2 })] })
    const [a, b, c] = submitAll(desk, [{ key: 1 }])
    desk.turn({ wanted: 1 })
    const more = submitAll(desk, [{ key: 1 }, {}, {}])
    t.deepEqual([b, c], [undefined, undefined])
    t.deepEqual(desk.turn().released, [[more[0]!, outcomes.overflow]])
    desk.settle(a!)
    t.deepEqual(runAll(desk), more.slice(1))
  })

  test('the message dropped need not be the first of its mailbox', (t) => {
    const desk = new Desk(core, { lanes: [lane(), lane('dropOldest', { capacity: 2 }), lane()] })
    const [a, b, c] = submitAll(desk, [{ key: 1 }, { key: 1, lane: 1 }, { key: 1 }])
    const [d, e] = submitAll(desk, [
      { key: 1, lane: 1 },
      { key: 2, lane: 1 },
    ])
    const { released, runnable, waiting } = desk.turn()
    t.deepEqual([released, runnable, waiting], [[[b!, outcomes.overflow]], 2, [2, 2, 0]])
    t.deepEqual(runAll(desk), [a!, c!, d!, e!])
  })

  test('dropping the message that promoted a mailbox demotes it', (t) => {
    const desk = new Desk(core, { lanes: [lane(), lane(), lane('dropOldest', { capacity: 1 })] })
    const [a, , x, y] = submitAll(desk, [{ key: 1 }, { key: 1, lane: 2 }, { lane: 1 }, { lane: 2 }])
    t.deepEqual(runAll(desk), [y!, x!, a!])
  })

  for (const overflow of ['block', 'reject', 'dropNewest'] as Overflow[]) {
    test(`what was submitted to a full lane with ${overflow} is taken in nevertheless`, (t) => {
      const desk = new Desk(core, { lanes: [lane(overflow, { capacity: 2 })] })
      const numbers = submitAll(
        desk,
        times(5, () => ({})),
      )
      const { room, waiting, released } = desk.turn()
      t.deepEqual([room, waiting, released], [[0], [5], []])
      t.deepEqual(runAll(desk), numbers)
    })
  }

  test('64 submissions that all displace something fit the release list', (t) => {
    const desk = new Desk(core, { envelopes: 300, lanes: [lane('dropOldest', { capacity: 1 })] })
    const first = desk.submit()
    desk.turn()
    const numbers = times(64, () => desk.submit())
    const { released, waiting, isMore } = desk.turn()
    t.deepEqual(
      released.map(([number]) => number),
      [first, ...numbers.slice(0, 63)],
    )
    t.deepEqual([waiting, isMore], [[1], false])
  })
})
