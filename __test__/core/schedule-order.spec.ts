import type { Policy } from '../../dist/lane-core.js'
import { forEachCore } from './cores.js'
import { Desk, lane, runAll, submitAll, times } from './schedule.js'

forEachCore('schedule, order', (test, core) => {
  test('within a lane, messages with and without a key run as they came', (t) => {
    const desk = new Desk(core)
    const numbers = submitAll(
      desk,
      times(40, (nth) => ({ key: nth % 3 === 0 ? 0 : nth })),
    )
    t.deepEqual(desk.turn({ wanted: 40 }).leased, numbers)
  })

  for (const policy of ['strict', 'weighted', 'deadline'] as Policy[]) {
    test(`urgent lanes come first, the highest of them foremost, with ${policy}`, (t) => {
      const desk = new Desk(core, { policy, urgent: 1 })
      const [, b, c, d] = submitAll(desk, [
        { deadline: 1, queued: 0 },
        { lane: 1 },
        { lane: 2 },
        { lane: 1, deadline: 5 },
      ])
      t.deepEqual(desk.turn({ wanted: 3 }).leased, [c!, b!, d!])
    })
  }

  test('urgent messages are leased beyond what is wanted, others are not', (t) => {
    const desk = new Desk(core, { urgent: 2 })
    const [a, b] = submitAll(desk, [{}, {}])
    const [x, y, z] = submitAll(desk, [{ lane: 2 }, { lane: 2 }, { lane: 2 }])
    t.deepEqual(desk.turn({ wanted: 0, urgent: 1 }).leased, [x!])
    t.deepEqual(desk.turn({ wanted: 1, urgent: 5 }).leased, [y!, z!], 'what is wanted may be urgent')
    t.deepEqual(desk.turn({ wanted: 1, urgent: 5 }).leased, [a!])
    t.deepEqual(desk.turn({ urgent: 5 }).leased, [])
    t.deepEqual(desk.turn({ wanted: 1 }).leased, [b!])
  })

  test('a lease holds 64 at most, urgent ones included', (t) => {
    const desk = new Desk(core, { urgent: 2, envelopes: 400 })
    for (const lane of [0, 2]) {
      times(60, () => desk.submit({ lane }))
      desk.turn()
    }
    t.is(desk.turn({ wanted: 62, urgent: 50 }).leased.length, 62, 'all urgent ones ran, then two others')
    times(60, () => desk.submit({ lane: 2 }))
    desk.turn()
    t.is(desk.turn({ wanted: 1, urgent: 64 }).leased.length, 60)
    for (const _ of times(2, () => 0)) {
      times(60, () => desk.submit({ lane: 2 }))
      desk.turn()
    }
    t.is(desk.turn({ wanted: 10, urgent: 64 }).leased.length, 64, 'of 120 urgent ones')
  })

  test('strict runs the highest lane, and in it the message that was published first', (t) => {
    const desk = new Desk(core)
    const numbers = submitAll(desk, [{}, { lane: 2 }, { lane: 1 }, { lane: 2 }, {}, { lane: 1 }])
    t.deepEqual(
      desk.turn({ wanted: 6 }).leased,
      [1, 3, 2, 5, 0, 4].map((nth) => numbers[nth]!),
    )
  })

  test('strict gives one pick in eight to what has waited longest below, once past the age bound', (t) => {
    const desk = new Desk(core, { ageNs: 100 })
    const [a, b, c] = submitAll(desk, [{ queued: 3 }, { queued: 1 }, { lane: 1, queued: 2 }])
    const high = submitAll(
      desk,
      times(30, () => ({ lane: 2, queued: 100 })),
    )
    t.deepEqual(desk.turn({ wanted: 10, now: 102 }).leased, high.slice(0, 10), 'nothing has waited more than 100')
    t.deepEqual(desk.turn({ wanted: 1, now: 103 }).leased, [c!], 'the count has stayed; only the next of a lane counts')
    t.deepEqual(desk.turn({ wanted: 17, now: 104 }).leased, [
      ...high.slice(10, 17),
      a!,
      ...high.slice(17, 24),
      b!,
      high[24]!,
    ])
  })

  test('of two that have waited equally long, strict takes the one in the lower lane', (t) => {
    const desk = new Desk(core, { ageNs: 1 })
    const [a, b] = submitAll(desk, [{ lane: 1 }, {}])
    const high = submitAll(
      desk,
      times(20, () => ({ lane: 2 })),
    )
    const { leased } = desk.turn({ wanted: 16, now: 9 })
    t.deepEqual(leased, [...high.slice(0, 7), b!, ...high.slice(7, 14), a!])
  })

  test('strict without an age bound never looks below', (t) => {
    const desk = new Desk(core)
    submitAll(desk, [{}])
    const high = submitAll(
      desk,
      times(30, () => ({ lane: 2 })),
    )
    t.deepEqual(desk.turn({ wanted: 30, now: 1e15 }).leased, high)
  })

  test('of a mailbox, the age of its first message counts', (t) => {
    const desk = new Desk(core, { ageNs: 100 })
    const [a] = submitAll(desk, [
      { key: 1, queued: 1 },
      { key: 1, queued: 50, lane: 1 },
      { lane: 1, queued: 60 },
    ])
    times(8, () => desk.submit({ lane: 2 }))
    t.is(desk.turn({ wanted: 8, now: 110 }).leased[7], a!)
  })

  test('urgent picks do not count for the age bound', (t) => {
    const desk = new Desk(core, { ageNs: 1, urgent: 2 })
    const [a] = submitAll(desk, [{}])
    times(20, () => desk.submit({ lane: 2 }))
    const middle = submitAll(
      desk,
      times(10, () => ({ lane: 1 })),
    )
    t.deepEqual(desk.turn({ wanted: 30, now: 9 }).leased.slice(20), [...middle.slice(0, 7), a!, ...middle.slice(7, 9)])
  })

  test('weighted gives each lane its weight in a round, from the highest down', (t) => {
    const lanes = [1, 2, 3].map((weight) => lane('reject', { weight }))
    const desk = new Desk(core, { policy: 'weighted', lanes })
    const number = [0, 1, 2].map((lane) => times(8, () => desk.submit({ lane })))
    const order = [2, 2, 2, 1, 1, 0, 2, 2, 2, 1, 1, 0, 2, 2, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0]
    const expected = order.map((lane) => number[lane]!.shift()!)
    const leased = times(4, () => desk.turn({ wanted: 6 }).leased).flat()
    t.deepEqual(leased, expected)
  })

  test('weighted keeps nothing for a lane that was empty', (t) => {
    const lanes = [1, 5].map((weight) => lane('reject', { weight }))
    const desk = new Desk(core, { policy: 'weighted', lanes })
    const low = times(12, () => desk.submit({ lane: 0 }))
    const [x] = submitAll(desk, [{ lane: 1 }])
    t.deepEqual(desk.turn({ wanted: 3 }).leased, [x!, low[0]!, low[1]!])
    const high = times(7, () => desk.submit({ lane: 1 }))
    t.deepEqual(desk.turn({ wanted: 8 }).leased, [...high.slice(0, 5), low[2]!, ...high.slice(5)])
  })

  test('deadline runs what must be done first, what has no deadline last, equals as they came', (t) => {
    const desk = new Desk(core, { policy: 'deadline' })
    const numbers = submitAll(desk, [
      {},
      { deadline: 30 },
      { lane: 2 },
      { deadline: 10, lane: 1 },
      { deadline: 30, lane: 2 },
    ])
    t.deepEqual(
      desk.turn({ wanted: 5 }).leased,
      [3, 1, 4, 0, 2].map((nth) => numbers[nth]!),
    )
  })

  test('of a mailbox, the deadline of its first message counts', (t) => {
    const desk = new Desk(core, { policy: 'deadline' })
    const [a, b, x, y] = submitAll(desk, [
      { key: 1, deadline: 20 },
      { key: 1, deadline: 5 },
      { deadline: 10 },
      { deadline: 30 },
    ])
    t.deepEqual(runAll(desk), [x!, a!, b!, y!])
  })

  test('fifo runs messages as they came, whatever their lane; nothing is urgent', (t) => {
    const desk = new Desk(core, { policy: 'fifo', urgent: 1 })
    const numbers = submitAll(desk, [
      {},
      { lane: 2, deadline: 9 },
      { lane: 1, key: 1 },
      {},
      { lane: 2, key: 1 },
      { lane: 1 },
    ])
    t.is(desk.turn().runnableUrgent, 0)
    t.deepEqual(desk.turn({ urgent: 5 }).leased, [])
    t.deepEqual(runAll(desk), numbers)
  })

  test('with fifo an urgent message promotes nothing', (t) => {
    const desk = new Desk(core, { policy: 'fifo' })
    const a = desk.submit({ key: 1 })
    desk.turn({ wanted: 1 })
    const [b, x, c] = submitAll(desk, [{ key: 1 }, { lane: 1 }, { key: 1, lane: 2 }])
    t.deepEqual(desk.turn({ wanted: 1 }).leased, [x!])
    const y = desk.submit({ lane: 2 })
    desk.settle(a)
    t.deepEqual(runAll(desk), [b!, c!, y])
  })
})
