import type { Core } from '../../dist/core.js'
import { forEachCore } from './cores.js'
import { Desk, lane, outcomes, submitAll, times } from './schedule.js'

/** A lane that sheds what has waited for 10, after an interval of 100; each pick finds it with three messages. */
const shedding = (core: Core) => {
  const desk = new Desk(core, { lanes: [lane('reject', { shedTargetNs: 10, shedIntervalNs: 100 })] })
  const pick = (now: number, queued: number) => {
    submitAll(desk, [{ queued }, { queued }, { queued }])
    const { leased, released } = desk.turn({ wanted: 1, now })
    for (const number of leased) desk.settle(number)
    desk.clear()
    return released.length
  }
  return { pick, pickAll: (times: readonly number[]) => times.map((now) => pick(now, now - 100)) }
}

forEachCore('schedule, expiry and shedding', (test, core) => {
  test('a message whose deadline has passed is released instead of run, and is no pick', (t) => {
    const desk = new Desk(core)
    const [a, b, c] = submitAll(desk, [{ deadline: 10 }, { deadline: 11 }, {}])
    const { leased, released, settled, waiting } = desk.turn({ wanted: 1, now: 10 })
    t.deepEqual([leased, released, waiting], [[b!], [[a!, outcomes.expired]], [1, 0, 0]])
    t.is(settled[outcomes.expired], 1)
    t.deepEqual(desk.turn({ wanted: 1, now: 1e12 }).leased, [c!], 'without a deadline it never expires')
  })

  test('a mailbox goes on with its next message when the first has expired', (t) => {
    const desk = new Desk(core)
    const [a, b, c] = submitAll(desk, [{ key: 1, deadline: 10 }, { key: 1 }, {}])
    const { leased, released } = desk.turn({ wanted: 2, now: 10 })
    t.deepEqual([leased, released], [[c!, b!].toSorted((x, y) => y - x), [[a!, outcomes.expired]]])
  })

  test('a mailbox that expires as a whole is forgotten', (t) => {
    const desk = new Desk(core)
    const numbers = submitAll(desk, [
      { key: 1, deadline: 10 },
      { key: 1, deadline: 9, lane: 2 },
    ])
    const { leased, released, runnable, waiting } = desk.turn({ wanted: 2, now: 10 })
    t.deepEqual(released, [
      [numbers[0]!, outcomes.expired],
      [numbers[1]!, outcomes.expired],
    ])
    t.deepEqual([leased, runnable, waiting], [[], 0, [0, 0, 0]])
    const again = desk.submit({ key: 1 })
    t.deepEqual(desk.turn({ wanted: 1 }).leased, [again])
  })

  test('messages that expire do not count for the age bound and take nothing off a weight', (t) => {
    const strict = new Desk(core, { ageNs: 1 })
    const low = strict.submit({ queued: 0 })
    times(20, () => strict.submit({ lane: 2, deadline: 5 }))
    const high = times(9, () => strict.submit({ lane: 2 }))
    t.deepEqual(strict.turn({ wanted: 9, now: 5 }).leased, [...high.slice(0, 7), low, high[7]!])

    const lanes = [1, 2].map((weight) => lane('reject', { weight }))
    const weighted = new Desk(core, { policy: 'weighted', lanes })
    const below = weighted.submit()
    times(5, () => weighted.submit({ lane: 1, deadline: 5 }))
    const above = times(3, () => weighted.submit({ lane: 1 }))
    t.deepEqual(weighted.turn({ wanted: 4, now: 5 }).leased, [above[0]!, above[1]!, below, above[2]!])
  })

  test('a lane that is behind for an interval sheds a message, then more and more often', (t) => {
    const desk = new Desk(core, { envelopes: 1_000, lanes: [lane('reject', { shedTargetNs: 5, shedIntervalNs: 100 })] })
    const shedAt: number[] = []
    for (let now = 0; now < 600; now += 1) {
      desk.submit({ queued: now })
      if (now < 50) {
        desk.turn({ now })
        continue
      }
      const { leased, released } = desk.turn({ wanted: 1, now })
      for (const number of leased) desk.settle(number)
      for (const [, reason] of released) t.is(reason, outcomes.shed)
      if (released.length > 0) shedAt.push(now)
    }
    // Above the target from 50 on; then 100 / sqrt(1), 100 / sqrt(2) and so on later.
    t.deepEqual(shedAt, [150, 250, 321, 379, 429, 474, 514, 552, 588])
  })

  test('a lane stops shedding once its messages wait less than the target, and begins anew after an interval', (t) => {
    const { pick } = shedding(core)
    t.is(pick(1_000, 900), 0)
    t.is(pick(1_099, 900), 0)
    t.is(pick(1_100, 900), 1)
    t.is(pick(1_101, 1_100), 0, 'below the target')
    t.is(pick(1_102, 900), 0)
    t.is(pick(1_201, 900), 0)
    t.is(pick(1_202, 1_192), 1, 'the target itself is too long')
  })

  test('a lane that has to shed again goes on at the rate at which it stopped, unless that was long ago', (t) => {
    const { pick, pickAll } = shedding(core)
    // The nth message of a run goes 100 / sqrt(n) after the one before it.
    t.deepEqual(pickAll([1_000, 1_100, 1_199, 1_200, 1_270, 1_271, 1_328, 1_329]), [0, 1, 0, 1, 0, 1, 0, 1])
    t.is(pick(1_330, 1_330), 0)
    t.deepEqual(pickAll([1_640, 1_740, 1_797, 1_798]), [0, 1, 0, 1], 'four sheds, so three after the first')
    t.is(pick(1_799, 1_799), 0)
    t.deepEqual(pickAll([1_800, 1_900, 1_999, 2_000, 2_071]), [0, 1, 0, 1, 1], 'one more was not enough')
    t.is(pick(2_072, 2_072), 0)
    t.deepEqual(pickAll([5_000, 5_100, 5_199, 5_200]), [0, 1, 0, 1], 'two more, but long ago')
  })

  test('the last waiting message of a lane is not shed', (t) => {
    const desk = new Desk(core, { lanes: [lane('reject', { shedTargetNs: 5, shedIntervalNs: 10 })] })
    for (let now = 1_000; now < 2_000; now += 100) {
      const number = desk.submit({ queued: 0 })
      t.deepEqual(desk.turn({ wanted: 1, now }).leased, [number])
      desk.settle(number)
    }
  })

  test('urgent lanes are not shed', (t) => {
    const shedding = lane('reject', { shedTargetNs: 5, shedIntervalNs: 10 })
    const desk = new Desk(core, { lanes: [shedding, shedding], urgent: 1 })
    for (const own of [1, 0]) {
      let shed = 0
      for (let now = 1_000; now < 2_000; now += 20) {
        submitAll(desk, [
          { lane: own, queued: 0 },
          { lane: own, queued: 0 },
        ])
        const { leased, released } = desk.turn({ wanted: 1, now })
        for (const number of leased) desk.settle(number)
        shed += released.length
      }
      t.is(shed > 0, own === 0)
      desk.clear()
    }
  })
})
