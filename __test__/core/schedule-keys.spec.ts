import { forEachCore } from './cores.js'
import { Desk, keysOf, runAll, submitAll, submitMany } from './schedule.js'

forEachCore('schedule, keys', (test, core) => {
  test('a key that a returned message had is free, and the message still goes first', (t) => {
    const desk = new Desk(core)
    const [a, b] = submitAll(desk, [{ key: 1 }, { key: 1 }])
    t.deepEqual(desk.turn({ wanted: 2 }).leased, [a!])
    desk.settle(a!, 'returned')
    t.deepEqual(runAll(desk), [a!, b!])
  })

  test('messages of one key run one after the other, those of others meanwhile', (t) => {
    const desk = new Desk(core)
    const [a, b, c, d] = submitAll(desk, [{ key: 1 }, { key: 1 }, { key: 2 }, { key: 1 }])
    let answer = desk.turn()
    t.is(answer.runnable, 2, 'a mailbox counts once')
    answer = desk.turn({ wanted: 5 })
    t.deepEqual([answer.leased, answer.waiting, answer.runnable], [[a!, c!], [2, 0, 0], 0])
    desk.settle(c!)
    t.deepEqual(desk.turn({ wanted: 5 }).leased, [])
    desk.settle(a!, 'failed')
    t.deepEqual(desk.turn({ wanted: 5 }).leased, [b!])
    desk.settle(b!)
    t.deepEqual(desk.turn({ wanted: 5 }).leased, [d!])
  })

  test('keys are told apart by both halves of their hash', (t) => {
    const desk = new Desk(core, { envelopes: 1_000 })
    submitMany(
      desk,
      keysOf(200).map((key) => ({ key })),
    )
    t.is(desk.answer().runnable, keysOf(200).length)
  })

  test('where order is off, messages of one key run at the same time', (t) => {
    const desk = new Desk(core, { ordered: false })
    const numbers = submitAll(desk, [{ key: 1 }, { key: 1, lane: 1 }, { key: 1 }])
    t.is(desk.turn().runnable, 3)
    t.deepEqual(desk.turn({ wanted: 5 }).leased, [numbers[1]!, numbers[0]!, numbers[2]!])
  })

  test('an urgent message draws those before it in its key along to its lane', (t) => {
    const desk = new Desk(core)
    const [x, a, b, c, y] = submitAll(desk, [{ lane: 1 }, { key: 1 }, { key: 1 }, { key: 1, lane: 2 }, { lane: 2 }])
    t.deepEqual(runAll(desk), [a!, b!, c!, y!, x!])
  })

  test('a promoted mailbox takes the place of its most urgent message, not one before it', (t) => {
    const desk = new Desk(core)
    const [a, x, b, y] = submitAll(desk, [{ key: 1 }, { lane: 2 }, { key: 1, lane: 2 }, { lane: 2 }])
    t.deepEqual(runAll(desk), [x!, a!, b!, y!])
  })

  test('the first of several messages of the highest lane says where a mailbox runs', (t) => {
    const desk = new Desk(core)
    const [a, x, b, y, c] = submitAll(desk, [
      { key: 1 },
      { lane: 1 },
      { key: 1, lane: 1 },
      { lane: 1 },
      { key: 1, lane: 1 },
    ])
    t.deepEqual(runAll(desk), [x!, a!, b!, y!, c!])
  })

  test('a mailbox falls back once its urgent messages have run', (t) => {
    const desk = new Desk(core)
    const [a, b, x] = submitAll(desk, [{ key: 1, lane: 2 }, { key: 1 }, { lane: 1 }])
    t.deepEqual(runAll(desk), [a!, x!, b!])
  })

  test('an urgent message promotes a mailbox that cannot run yet', (t) => {
    const desk = new Desk(core)
    const a = desk.submit({ key: 1 })
    desk.turn({ wanted: 1 })
    const [b, x, c] = submitAll(desk, [{ key: 1 }, { lane: 1 }, { key: 1, lane: 2 }])
    t.is(desk.turn().runnable, 1)
    desk.settle(a)
    t.deepEqual(runAll(desk), [b!, c!, x!])
  })

  test('a message is counted in its own lane, and as runnable where it runs', (t) => {
    const desk = new Desk(core, { urgent: 2 })
    submitAll(desk, [{ key: 1 }, { key: 1 }, { key: 1, lane: 2 }, { lane: 1 }, { lane: 2 }, { key: 2 }])
    const { waiting, runnable, runnableUrgent } = desk.turn()
    t.deepEqual([waiting, runnable, runnableUrgent], [[3, 1, 2], 4, 2])
  })

  test('many keys come and go, and each stays in order', (t) => {
    const desk = new Desk(core, { envelopes: 1_000 })
    const order = new Map<number, number[]>()
    const keyOf = new Map<number, number>()
    const flying: number[] = []
    let faults = 0
    for (let nth = 0; nth < 30_000; nth += 1) {
      const key = (nth * nth) % 401
      const number = desk.submit({ key: [Math.imul(key, 0x9e3779b1), key + 1] })
      keyOf.set(number, key)
      order.set(key, [...(order.get(key) ?? []), number])
      if (nth % 40 !== 39) continue
      // About 300 wait or are in flight at a time.
      const ending = flying.splice(0, nth < 300 ? 0 : 40)
      for (const number of ending) {
        desk.settle(number)
        order.get(keyOf.get(number)!)!.shift()
      }
      const { leased } = desk.turn({ wanted: 60 })
      for (const number of leased) if (order.get(keyOf.get(number)!)![0] !== number) faults += 1
      flying.push(...leased)
    }
    t.is(faults, 0)
  })
})
