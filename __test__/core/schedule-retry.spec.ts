import {
  ENVELOPE_FLAG_DURABLE,
  ENVELOPE_WORD_DELAY,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORDS,
  PORT_DOUBLE_DUE,
  PORT_WORD_DELAYED,
} from '../../dist/layout.js'
import { forEachCore } from './cores.js'
import { Desk, lane, outcomes, submitAll } from './schedule.js'

/** Settles a message so that it waits `us` microseconds. */
function delay(desk: Desk, number: number, us: number, outcome: 'retried' | 'returned' = 'retried'): void {
  desk.envelopeWords[number * ENVELOPE_WORDS + ENVELOPE_WORD_DELAY] = us
  desk.settle(number, outcome)
}

const due = (desk: Desk): number => desk.doubles[PORT_DOUBLE_DUE]!

forEachCore('schedule, retries', (test, core) => {
  test('a delayed message cannot run until its time has come, and then waits where it was', (t) => {
    const desk = new Desk(core)
    const [a, b] = submitAll(desk, [{}, {}])
    t.deepEqual(desk.turn({ wanted: 1, now: 100 }).leased, [a!])
    delay(desk, a!, 5)
    t.is(desk.turn({ now: 1_000 }).runnable, 1)
    t.is(due(desk), 6_000)
    t.is(desk.words[PORT_WORD_DELAYED], 1)
    t.deepEqual(desk.turn({ now: 5_999 }).runnable, 1)
    t.deepEqual(desk.turn({ wanted: 2, now: 6_000 }).leased, [a!, b!])
    t.is(due(desk), 0)
    t.is(desk.words[PORT_WORD_DELAYED], 0)
    t.is(desk.attempt(a!), 1)
  })

  test('the delay is good for once', (t) => {
    const desk = new Desk(core)
    const [a] = submitAll(desk, [{}])
    desk.turn({ wanted: 1, now: 0 })
    delay(desk, a!, 5)
    desk.turn({ now: 0 })
    t.deepEqual(desk.turn({ wanted: 1, now: 5_000 }).leased, [a!])
    desk.settle(a!, 'returned')
    t.deepEqual(desk.turn({ wanted: 1, now: 5_000 }).leased, [a!])
  })

  test('it keeps its room in its lane', (t) => {
    const desk = new Desk(core, { lanes: [lane('reject', { capacity: 2 })] })
    const [a, b] = submitAll(desk, [{}, {}])
    desk.turn({ wanted: 2 })
    delay(desk, a!, 5)
    delay(desk, b!, 6, 'returned')
    const { waiting, room, runnable, settled } = desk.turn()
    t.deepEqual([waiting, room, runnable], [[2], [0], 0])
    t.is(settled[outcomes.retried], 1)
  })

  test('its key waits with it, others go on', (t) => {
    const desk = new Desk(core)
    const [a, b, c] = submitAll(desk, [{ key: 1 }, { key: 1, lane: 2 }, { key: 2 }])
    t.deepEqual(desk.turn({ wanted: 1, now: 0 }).leased, [a!])
    delay(desk, a!, 1)
    t.deepEqual(desk.turn({ wanted: 3, now: 0 }).leased, [c!])
    t.deepEqual(desk.turn({ wanted: 3, now: 1_000 }).leased, [a!])
    desk.settle(a!)
    t.deepEqual(desk.turn({ wanted: 3, now: 1_000 }).leased, [b!])
  })

  test('several come back by their times, of one time in the order in which they were submitted', (t) => {
    const desk = new Desk(core)
    const [a, b, c, d] = submitAll(desk, [{}, {}, {}, {}])
    desk.turn({ wanted: 4, now: 0 })
    for (const [number, us] of [
      [d!, 2],
      [c!, 1],
      [b!, 3],
      [a!, 2],
    ] as const) {
      delay(desk, number, us)
    }
    t.deepEqual(desk.turn({ wanted: 4, now: 0 }).leased, [])
    t.is(due(desk), 1_000)
    t.deepEqual(desk.turn({ wanted: 4, now: 1_500 }).leased, [c!])
    t.is(due(desk), 2_000)
    t.deepEqual(desk.turn({ wanted: 4, now: 3_000 }).leased, [a!, b!, d!])
  })

  test('clear lets go of delayed messages too', (t) => {
    const desk = new Desk(core)
    const [a, b] = submitAll(desk, [{ key: 1 }, { key: 1 }])
    desk.turn({ wanted: 1 })
    delay(desk, a!, 1_000_000)
    const { released, waiting, isMore } = desk.clear()
    t.deepEqual(released, [
      [a!, outcomes.closed],
      [b!, outcomes.closed],
    ])
    t.deepEqual([waiting, isMore, due(desk)], [[0, 0, 0], false, 0])
  })

  test('where all of a lane that drops is delayed, nothing is there to drop', (t) => {
    for (const overflow of ['dropOldest', 'conflate'] as const) {
      const desk = new Desk(core, { lanes: [lane(overflow, { capacity: 1 })] })
      const [a] = submitAll(desk, [{ key: 1 }])
      desk.turn({ wanted: 1, now: 0 })
      delay(desk, a!, 5)
      desk.turn({ now: 0 })
      const [b] = submitAll(desk, [{ key: 2 }])
      t.deepEqual(desk.turn({ wanted: 2, now: 0 }).leased, [b!])
      desk.settle(b!)
      t.deepEqual(desk.turn({ wanted: 2, now: 5_000 }).leased, [a!])
    }
  })

  test('a message that may not be lost is dead where others are expired', (t) => {
    const desk = new Desk(core)
    const [a, b] = submitAll(desk, [{ deadline: 10 }, { deadline: 10 }])
    desk.envelopeWords[b! * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD] |= ENVELOPE_FLAG_DURABLE << 8
    const { released, settled } = desk.turn({ wanted: 2, now: 20 })
    t.deepEqual(released, [
      [a!, outcomes.expired],
      [b!, outcomes.dead],
    ])
    t.deepEqual([settled[outcomes.expired], settled[outcomes.dead]], [1, 1])
  })
})
